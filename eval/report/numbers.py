"""The report's upper half: headline numbers with their intervals and changes, lines over the nights, slices as bars."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from eval.report.svg import line_chart
from eval.report.words import WORDS, metric_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.contract import Json
    from rag.types import Lang

HEADLINE = (
    "answer_accuracy",
    "key_point_recall",
    "recall@5",
    "span_recall@5",
    "citation_recall",
    "citation_validity",
    "figure_grounding",
    "refusal_recall",
    "false_refusals",
    "cross_lingual_ratio",
)
LOWER_IS_BETTER = frozenset({"false_refusals", "risk_coverage_area"})
SLICED = ("answer_accuracy", "key_point_recall", "recall@5", "refusal_recall")
NIGHTS = 60
FEWEST_NIGHTS = 2
UNCHANGED = 0.0005


def headline_cards(summary: Mapping[str, Json], *, before: Mapping[str, Json] | None, lang: Lang) -> str:
    """Return a card for each headline number that the run has."""
    metrics, intervals = _object(summary, "metrics"), _object(summary, "intervals")
    old = {} if before is None else _object(before, "metrics")
    cards = [
        _card(name, value, intervals.get(name), old.get(name), lang)
        for name in HEADLINE
        if isinstance(value := metrics.get(name), int | float)
    ]
    return f'<div class="cards">{"".join(cards)}</div>'


def trend_charts(history: Sequence[Mapping[str, Json]], *, lang: Lang) -> str:
    """Return a small chart for each headline number over the last nights."""
    nights = history[-NIGHTS:]
    if len(nights) < FEWEST_NIGHTS:
        return f'<p class="quiet">{WORDS["trends_short"][lang]}</p>'
    return f'<div class="charts">{"".join(_chart(name, nights, lang) for name in HEADLINE)}</div>'


def slice_table(summary: Mapping[str, Json], *, lang: Lang) -> str:
    """Return the slices of the run, a row each, their numbers as bars."""
    slices = _object(summary, "slices")
    heads = "".join(f"<th>{metric_name(name, lang=lang)}</th>" for name in SLICED)
    rows = "".join(
        _slice_row(f"{group} · {name}", numbers)
        for group in slices
        for name, numbers in _object(slices, group).items()
        if isinstance(numbers, dict)
    )
    return (
        f'<div class="wide"><table class="slices"><thead><tr><th>{WORDS["slice"][lang]}</th><th class="n">n</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def percent(value: float) -> str:
    """Write a share as a percentage with one digit."""
    return f"{100 * value:.1f}%"


def _card(name: str, value: float, bounds: Json, old: Json, lang: Lang) -> str:
    between = ""
    if isinstance(bounds, list):
        low, high = (float(str(bound)) for bound in bounds)
        between = (
            f'<div class="range"><i style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></i>'
            f'<b style="left:{100 * min(1.0, value):.1f}%"></b></div><small>[{percent(low)} – {percent(high)}]</small>'
        )
    return (
        f'<div class="card"><span>{metric_name(name, lang=lang)}</span>'
        f"<strong>{percent(value)}</strong>{_delta(name, value, old)}{between}</div>"
    )


def _delta(name: str, value: float, old: Json) -> str:
    if not isinstance(old, int | float):
        return ""
    change = value - old
    if abs(change) < UNCHANGED:
        return '<em class="same">±0</em>'
    better = (change > 0) != (name in LOWER_IS_BETTER)
    return f'<em class="{"up" if better else "down"}">{"▲" if change > 0 else "▼"} {100 * abs(change):.1f}</em>'


def _chart(name: str, nights: Sequence[Mapping[str, Json]], lang: Lang) -> str:
    values = [value if isinstance(value := _object(row, "metrics").get(name), int | float) else None for row in nights]
    if all(value is None for value in values):
        return ""
    labels = [
        f"{str(row.get('started'))[:10]} {'' if value is None else percent(value)}"
        for row, value in zip(nights, values, strict=True)
    ]
    last = next(value for value in reversed(values) if value is not None)
    head = f"<figcaption>{metric_name(name, lang=lang)} <b>{percent(last)}</b></figcaption>"
    return f"<figure>{head}{line_chart(values, labels=labels)}</figure>"


def _slice_row(name: str, numbers: Mapping[str, Json]) -> str:
    cells = "".join(_bar(numbers.get(metric)) for metric in SLICED)
    return f'<tr><th>{html.escape(name)}</th><td class="n">{numbers.get("n")}</td>{cells}</tr>'


def _bar(value: Json) -> str:
    if not isinstance(value, int | float):
        return '<td class="quiet">–</td>'
    return f'<td><div class="bar"><i style="width:{100 * min(1.0, value):.1f}%"></i><span>{percent(value)}</span></div></td>'


def _object(value: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}
