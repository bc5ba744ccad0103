"""How many lies a checker catches and how many truths it marks: counts by kind, and the cases that it got wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.lies.lies import KINDS, lies
from eval.lies.truths import other_forms, truths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from eval.lies.claim import Lie, TrueClaim
    from rag.types import Passage

    # What a checker makes of a claim and the passages that it cites: its problems, none where it is supported.
    Check = Callable[[str, Sequence[Passage]], Sequence[str]]

# How many sentences are claimed for a question.
CLAIMS = 6
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LieSet:
    """True claims and lies about them."""

    claims: tuple[TrueClaim, ...]
    lies: tuple[Lie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Cases and rightly judged ones, by kind of lie and by form of truth. `missed` and `marked` are the wrong ones."""

    lies: Mapping[str, int]
    caught: Mapping[str, int]
    truths: Mapping[str, int]
    passed: Mapping[str, int]
    missed: tuple[Lie, ...]
    marked: tuple[tuple[TrueClaim, tuple[str, ...]], ...]

    @property
    def caught_share(self) -> float:
        """The share of all lies that was caught."""
        return sum(self.caught.values()) / max(1, sum(self.lies.values()))

    @property
    def marked_share(self) -> float:
        """The share of all true claims that was marked."""
        return 1 - sum(self.passed.values()) / max(1, sum(self.truths.values()))

    def kind_share(self, kind: str) -> float | None:
        """Return the share of one kind that was caught, `None` where there was no lie of it."""
        return self.caught.get(kind, 0) / self.lies[kind] if self.lies.get(kind) else None


def lie_set(questions: Iterable[tuple[str, str, Sequence[Passage]]], *, most: int = MOST) -> LieSet:
    """Return the set over (key, question, passages), with at most so many lies of a kind, evenly from all questions.

    A sentence is claimed once, for the first question that it is near to.
    """
    claims: list[TrueClaim] = []
    told: list[Lie] = []
    taken: set[str] = set()
    for key, question, passages in questions:
        found = [row for row in truths(question, passages, key=key) if row.text not in taken][:CLAIMS]
        taken |= {row.text for row in found}
        claims += [form for row in found for form in (row, *other_forms(row))]
        told += [lie for row in found for lie in lies(row)]
    return LieSet(claims=tuple(claims), lies=tuple(lie for kind in KINDS for lie in _evenly(told, kind, most)))


def _evenly(told: Sequence[Lie], kind: str, most: int) -> Iterator[Lie]:
    rows = [row for row in told if row.kind == kind]
    wanted = min(most, len(rows))
    yield from (rows[at * len(rows) // wanted] for at in range(wanted))


def measure(rows: LieSet, *, check: Check) -> Measured:
    """Return how the checker judges the set."""
    missed = tuple(row for row in rows.lies if not check(row.text, [row.passages[row.cited]]))
    judged = [(row, tuple(check(row.text, [row.passage]))) for row in rows.claims]
    marked = tuple((row, problems) for row, problems in judged if problems)
    total, wrong = Counter(row.kind for row in rows.lies), Counter(row.kind for row in missed)
    forms, bad = Counter(row.form for row in rows.claims), Counter(row.form for row, _ in marked)
    return Measured(
        lies={kind: total[kind] for kind in KINDS},
        caught={kind: total[kind] - wrong[kind] for kind in KINDS},
        truths=dict(sorted(forms.items())),
        passed={form: forms[form] - bad[form] for form in sorted(forms)},
        missed=missed,
        marked=marked,
    )
