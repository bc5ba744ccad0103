"""Writes a run's report files beside its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.report.junit import render_junit
from eval.report.markdown import render_markdown
from eval.report.page import render_page

if TYPE_CHECKING:
    from pathlib import Path

    from eval.report.page import Report
    from rag.types import Lang

PAGE, MARKDOWN, JUNIT = "report.html", "report.md", "junit.xml"


def write_report(report: Report, *, lang: Lang) -> Path:
    """Write `report.html`, `report.md` and `junit.xml` into the run's folder and return the page's path."""
    folder = report.run.folder
    (folder / MARKDOWN).write_text(render_markdown(report, lang=lang), "utf-8")
    (folder / JUNIT).write_text(render_junit(report), "utf-8")
    (folder / PAGE).write_text(render_page(report, lang=lang), "utf-8")
    return folder / PAGE
