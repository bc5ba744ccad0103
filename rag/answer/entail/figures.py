"""Whether each figure of a claim stands in what it cites: same value, unit and qualifier, of the same period, moving the same way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.text.direction import opposed, same_basis
from rag.text.figures import SIDES, compare
from rag.text.periods import relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.entail.reading import Reading, Source
    from rag.text.figures import Figure
    from rag.text.periods import Period

ABSENT = "figure_not_in_source"
QUALIFIER = "qualifier_differs"
PERIOD = "period_differs"
# Digits from which on a number says what it is by itself.
LONG = 5
DIRECTION = "direction_differs"

_SIDES = {
    **dict.fromkeys(("超过", "超", "逾", "至少", "不少于", "不低于"), "up"),
    **dict.fromkeys(("近", "不到", "不足", "不超过", "至多"), "down"),
    **dict.fromkeys(("约", "大约"), "both"),
}
_LEAD = re.compile(f"(?:{'|'.join(_SIDES)})$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    figure: Figure
    source: Source
    problem: str | None


def figure_problems(claim: Reading, sources: Sequence[Source]) -> Iterator[str]:
    """Yield what is wrong with each figure of the claim that no figure of the sources bears out."""
    for figure in claim.figures:
        matches = [
            _Match(figure=found, source=source, problem=_problem(claim, figure, source.reading, found))
            for source in sources
            for found in source.reading.figures
            if compare(figure, found) != "different"
        ]
        if not matches and not _counts_itself(claim, figure) and not _is_written(claim, figure, sources):
            yield f"{ABSENT}: {claim.quoted(figure.span)}"
        elif matches and all(row.problem is not None for row in matches):
            nearest = max(matches, key=lambda row: len(row.source.reading.tokens & claim.tokens))
            yield f"{nearest.problem}: {claim.quoted(figure.span)}"


def _counts_itself(claim: Reading, figure: Figure) -> bool:
    """Tell whether a claim counts what it lists: 四位：甲、乙、丙、丁."""
    return figure.kind == "count" and any(figure.low == claim.text.count(mark) + 1 > 1 for mark in "、；;")


def _is_written(claim: Reading, figure: Figure, sources: Sequence[Source]) -> bool:
    """Tell whether a long number stands in a source as something else than a figure, such as a telephone number."""
    digits = claim.quoted(figure.span)
    return len(digits) >= LONG and digits.isdigit() and any(digits in row.reading.text for row in sources)


def _problem(claim: Reading, figure: Figure, source: Reading, found: Figure) -> str | None:
    if compare(figure, found) == "qualifier" or _is_sharper(figure, found) or _is_requalified(claim, figure, found):
        return QUALIFIER
    if _periods_differ(_governing(claim, figure), _governing(source, found)):
        return PERIOD
    one, other = claim.stance_at(figure.span.start), source.stance_at(found.span.start)
    if one is not None and other is not None and one.directions and other.directions:
        return DIRECTION if opposed(one, other) or not same_basis(one, other) else None
    return None


def _is_sharper(figure: Figure, found: Figure) -> bool:
    """Tell whether both are rough and the claim names another value: 近1004 says more than 近1000."""
    return "exact" not in (figure.qualifier, found.qualifier) and figure.low != found.low


def _is_requalified(claim: Reading, figure: Figure, found: Figure) -> bool:
    """Tell whether the claim puts a second word before a figure that is qualified already: 约 before 20多年, 不到 before 90%以上."""
    word = _LEAD.search(claim.text, 0, figure.span.start)
    side = "" if word is None else _SIDES[word[0]]
    return side not in ("", SIDES[figure.qualifier], SIDES[found.qualifier])


def _governing(reading: Reading, figure: Figure) -> Period | None:
    """Return the period that a figure is of: the last one named before it in its sentence."""
    before = [row.period for row in reading.dates if row.period is not None and row.span.end <= figure.span.start]
    return before[-1] if before else None


def _periods_differ(claimed: Period | None, found: Period | None) -> bool:
    """Tell whether two periods named alike are apart; a day and a quarter may both be said of one figure."""
    if claimed is None or found is None or claimed.precision != found.precision or claimed.precision == "vague":
        return False
    return relation(claimed, found) in ("before", "after", "inside")
