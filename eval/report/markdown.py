"""A run as Markdown, short enough for a pull request or a job summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.causes import CAUSES, cause
from eval.report.numbers import HEADLINE, percent
from eval.report.words import CAUSE_NAMES, WORDS, finding_text, metric_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.compare import Pair
    from eval.report.page import Report
    from rag.contract import Json
    from rag.types import Lang

SHOWN_FLIPS = 20


def render_markdown(report: Report, *, lang: Lang) -> str:
    """Return the verdict, the headline numbers, the causes and the flips."""
    lines = [f"# {WORDS['title'][lang]}: {report.run.summary.get('dataset')} — {_status(report, lang)}", ""]
    if report.verdict is not None:
        lines += [f"- {finding_text(finding, lang=lang)}" for finding in report.verdict.findings]
    lines += ["", *_numbers(report, lang), "", *_causes(report, lang)]
    if report.comparison is not None:
        lines += _flips("broken", report.comparison.broken, lang) + _flips("mended", report.comparison.mended, lang)
    return "\n".join(lines) + "\n"


def _status(report: Report, lang: Lang) -> str:
    if report.verdict is None:
        return WORDS["unjudged"][lang]
    return WORDS["passed" if report.verdict.passed else "regressed"][lang]


def _numbers(report: Report, lang: Lang) -> list[str]:
    old = {} if report.before is None else report.before.summary.get("metrics")
    new = report.run.summary.get("metrics")
    rows = [f"| {WORDS['metric'][lang]} | {WORDS['old'][lang]} | {WORDS['new'][lang]} |", "|---|---:|---:|"]
    if isinstance(new, dict) and isinstance(old, dict):
        rows += [
            f"| {metric_name(name, lang=lang)} | {_cell(old.get(name))} | {_cell(new.get(name))} |" for name in HEADLINE
        ]
    return rows


def _cell(value: Json) -> str:
    return percent(value) if isinstance(value, int | float) else "–"


def _causes(report: Report, lang: Lang) -> list[str]:
    found = [cause(item) for item in report.run.items]
    return [f"- {CAUSE_NAMES[name][lang]}: {found.count(name)}" for name in CAUSES if name in found]


def _flips(key: str, pairs: Sequence[Pair], lang: Lang) -> list[str]:
    if not pairs:
        return []
    rows = [f"- `{pair.new.id}` {pair.new.question}" for pair in pairs[:SHOWN_FLIPS]]
    rest = len(pairs) - SHOWN_FLIPS
    return ["", f"## {WORDS[key][lang]} ({len(pairs)})", "", *rows, *([f"- … +{rest}"] if rest > 0 else [])]
