"""A run as JUnit XML: one case a question, and one for the gate, so that any build server shows what broke."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from eval.causes import cause

if TYPE_CHECKING:
    from eval.gate import Verdict
    from eval.records import Item
    from eval.report.page import Report

CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)}


def render_junit(report: Report) -> str:
    """Return the document. A wrong answer is `skipped` with its cause, since only the gate decides what fails the build."""
    suite = Element("testsuite", name=f"huwen eval {report.run.summary.get('dataset')}")
    if report.verdict is not None:
        _gate(suite, report.verdict)
    for item in report.run.items:
        _question(suite, item)
    for kind in ("failure", "error", "skipped"):
        count = sum(case.find(kind) is not None for case in suite)
        suite.set({"failure": "failures", "error": "errors"}.get(kind, kind), str(count))
    suite.set("tests", str(len(suite)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def _gate(suite: Element, verdict: Verdict) -> None:
    case = SubElement(suite, "testcase", classname="gate", name="no regression")
    if not verdict.passed:
        SubElement(case, "failure", message="; ".join(str(row) for row in verdict.findings))


def _question(suite: Element, item: Item) -> None:
    case = SubElement(suite, "testcase", classname=item.row.type, name=_clean(f"{item.id} {item.question}"))
    found = cause(item)
    if item.failed:
        SubElement(case, "error", message=_clean(item.error or ""))
    elif found is not None:
        SubElement(case, "skipped", message=found)


def _clean(text: str) -> str:
    """Drop the control characters that XML cannot hold."""
    return text.translate(CONTROL)
