"""An answer as HTML with its figures marked: those of the reference, forbidden ones, and those the other answer lacks."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from eval.normalise import contains, normalise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.questions import Question

UNIT = r"(?:万亿|[十百千万亿]+)?(?:个百分点|百分点|[%％‰元家个项名人户款吨米年月日时分点]|亿元)?"
DATE = r"[0-9０-９]{2,4}年(?:[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?)?|[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?"
NUMBER = r"[0-9０-９]+(?:[.,，:：][0-9０-９]+)*"
FIGURE = re.compile(rf"\[[0-9]+\]|{DATE}|{NUMBER}\s?{UNIT}")


def marked(text: str, *, question: Question, other: str | None = None) -> str:
    """Return the text escaped, each figure in a `mark`: `right`, `wrong`, `changed` (not in `other`) or plain."""
    compared = None if other is None else normalise(other)
    out, place = [], 0
    for match in FIGURE.finditer(text):
        out.append(html.escape(text[place : match.start()]))
        out.append(_mark(match.group(), question, compared))
        place = match.end()
    return "".join(out) + html.escape(text[place:])


def _mark(figure: str, question: Question, compared: str | None) -> str:
    shown = html.escape(figure)
    if figure.startswith("["):
        return f'<sup class="label">{shown}</sup>'
    kind = _kind(figure, question, compared)
    return f'<mark class="{kind}">{shown}</mark>' if kind else f"<mark>{shown}</mark>"


def _kind(figure: str, question: Question, compared: str | None) -> str:
    if _stands_in(figure, question.forbidden):
        return "wrong"
    if _stands_in(figure, [form for point in question.key_points for form in point]):
        return "right"
    return "changed" if compared is not None and not contains(compared, form=figure) else ""


def _stands_in(figure: str, forms: Sequence[str]) -> bool:
    return any(contains(normalise(form), form=figure) for form in forms)
