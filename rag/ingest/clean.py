"""Raw page text to clean paragraphs: white space, invisible characters and furniture go, every word stays."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from rag.ingest.blocks import Block, BlockKind
from rag.ingest.furniture import without_furniture

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[^\S\n]+")
# Two short paragraphs may begin alike; a long one that the next begins with was pasted twice.
SHORTEST_REPEAT = 40
_BROKEN_TITLE = re.compile(r"(?<=\d[个家项条座台位名种类批届处艘架]) (?=[一-鿿])|(?<=[的和与及或为]) (?=[一-鿿])")
# A space that a line break or a layout program left between two Han characters or beside full-width marks.
_HAN_EDGE = re.compile(r"[㐀-鿿，。；：！？、”“）（》《]$")
_HAN_START = re.compile(r"^[㐀-鿿，。；：！？、”“）（》《\d]")


def clean_paragraphs(text: str, *, furniture: Collection[str]) -> tuple[str, ...]:
    """Return the non-empty paragraphs in order, one a line of `text`, without lines that are furniture.

    `furniture` are lines of the source's own; others are told by their form. A paragraph that the next one repeats
    before it goes on is left out.
    """
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (_BLANKS.sub(" ", line).strip() for line in visible.split("\n"))
    kept = without_furniture([line for line in lines if line and line not in furniture])
    return tuple(line for line, below in zip_longest(kept, kept[1:]) if not _is_repeated(line, below))


def without_space_inside(title: str) -> str:
    """Return a title without the space at which a layout broke it inside a phrase: after a count or a linking word."""
    return _BROKEN_TITLE.sub("", title)


def join_broken(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the blocks' texts with paragraphs that a column cut in two joined again."""
    joined: list[str] = []
    broken = False
    for block in blocks:
        if broken and block.kind is BlockKind.TEXT:
            joined[-1] = _glue(joined[-1], block.text)
        else:
            joined.append(block.text)
        broken = block.is_broken
    return tuple(joined)


def _is_repeated(line: str, below: str | None) -> bool:
    return below is not None and len(line) >= SHORTEST_REPEAT and below.startswith(line)


def _glue(head: str, tail: str) -> str:
    between = "" if _HAN_EDGE.search(head) or _HAN_START.match(tail) else " "
    return f"{head}{between}{tail}"
