"""May the new run replace the old one? The rules, the reasons, and what in the system each reason points at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.aggregate import headline
from eval.compare import GATING
from eval.significance import ALPHA, sign_test, signs
from rag.errors import TooLittleDataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.compare import Change, Comparison
    from eval.records import Item

    Floors = Mapping[str, Mapping[str, float]]

FEWEST_PAIRS = 20
TOLERATED_DROP = 0.02
FAR, ANY = "more than 2 points", "any drop fails"
# Of these a drop of any size fails: a citation resolves or it does not, an answer repeats or it does not.
EXACT = ("citation_validity", "determinism")
GUARDED = ("figure_grounding", "citation_precision")
RATES = ("refusal_recall",)
ARMS = (("zh", "lexical"), ("en", "dense"))
POINTS_AT = {
    "answer_accuracy": "answers",
    "key_point_recall": "content",
    "span_recall@5": "retrieval",
    "citation_recall": "support",
    "citation_precision": "spare",
    "citation_validity": "offsets",
    "figure_grounding": "figures",
    "refusal_recall": "refusal",
    "determinism": "repeat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason to fail: the metric, the slice it fell in (empty for the whole set) and a code for what it points at."""

    metric: str
    where: str
    old: float | None
    new: float | None
    rule: str
    points_at: str

    def __str__(self) -> str:
        before = "" if self.old is None else f" from {self.old:.3f}"
        place = f" in {self.where}" if self.where else ""
        after = "n/a" if self.new is None else f"{self.new:.3f}"
        return f"{self.points_at}: `{self.metric}`{place} fell{before} to {after} ({self.rule})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the run passes, and every reason why not."""

    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule was broken."""
        return not self.findings


def judge_change(
    comparison: Comparison, *, floors: Floors, determinism: tuple[float | None, float | None] = (None, None)
) -> Verdict:
    """Apply every rule to a comparison. `determinism` is the old and the new run's.

    Raises `TooLittleDataError` below 20 paired questions.
    """
    if len(comparison.pairs) < FEWEST_PAIRS:
        raise TooLittleDataError(
            f"only {len(comparison.pairs)} questions can be compared (at least {FEWEST_PAIRS} are needed); "
            "run both on the same question set"
        )
    found = [
        *(finding for row in comparison.changes if (finding := _fell(row, comparison)) is not None),
        *_rates(comparison),
        *_retrieval(comparison),
        *_repeats(determinism),
        *below_floors([pair.new for pair in comparison.pairs], floors=floors),
    ]
    return Verdict(findings=tuple(found))


def below_floors(items: Sequence[Item], *, floors: Floors) -> list[Finding]:
    """Return each slice (`lang=en`, `type=fact`, `all`) whose metric lies below its floor."""
    found = []
    for where, limits in floors.items():
        numbers = headline([item for item in items if _in_slice(item, where)])
        for metric, limit in limits.items():
            value = numbers.get(metric)
            if value is not None and value < limit:
                found.append(_finding(metric, None, value, f"floor {limit:.3f}", where=where, points_at="floor"))
    return found


def _fell(row: Change, comparison: Comparison) -> Finding | None:
    if row.metric in EXACT and row.difference < 0:
        return _finding(row.metric, row.old, row.new, ANY)
    if row.metric in (*GATING, *GUARDED) and row.difference < 0 and row.p < ALPHA:
        test = "sign test" if comparison.deterministic else "cluster bootstrap"
        return _finding(row.metric, row.old, row.new, f"{test} p = {row.p:.4f}")
    if comparison.deterministic and row.metric in GATING and row.difference < -TOLERATED_DROP:
        return _finding(row.metric, row.old, row.new, FAR)
    return None


def _rates(comparison: Comparison) -> list[Finding]:
    """Compare refusals, which are numbers of a whole run."""
    before = headline([pair.old for pair in comparison.pairs])
    after = headline([pair.new for pair in comparison.pairs])
    return [
        _finding(name, old, new, FAR)
        for name in RATES
        if comparison.deterministic
        and (old := before[name]) is not None
        and (new := after[name]) is not None
        and new < old - TOLERATED_DROP
    ]


def _retrieval(comparison: Comparison) -> list[Finding]:
    """Say which arm a loss of pages points at: the lexical one for Chinese questions, the dense one for English."""
    if not comparison.deterministic:
        return []
    return [finding for lang, arm in ARMS for finding in _of_arm(comparison, lang, arm)]


def _of_arm(comparison: Comparison, lang: str, arm: str) -> list[Finding]:
    """Return a finding where pages are lost by more than 2 points, and one where they are significantly further down."""
    found = []
    for metric in ("recall@10", "mrr@10"):
        rows = [
            (before, after)
            for pair in comparison.pairs
            if pair.new.row.lang == lang
            and (before := pair.old.metrics.get(metric)) is not None
            and (after := pair.new.metrics.get(metric)) is not None
        ]
        if not rows:
            continue
        old, new = (sum(side) / len(rows) for side in zip(*rows, strict=True))
        p = sign_test(signs([after - before for before, after in rows]))
        lost = metric == "recall@10" and new < old - TOLERATED_DROP
        if lost or (new < old and p < ALPHA):
            rule = FAR if lost else f"sign test p = {p:.4f}"
            found.append(_finding(metric, old, new, rule, where=f"lang={lang}", points_at=arm))
    return found


def _repeats(determinism: tuple[float | None, float | None]) -> list[Finding]:
    old, new = determinism
    if old is None or new is None or new >= old:
        return []
    return [_finding("determinism", old, new, ANY)]


def _finding(
    metric: str, old: float | None, new: float | None, rule: str, *, where: str = "", points_at: str | None = None
) -> Finding:
    code = POINTS_AT[metric] if points_at is None else points_at
    return Finding(metric=metric, where=where, old=old, new=new, rule=rule, points_at=code)


def _in_slice(item: Item, where: str) -> bool:
    name, _, wanted = where.partition("=")
    values = {"type": item.row.type, "lang": item.row.lang, "split": item.row.split}
    return where == "all" or values.get(name) == wanted
