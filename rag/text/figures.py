"""The value of a written figure, and when one figure covers another; reads no text itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rag.text.units import FigureKind
    from rag.types import Span

Qualifier = Literal["exact", "about", "near", "over", "under", "at_least", "at_most"]
Coverage = Literal["same", "within", "qualifier", "different"]

# How far "about" and "nearly" reach, as a share of the value.
ABOUT = Decimal("0.05")
NEARLY = Decimal("0.1")
_LOOSE = frozenset({"number", "count"})
SIDES = {
    "over": "up",
    "at_least": "up",
    "near": "down",
    "under": "down",
    "at_most": "down",
    "about": "both",
    "exact": "",
}
_ANY_COUNT = frozenset({"", "个"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as it is written, with what is said of it.

    `amount * scale` counts canonical `unit`s: 1.5亿千瓦时 has amount 1.5, scale 10**8, unit 千瓦时. `upper` is the other end
    of a range on the same scale. `span` holds number, scale and unit, not the words that qualify it.
    """

    span: Span
    kind: FigureKind
    amount: Decimal
    scale: Decimal = Decimal(1)
    unit: str = ""
    qualifier: Qualifier = "exact"
    upper: Decimal | None = None

    @property
    def low(self) -> Decimal:
        """The value, or the lower end of the range, in units."""
        return self.amount * self.scale

    @property
    def high(self) -> Decimal:
        """The value, or the upper end of the range, in units."""
        return (self.amount if self.upper is None else self.upper) * self.scale

    @property
    def step(self) -> Decimal:
        """What one in the last written place is worth, in units: 10**10 for 4.07万亿."""
        return _place(self.amount) * abs(self.scale)

    @property
    def round_step(self) -> Decimal:
        """What one in the last place that is not zero is worth, in units: 10**10 for 300亿."""
        return _place(self.amount.normalize()) * abs(self.scale)


def covers(claim: Figure, source: Figure) -> bool:
    """Tell whether a claim's figure says what the source's figure says, within the precision that the claim writes."""
    return compare(claim, source) in ("same", "within")


def compare(claim: Figure, source: Figure) -> Coverage:
    """Return how a claim's figure relates to the source's.

    `same`: equal value and qualifier. `within`: the source's value lies where the claim's rounding or qualifier says:
    4.07万亿 for 40721.17亿, 近300亿 for 298亿. `qualifier`: equal value, and the claim drops or changes what the source says
    of it (约, 超). `different`: anything else, a claim more precise than its source included.
    """
    if not _comparable(claim, source):
        return "different"
    if claim.low == source.low and claim.high == source.high:
        return "same" if SIDES[claim.qualifier] == SIDES[source.qualifier] else "qualifier"
    if (claim.upper is None) != (source.upper is None) or claim.kind == "ordinal":
        return "different"
    ends = ((claim.low, source.low), (claim.high, source.high))
    if all(_reaches(claim, value, found) for value, found in ends):
        return "within"
    return "different"


def _comparable(claim: Figure, source: Figure) -> bool:
    if claim.kind in _LOOSE and source.kind in _LOOSE:
        return claim.unit == source.unit or bool({claim.unit, source.unit} & _ANY_COUNT)
    return claim.kind == source.kind and claim.unit == source.unit


def _reaches(claim: Figure, value: Decimal, found: Decimal) -> bool:
    """Tell whether `found` lies in what the claim says around `value`."""
    qualifier = claim.qualifier
    if qualifier in ("over", "at_least"):
        return value <= found < value + claim.round_step
    if qualifier in ("near", "under", "at_most"):
        return value - NEARLY * abs(value) <= found <= value
    slack = claim.step / 2
    if qualifier == "about":
        slack = max(slack, ABOUT * abs(value))
    return abs(found - value) <= slack


def _place(amount: Decimal) -> Decimal:
    exponent = amount.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
