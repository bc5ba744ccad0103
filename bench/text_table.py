"""Writes the table of what is recognised into `docs/text.md` from the cases of the tests: `python bench/text_table.py`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.text.codes import Code
from rag.text.dates import DateMention
from rag.text.figures import Figure
from rag.text.marks import Mark, read_marks

if TYPE_CHECKING:
    from decimal import Decimal

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "text" / "labels" / "recognised.jsonl"
PAGE = ROOT / "docs" / "text.md"
START, END = "<!-- recognised: start -->\n", "<!-- recognised: end -->\n"
REFERENCE = date(2025, 11, 11)


def main() -> None:
    """Replace the table between the two markers of the page."""
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + START + table() + END + after, "utf-8")


def table() -> str:
    """Return the table, one row a case."""
    head = "| | in a text | marked | read as |\n|---|---|---|---|\n"
    return head + "".join(
        f"| {row['group']} | {row['text']} | `{row['written']}` | {row['reading']} |\n" for row in cases()
    )


def cases() -> list[dict[str, str]]:
    """Return the cases in file order."""
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


def read(text: str) -> list[tuple[str, str]]:
    """Return what is marked in a text, and how each mark reads."""
    return [(text[mark.span.start : mark.span.end], reading(mark)) for mark in read_marks(text, reference=REFERENCE)]


def reading(mark: Mark) -> str:
    """Return a mark in words: kind, qualifier, value and unit; or precision, bound, days and time."""
    if isinstance(mark, Figure):
        ends = _number(mark.low) if mark.upper is None else f"{_number(mark.low)} to {_number(mark.high)}"
        return f"{mark.kind} {mark.qualifier} {ends} {mark.unit}".rstrip()
    if isinstance(mark, DateMention):
        return " ".join(filter(None, (_days(mark), _time(mark))))
    return mark.kind if isinstance(mark, Code) else "list mark"


def _number(value: Decimal) -> str:
    return f"{round(value, 6).normalize():f}"


def _days(mention: DateMention) -> str:
    period = mention.period
    if period is None:
        return mention.bound
    days = f"{period.first}" if period.first == period.last else f"{period.first} to {period.last}"
    return f"{period.precision} {mention.bound} {days}"


def _time(mention: DateMention) -> str:
    if mention.minutes is None:
        return ""
    first, last = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in mention.minutes)
    return first if first == last else f"{first}-{last}"


if __name__ == "__main__":
    main()
