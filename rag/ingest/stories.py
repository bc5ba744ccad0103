"""Where the stories of a page begin and end, by typography: headings, bylines, datelines, sign-offs, rules.

A page with none of these is one story, whatever sub-heads it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.ingest.blocks import CAPTIONS, Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Sequence

STORY_HEADING_LEVEL = 2
# How far below its byline a headline may stand when the layout put it there.
LOOK_AHEAD = 12
_HEADER_KINDS = frozenset({BlockKind.DECK, BlockKind.DATE, BlockKind.CREDIT_CAPTION, BlockKind.KICKER})
_CLOSERS = frozenset({BlockKind.SIGN_OFF, BlockKind.RULE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A title, `None` where none was found, and the blocks below it."""

    title: str | None
    blocks: tuple[Block, ...]


def stories_of(blocks: Sequence[Block]) -> tuple[Story, ...]:
    """Return the stories in page order; at least one, even of an empty page."""
    headings = _story_headings(blocks)
    starts = [_with_kickers(blocks, at) for at in headings] if len(headings) > 1 else _starts(blocks)
    if not any(block.is_prose for block in blocks[: starts[0]]):
        starts = [0, *starts[1:]]
    starts = sorted({0, *starts})
    ends = [*starts[1:], len(blocks)]
    return tuple(_story(blocks[start:end]) for start, end in zip(starts, ends, strict=True))


def _story_headings(blocks: Sequence[Block]) -> list[int]:
    """Return where headings begin stories; one whose text has no mark of a story of its own is a sub-head."""
    headings = [
        at for at, block in enumerate(blocks) if block.kind is BlockKind.HEADING and block.level <= STORY_HEADING_LEVEL
    ]
    ends = (*headings[1:], len(blocks))
    stories: list[int] = []
    for start, end in zip(headings, ends, strict=False):
        if (
            not stories
            or (_has_mark(blocks[stories[-1] : start]) and _has_mark(blocks[start:end]))
            or _closed_before(blocks, start)
        ):
            stories.append(start)
    return stories


def _has_mark(blocks: Sequence[Block]) -> bool:
    return any(block.kind in (BlockKind.BYLINE, BlockKind.SIGN_OFF) or block.starts_wire_story for block in blocks)


def _closed_before(blocks: Sequence[Block], start: int) -> bool:
    above = [block.kind for block in blocks[:start] if block.kind not in (BlockKind.KICKER, *CAPTIONS)]
    return bool(above) and above[-1] in _CLOSERS


def _with_kickers(blocks: Sequence[Block], start: int) -> int:
    while start > 0 and blocks[start - 1].kind is BlockKind.KICKER:
        start -= 1
    return start


def _starts(blocks: Sequence[Block]) -> list[int]:
    """Return where the headers of stories begin on a page without story headings; the first is where text begins."""
    starts = [0]
    for at in range(1, len(blocks)):
        start = _start_seen_from(blocks, at)
        if start is not None and any(row.is_prose for row in blocks[starts[-1] : start]):
            starts.append(start)
    return starts


def _start_seen_from(blocks: Sequence[Block], at: int) -> int | None:
    """Return where the story begins that the block opens; `None` for a block that opens none."""
    if blocks[at].kind is BlockKind.BYLINE:
        return _header_start(blocks, at)
    if blocks[at].starts_wire_story:
        start = _header_start(blocks, at)
        return start if start < at else None
    return at if _opens_after_closer(blocks, at) else None


def _header_start(blocks: Sequence[Block], opener: int) -> int:
    start = opener
    while start > 0 and (blocks[start - 1].is_title or blocks[start - 1].kind in _HEADER_KINDS):
        start -= 1
    while start < opener and blocks[start].kind is BlockKind.CREDIT_CAPTION:
        start += 1
    return start


def _opens_after_closer(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a title stands here, below a sign-off or rule and above running text."""
    if at == 0 or blocks[at - 1].kind not in _CLOSERS or not (blocks[at].is_title or blocks[at].kind in _HEADER_KINDS):
        return False
    end = at
    while end < len(blocks) and (blocks[end].is_title or blocks[end].kind in _HEADER_KINDS):
        end += 1
    has_title = any(block.is_title for block in blocks[at:end])
    return has_title and end < len(blocks) and (blocks[end].is_prose or blocks[end].kind is BlockKind.BYLINE)


def _story(blocks: Sequence[Block]) -> Story:
    title = _title(blocks)
    rest = [block for at, block in enumerate(blocks) if at != title and block.kind is not BlockKind.RULE]
    return Story(title=None if title is None else blocks[title].text, blocks=_in_reading_order(rest))


def _title(blocks: Sequence[Block]) -> int | None:
    end = 0
    while end < len(blocks) and (blocks[end].is_title or blocks[end].kind in _HEADER_KINDS):
        end += 1
    if end < len(blocks) and blocks[end].kind is BlockKind.HEADING:
        return end
    titles = [at for at in range(end) if blocks[at].is_title]
    if not titles:
        return _headline_below(blocks, end) if end < len(blocks) and blocks[end].kind is BlockKind.BYLINE else None
    decks = [at for at in range(end) if blocks[at].kind is BlockKind.DECK and at > titles[0]]
    if decks:
        return max(at for at in titles if at < decks[0])
    has_opener = end < len(blocks) and (blocks[end].kind is BlockKind.BYLINE or blocks[end].starts_wire_story)
    return max(titles, key=lambda at: len(blocks[at].text)) if has_opener else titles[0]


def _headline_below(blocks: Sequence[Block], byline: int) -> int | None:
    window = range(byline + 2, min(byline + LOOK_AHEAD, len(blocks)))
    return next((at for at in window if blocks[at].is_short and blocks[at - 1].kind is BlockKind.DECK), None)


def _in_reading_order(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Move captions below the text and a deck that the layout dropped into it above, so that cut sentences meet."""
    decks = [block for block in blocks if block.kind is BlockKind.DECK]
    below = [block for block in blocks if block.kind in CAPTIONS]
    text = [block for block in blocks if block.kind is not BlockKind.DECK and block.kind not in CAPTIONS]
    return (*decks, *text, *below)
