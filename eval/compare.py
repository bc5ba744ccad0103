"""Two runs question by question: what changed, which questions flipped, and how sure that is. It judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eval.manifest import FINGERPRINTED
from eval.run import DETERMINISTIC, SEED
from eval.significance import Signs, bootstrap_test, detectable, holm, sign_test, signs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.records import Item, Run
    from rag.contract import Json

# The four that decide where answers vary from run to run; Holm's correction is over these.
GATING = ("answer_accuracy", "key_point_recall", "span_recall@5", "citation_recall")
FLIP = "answer_accuracy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One question in both runs."""

    old: Item
    new: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric over the questions that have it in both runs. `p` is one-sided, for a drop, after Holm where it gates.

    `detectable` is the smallest true drop that the set finds four times in five; `None` where nothing varies.
    """

    metric: str
    n: int
    old: float
    new: float
    signs: Signs
    p: float
    detectable: float | None

    @property
    def difference(self) -> float:
        """New minus old."""
        return self.new - self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two runs differ in. `unpaired` counts questions that one side lacks, asked otherwise, or failed on."""

    pairs: tuple[Pair, ...]
    unpaired: int
    deterministic: bool
    changes: tuple[Change, ...]
    conditions: Mapping[str, tuple[Json, Json]]

    @property
    def broken(self) -> tuple[Pair, ...]:
        """The questions that were right and are wrong now."""
        return tuple(pair for pair in self.pairs if _flip(pair) < 0)

    @property
    def mended(self) -> tuple[Pair, ...]:
        """The questions that were wrong and are right now."""
        return tuple(pair for pair in self.pairs if _flip(pair) > 0)


def compare_runs(old: Run, new: Run, *, seed: int = SEED) -> Comparison:
    """Pair two runs by question and test every metric.

    Deterministic pipelines get the exact sign test; as soon as a language model wrote one side, the paired bootstrap
    over article clusters, with Holm's correction over the gating metrics.
    """
    before = {item.id: item for item in old.items if not item.failed}
    after = [item for item in new.items if not item.failed]
    pairs = tuple(
        Pair(old=before[item.id], new=item)
        for item in after
        if item.id in before and before[item.id].question == item.question
    )
    deterministic = old.manifest.get("llm") == new.manifest.get("llm") == DETERMINISTIC
    total = len({item.id for item in (*old.items, *new.items)})
    return Comparison(
        pairs=pairs,
        unpaired=total - len(pairs),
        deterministic=deterministic,
        changes=_changes(pairs, deterministic=deterministic, seed=seed),
        conditions=_conditions(old, new),
    )


def _changes(pairs: Sequence[Pair], *, deterministic: bool, seed: int) -> tuple[Change, ...]:
    names = dict.fromkeys(name for pair in pairs for name in pair.new.metrics if name in pair.old.metrics)
    found = [change for name in names if (change := _change(name, pairs, deterministic, seed)) is not None]
    corrected = {} if deterministic else holm({row.metric: row.p for row in found if row.metric in GATING})
    return tuple(replace(row, p=corrected.get(row.metric, row.p)) for row in found)


def _change(name: str, pairs: Sequence[Pair], deterministic: bool, seed: int) -> Change | None:  # noqa: FBT001
    rows = [
        (before, after, pair.new.cluster)
        for pair in pairs
        if (before := pair.old.metrics.get(name)) is not None and (after := pair.new.metrics.get(name)) is not None
    ]
    if not rows:
        return None
    differences = [after - before for before, after, _ in rows]
    clusters = [cluster for _, _, cluster in rows]
    found = signs(differences)
    return Change(
        metric=name,
        n=len(rows),
        old=sum(before for before, _, _ in rows) / len(rows),
        new=sum(after for _, after, _ in rows) / len(rows),
        signs=found,
        p=sign_test(found) if deterministic else bootstrap_test(differences, clusters=clusters, seed=seed),
        detectable=detectable(differences, clusters=clusters),
    )


def _conditions(old: Run, new: Run) -> dict[str, tuple[Json, Json]]:
    """Return what was set up otherwise in the two runs."""
    return {
        name: (old.manifest.get(name), new.manifest.get(name))
        for name in FINGERPRINTED
        if old.manifest.get(name) != new.manifest.get(name)
    }


def _flip(pair: Pair) -> float:
    before, after = pair.old.metrics.get(FLIP), pair.new.metrics.get(FLIP)
    return 0.0 if before is None or after is None else after - before
