"""Measures the exact parse of figures and dates on the labelled sentences: `python bench/text_accuracy.py [--half developed] [--misses]`.

A figure counts as right where span, kind, both ends, unit and qualifier are right; a date where span, first and last day,
precision, bound and time are. A mark that is not in the labels counts against the share as well. The half held out is
decided by a hash of the sentence; look at `--misses` of the developed half only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from rag.text.marks import read_dates, read_figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.text.dates import DateMention
    from rag.text.figures import Figure

LABELS = Path(__file__).resolve().parent.parent / "tests" / "text" / "labels"
REFERENCE = date(2025, 11, 11)
HALVES = ("developed", "held_out")

Row = dict[str, object]
Parse = frozenset[tuple[object, ...]]


def main() -> None:
    """Print the share of exact parses by kind of mark and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="held_out")
    parser.add_argument(
        "--batch", type=int, help="only the sentences of this batch: 1, or 2, written after 1 was looked at"
    )
    parser.add_argument("--misses", action="store_true", help="print each sentence that is not parsed as labelled")
    chosen = parser.parse_args()
    for name in ("figures", "dates"):
        right: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for row in rows(name, half=chosen.half):
            if chosen.batch not in (None, row["batch"]):
                continue
            want, got = labelled(name, row), parsed(name, str(row["text"]))
            lang = str(row["lang"])
            right[lang] += len(want & got)
            total[lang] += len(want | got) if len(got) > len(want) else len(want)
            if chosen.misses and want != got:
                print(
                    row["text"],
                    *(f"\n   want {item}" for item in want - got),
                    *(f"\n   got  {item}" for item in got - want),
                )
        for lang in sorted(total):
            print(f"{name} {chosen.half} {lang}: {right[lang]} of {total[lang]} = {right[lang] / total[lang]:.4f}")


def rows(name: str, *, half: str) -> Iterator[Row]:
    """Yield the labelled sentences of one half."""
    for line in (LABELS / f"{name}.jsonl").read_text("utf-8").splitlines():
        row: Row = json.loads(line)
        digest = hashlib.sha256(str(row["text"]).encode()).digest()
        if HALVES[digest[0] % 2] == half:
            yield row


def labelled(name: str, row: Row) -> Parse:
    """Return what the labels say of a sentence."""
    labels = row["labels"]
    assert isinstance(labels, list)
    return frozenset(_figure_label(label) if name == "figures" else _date_label(label) for label in labels)


def parsed(name: str, text: str) -> Parse:
    """Return what the parser says of a sentence."""
    if name == "figures":
        return frozenset(map(_figure, read_figures(text)))
    return frozenset(map(_date, read_dates(text, reference=REFERENCE)))


def _figure_label(label: dict[str, str]) -> tuple[object, ...]:
    ends = (_value(Decimal(label["low"])), _value(Decimal(label["high"])))
    return (label["start"], label["end"], label["kind"], *ends, label["unit"], label["qualifier"])


def _figure(figure: Figure) -> tuple[object, ...]:
    ends = (_value(figure.low), _value(figure.high))
    return (figure.span.start, figure.span.end, figure.kind, *ends, figure.unit, figure.qualifier)


def _value(amount: Decimal) -> str:
    """Return a value to fifteen digits, so that a third is a third."""
    return f"{amount:.15E}"


def _date_label(label: dict[str, object]) -> tuple[object, ...]:
    minutes = label["minutes"]
    times = tuple(minutes) if isinstance(minutes, list) else None
    return (label["start"], label["end"], label["first"], label["last"], label["precision"], label["bound"], times)


def _date(found: DateMention) -> tuple[object, ...]:
    period = found.period
    days = (None, None, None) if period is None else (str(period.first), str(period.last), period.precision)
    return (found.span.start, found.span.end, *days, found.bound, found.minutes)


if __name__ == "__main__":
    main()
