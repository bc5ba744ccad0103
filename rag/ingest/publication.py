"""The day of a page that gives none: a dateline's month and day, beside a year that the page states without doubt."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from rag.ingest.blocks import Block, BlockKind
from rag.text.numerals import read_han

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Sessions are counted from the first of each five-year term; the fourteenth term's first was held in 2023.
TERM, TERM_STARTS, TERM_YEARS = 14, 2023, 5

_DATELINE = re.compile(r"[社报网台讯電电].{0,8}?(\d{1,2})月(\d{1,2})日[电讯電訊]")
_SESSION = re.compile(
    r"([一二三四五六七八九十]{1,3})届(?:全国人大|全国政协)([一二三四五])次会议"
    r"|全国政协([一二三四五六七八九十]{1,3})届([一二三四五])次会议"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_STATING = frozenset({BlockKind.KICKER, BlockKind.HEADING})
# A dateline opens or closes a story; further inside, a day is somebody else's.
OPENING = 60


def page_year(blocks: Sequence[Block]) -> int | None:
    """Return the year that kickers, headings and counted sessions agree on; `None` where they differ or say nothing."""
    years = {int(year) for block in blocks if block.kind in _STATING for year in _YEAR.findall(block.text)}
    years |= {year for block in blocks for year in _session_years(block.text)}
    return years.pop() if len(years) == 1 else None


def dateline_day(blocks: Iterable[Block], *, year: int) -> date | None:
    """Return the latest day of the datelines and sign-offs among these blocks in that year; `None` without one."""
    days = [day for block in blocks if (day := _day(block, year)) is not None]
    return max(days, default=None)


def _day(block: Block, year: int) -> date | None:
    is_dateline = block.kind is BlockKind.SIGN_OFF or block.starts_wire_story
    found = _DATELINE.search(block.text[:OPENING]) if is_dateline else None
    if found is None:
        return None
    try:
        return date(year, int(found[1]), int(found[2]))
    except ValueError:
        return None


def _session_years(text: str) -> set[int]:
    years: set[int] = set()
    for found in _SESSION.finditer(text):
        term, session = read_han(found[1] or found[3]), read_han(found[2] or found[4])
        if term is not None and session is not None:
            years.add(TERM_STARTS + TERM_YEARS * (int(term) - TERM) + int(session) - 1)
    return years
