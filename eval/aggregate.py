"""A run's rows as its headline numbers: means over questions, slices, intervals, and what could not be scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.metrics import refusals, spread
from eval.resampling import interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from eval.records import Item
    from rag.contract import Json

DIGITS = 6
SLICES: Mapping[str, Callable[[Item], str | None]] = {
    "type": lambda item: item.row.type,
    "lang": lambda item: item.row.lang,
    "split": lambda item: item.row.split,
}
FLAGS = ("refused",)
CROSS_LINGUAL = "recall@10"


def summarise(
    items: Sequence[Item], *, dataset: str, llm: str, seed: int, determinism: float | None, bad_rows: int
) -> dict[str, Json]:
    """Return the summary of a run. Means divide by the questions that a metric applies to; failed ones stand apart.

    `llm` is who was to write the answers.
    """
    scored = [item for item in items if not item.failed]
    metrics = headline(scored) | {"determinism": determinism, "fallbacks": _fallbacks(scored, llm)}
    return {
        "dataset": dataset,
        "n": len(items),
        "scored": len(scored),
        "failed": len(items) - len(scored),
        "bad_rows": bad_rows,
        "metrics": {name: _round(value) for name, value in metrics.items()},
        "intervals": {name: _interval(scored, name, seed) for name in _names(scored)},
        "applies_to": {name: len(_values(scored, name)) for name in _names(scored)},
        "slices": {name: _slice(scored, key) for name, key in SLICES.items()},
        "timings_ms": _timings(scored),
    }


def headline(items: Sequence[Item]) -> dict[str, float | None]:
    """Return every metric of some answered questions, averaged over those that it applies to."""
    means = {name: _mean(_values(items, name)) for name in _names(items)}
    pairs = [(item.row.answerable, item.metrics["refused"] == 1.0) for item in items]
    confidence = [(item, item.answer().confidence) for item in items]
    answered = [
        (value, item.metrics["answer_accuracy"]) for item, value in confidence if item.metrics["refused"] == 0.0
    ]
    return means | {
        "refusal_recall": refusals.refusal_recall(pairs),
        "false_refusals": refusals.false_refusals(pairs),
        "confidence_auroc": refusals.auroc(
            [value for item, value in confidence if item.row.answerable],
            negatives=[value for item, value in confidence if not item.row.answerable],
        ),
        "risk_coverage_area": refusals.risk_coverage_area(
            [(value, right == 1.0) for value, right in answered if right is not None]
        ),
        "cross_lingual_ratio": spread.ratio(_of_lang(items, "en"), of=_of_lang(items, "zh")),
    }


def _fallbacks(items: Sequence[Item], llm: str) -> float | None:
    """Return the share of answers that another than `llm` wrote in its place."""
    return _mean([float(item.answer().llm != llm) for item in items])


def _of_lang(items: Sequence[Item], lang: str) -> float | None:
    return _mean(_values([item for item in items if item.row.lang == lang], CROSS_LINGUAL))


def _names(items: Sequence[Item]) -> list[str]:
    return [name for name in dict.fromkeys(name for item in items for name in item.metrics) if name not in FLAGS]


def _values(items: Sequence[Item], name: str) -> list[float]:
    return [value for item in items if (value := item.metrics.get(name)) is not None]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _interval(items: Sequence[Item], name: str, seed: int) -> Json:
    applicable = [item for item in items if item.metrics.get(name) is not None]
    found = interval(_values(applicable, name), clusters=[item.cluster for item in applicable], seed=seed)
    return None if found is None else [_round(bound) for bound in found]


def _slice(items: Sequence[Item], key: Callable[[Item], str | None]) -> dict[str, Json]:
    parts: dict[str, list[Item]] = {}
    for item in items:
        name = key(item)
        if name is not None:
            parts.setdefault(name, []).append(item)
    return {
        name: {"n": len(part)} | {metric: _round(value) for metric, value in headline(part).items()}
        for name, part in sorted(parts.items())
    }


def _timings(items: Sequence[Item]) -> dict[str, Json]:
    totals = [total for item in items if (total := item.answer().timings_ms.get("total")) is not None]
    return {f"p{round(100 * share)}": spread.percentile(totals, share=share) for share in (0.5, 0.95, 0.99)}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
