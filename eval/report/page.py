"""One HTML page that holds a whole run: no script, no request to anywhere, light and dark."""

from __future__ import annotations

import html
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from eval.causes import cause
from eval.report.numbers import headline_cards, percent, slice_table, trend_charts
from eval.report.questions import cause_bar, failures_by_cause, flip_list, question_list
from eval.report.words import WORDS, finding_text, metric_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.compare import Change, Comparison
    from eval.gate import Verdict
    from eval.records import Run
    from rag.contract import Json
    from rag.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report tells of. The last three are `None` for a run that was compared with nothing."""

    run: Run
    history: Sequence[Mapping[str, Json]]
    before: Run | None = None
    comparison: Comparison | None = None
    verdict: Verdict | None = None


def render_page(report: Report, *, lang: Lang) -> str:
    """Return the page."""
    items = report.run.items
    right = [item for item in items if item.metrics.get("answer_accuracy") == 1.0]
    rest = [item for item in items if item.metrics.get("answer_accuracy") is None and cause(item) is None]
    sections = [
        _section("headline", headline_cards(report.run.summary, before=_summary(report.before), lang=lang), lang),
        _section("trends", trend_charts(report.history, lang=lang), lang),
        _section("flips", _flips(report.comparison, lang), lang) if report.comparison is not None else "",
        _section("failures", cause_bar(items, lang=lang) + failures_by_cause(items, lang=lang), lang),
        _section("slices", slice_table(report.run.summary, lang=lang), lang),
        _section("tests", _tests(report.comparison, lang), lang) if report.comparison is not None else "",
        _folded("right_ones", question_list(right, lang=lang), len(right), lang),
        _folded("unscored", question_list(rest, lang=lang), len(rest), lang) if rest else "",
        _folded("conditions", _conditions(report.run.manifest), None, lang),
    ]
    style = resources.files("eval.report").joinpath("style.css").read_text("utf-8")
    title = f"{WORDS['title'][lang]} · {report.run.summary.get('dataset')}"
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{_header(report, lang)}{''.join(sections)}</main></body></html>\n"
    )


def _header(report: Report, lang: Lang) -> str:
    run = report.run
    counts = [f"{run.summary.get('n')} {WORDS['questions'][lang]}"]
    counts += [
        f"{run.summary.get(key)} {WORDS[word][lang]}"
        for key, word in (("failed", "failed_count"), ("bad_rows", "bad_rows"))
        if run.summary.get(key)
    ]
    facts = [
        str(run.manifest.get("started"))[:16].replace("T", " "),
        str(run.manifest.get("commit")),
        str(run.manifest.get("llm")),
    ]
    compared = [] if report.before is None else [f"{WORDS['against'][lang]} {report.before.folder.name}"]
    line = html.escape(" · ".join([*counts, *facts, *compared]))
    title = f"{WORDS['title'][lang]} <small>{html.escape(str(run.summary.get('dataset')))}</small>"
    return f"<header><h1>{title}{_badge(report.verdict, lang)}</h1><p class=quiet>{line}</p>{_reasons(report.verdict, lang)}</header>"


def _badge(verdict: Verdict | None, lang: Lang) -> str:
    key = "unjudged" if verdict is None else "passed" if verdict.passed else "regressed"
    return f' <span class="badge {key}">{WORDS[key][lang]}</span>'


def _reasons(verdict: Verdict | None, lang: Lang) -> str:
    if verdict is None or verdict.passed:
        return ""
    rows = "".join(f"<li>{html.escape(finding_text(row, lang=lang))}</li>" for row in verdict.findings)
    return f'<div class="reasons"><b>{WORDS["why"][lang]}</b><ul>{rows}</ul></div>'


def _flips(comparison: Comparison | None, lang: Lang) -> str:
    if comparison is None or not (comparison.broken or comparison.mended):
        return f'<p class="quiet">{WORDS["no_flips"][lang]}</p>'
    return "".join(
        f'<h3>{WORDS[key][lang]} <span class="n">{len(pairs)}</span></h3>{flip_list(pairs, lang=lang)}'
        for key, pairs in (("broken", comparison.broken), ("mended", comparison.mended))
        if pairs
    )


def _tests(comparison: Comparison | None, lang: Lang) -> str:
    if comparison is None:
        return ""
    heads = "".join(f"<th>{WORDS[key][lang]}</th>" for key in ("metric", "old", "new", "wins"))
    rows = "".join(_test_row(row, lang) for row in comparison.changes)
    changed = "".join(
        f"<li><code>{html.escape(name)}</code> {html.escape(str(old))} → {html.escape(str(new))}</li>"
        for name, (old, new) in comparison.conditions.items()
    )
    conditions = f"<p><b>{WORDS['changed'][lang]}</b></p><ul>{changed}</ul>" if changed else ""
    return (
        f'<div class="wide"><table class="tests"><thead><tr>{heads}<th>p</th><th>{WORDS["detectable"][lang]}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{conditions}"
    )


def _test_row(row: Change, lang: Lang) -> str:
    least = "–" if row.detectable is None else percent(row.detectable)
    cells = (percent(row.old), percent(row.new), f"{row.signs.wins} / {row.signs.losses}", f"{row.p:.3f}", least)
    return f"<tr><th>{metric_name(row.metric, lang=lang)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _conditions(manifest: Mapping[str, Json]) -> str:
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(_flat(value))}</td></tr>" for name, value in manifest.items()
    )
    return f'<div class="wide"><table class="conditions">{rows}</table></div>'


def _flat(value: Json) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(part)}" for name, part in value.items())
    return str(value)


def _section(key: str, body: str, lang: Lang) -> str:
    note = f'<p class="quiet">{WORDS["headline_note"][lang]}</p>' if key == "headline" else ""
    return f'<section id="{key}"><h2>{WORDS[key][lang]}</h2>{note}{body}</section>'


def _folded(key: str, body: str, count: int | None, lang: Lang) -> str:
    number = "" if count is None else f' <span class="n">{count}</span>'
    return (
        f'<section id="{key}"><details><summary><h2>{WORDS[key][lang]}{number}</h2></summary>{body}</details></section>'
    )


def _summary(run: Run | None) -> Mapping[str, Json] | None:
    return None if run is None else run.summary
