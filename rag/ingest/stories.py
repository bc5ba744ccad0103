"""Where the stories of a newspaper page begin and end, by typography: headings, bylines, sign-offs, captions, decks.

A page with neither byline, sign-off nor dateline is one story, whatever headings it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.ingest.blocks import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

STORY_HEADING_LEVEL = 2
# How far below its byline a headline may stand when the layout put it there.
LOOK_AHEAD = 12
_HEADER_KINDS = frozenset({BlockKind.DECK, BlockKind.DATE, BlockKind.CREDIT_CAPTION, BlockKind.KICKER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A title, `None` where none was found, and the blocks below it."""

    title: str | None
    blocks: tuple[Block, ...]


def stories_of(blocks: Sequence[Block]) -> tuple[Story, ...]:
    """Return the stories in page order; at least one, even of an empty page."""
    if _is_newspaper(blocks):
        headings = [
            at
            for at, block in enumerate(blocks)
            if block.kind is BlockKind.HEADING and block.level <= STORY_HEADING_LEVEL
        ]
        if len(headings) > 1:
            return _by_headings(blocks, headings)
        bylines = [at for at, block in enumerate(blocks) if block.kind is BlockKind.BYLINE]
        if len(bylines) > 1:
            return _by_bylines(blocks, bylines)
    return (_single(blocks),)


def _is_newspaper(blocks: Sequence[Block]) -> bool:
    marks = (BlockKind.BYLINE, BlockKind.SIGN_OFF)
    return any(block.kind in marks or block.starts_wire_story for block in blocks)


def _by_headings(blocks: Sequence[Block], starts: Sequence[int]) -> tuple[Story, ...]:
    ends = [*starts[1:], len(blocks)]
    return tuple(
        Story(title=blocks[start].text, blocks=_in_reading_order(blocks[start + 1 : end]))
        for start, end in zip(starts, ends, strict=True)
    )


def _by_bylines(blocks: Sequence[Block], bylines: Sequence[int]) -> tuple[Story, ...]:
    starts = [_header_start(blocks, byline) for byline in bylines]
    starts[0] = 0
    ends = [*starts[1:], len(blocks)]
    return tuple(
        _story(blocks[start:end], byline - start) for start, byline, end in zip(starts, bylines, ends, strict=True)
    )


def _header_start(blocks: Sequence[Block], byline: int) -> int:
    start = byline
    while start > 0 and (blocks[start - 1].is_short or blocks[start - 1].kind in _HEADER_KINDS):
        start -= 1
    return start


def _story(blocks: Sequence[Block], byline: int) -> Story:
    header = [at for at in range(byline) if blocks[at].is_short]
    titles = header or _headline_below(blocks, byline)
    if not titles:
        return Story(title=None, blocks=_in_reading_order(blocks))
    title = max(titles, key=lambda at: len(blocks[at].text))
    rest = [block for at, block in enumerate(blocks) if at != title]
    return Story(title=blocks[title].text, blocks=_in_reading_order(rest))


def _headline_below(blocks: Sequence[Block], byline: int) -> list[int]:
    window = range(byline + 2, min(byline + LOOK_AHEAD, len(blocks)))
    return [at for at in window if blocks[at].is_short and blocks[at - 1].kind is BlockKind.DECK][:1]


def _single(blocks: Sequence[Block]) -> Story:
    for at, block in enumerate(blocks[:2]):
        if block.kind is BlockKind.HEADING or block.is_title:
            return Story(title=block.text, blocks=_in_reading_order([*blocks[:at], *blocks[at + 1 :]]))
        if block.kind is not BlockKind.KICKER:
            break
    return Story(title=None, blocks=_in_reading_order(blocks))


def _in_reading_order(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Move captions below the text and a deck that the layout dropped into it above, so that cut sentences meet."""
    captions = (BlockKind.ARROW_CAPTION, BlockKind.CREDIT_CAPTION)
    decks = [block for block in blocks if block.kind is BlockKind.DECK]
    below = [block for block in blocks if block.kind in captions]
    text = [block for block in blocks if block.kind is not BlockKind.DECK and block.kind not in captions]
    return (*decks, *text, *below)
