"""What time does to an answer: a deadline seen from the day of the question, a post that somebody held when it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.text.dates import DateMention
from rag.text.marks import read_marks
from rag.text.normalise import level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rag.answer.reading import Reading
    from rag.types import Answer, Lang

DEADLINE = "截止时间"

_ASKS_POST = re.compile(
    r"职务|头衔|现任|什么职位|担任什么|当什么|是谁|\bwho is\b|position|\btitle\b|\bpost\b",
    re.IGNORECASE,
)
_POST = re.compile(
    r"主任|书记|[市区县省镇]长|局长|处长|秘书长|董事长|总经理|院长|校长|所长|会长|主席|总裁|CEO|director|mayor|chair|president|secretary",
    re.IGNORECASE,
)
_TO = re.compile(r"\s?(?:[-—~－～至到]|——|起至?|开始)\s?")
_TEXTS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "past": "截止日{day}已过去{days}天（按{as_of}计）。",
        "today": "今天（{as_of}）截止。",
        "ahead": "距截止日{day}还有{days}天（按{as_of}计）。",
        "post": "职务以文章日期（{day}）为准。",
    },
    "en": {
        "past": "The deadline, {day}, passed {days} days ago (counted from {as_of}).",
        "today": "The deadline is today ({as_of}).",
        "ahead": "{days} days are left until the deadline, {day} (counted from {as_of}).",
        "post": "Posts are those of the article's day ({day}).",
    },
}


def deadline_notice(answer: Answer, readings: Sequence[Reading]) -> str | None:
    """Return how the deadline that the answer quotes lies to the day of the question; `None` where it quotes none."""
    question = answer.question
    if question.as_of is None:
        return None
    quoted = [reading for reading in readings if _is_quoted(reading, answer)]
    days = [day for reading in quoted if (day := _deadline(reading)) is not None]
    if not days:
        return None
    left = (days[0] - question.as_of).days
    name = "today" if left == 0 else "ahead" if left > 0 else "past"
    return _TEXTS[question.lang][name].format(day=days[0], days=abs(left), as_of=question.as_of)


def post_notice(answer: Answer) -> str | None:
    """Return the day that a post was held on, where the question asks who holds it or what somebody is."""
    if not _ASKS_POST.search(answer.question.text):
        return None
    cited = [row for row in answer.citations if _POST.search(row.quote) and row.published is not None]
    if not cited:
        return None
    return _TEXTS[answer.question.lang]["post"].format(day=cited[0].published)


def _is_quoted(reading: Reading, answer: Answer) -> bool:
    if reading.row is None:
        return False
    article, text = reading.row.passage.article_id, reading.row.text
    return any(row.article_id == article and (row.quote in text or text in row.quote) for row in answer.citations)


def _deadline(reading: Reading) -> date | None:
    """Return the day that was read as the deadline; of a window, such as 11月3日9:00-11月9日17:00, its last day."""
    attribute, row, value = reading.sought.attribute, reading.row, reading.value
    if attribute is None or attribute.name["zh"] != DEADLINE or row is None or value is None or reading.stated < 1.0:
        return None
    text = level(row.text)
    marks = [mark for mark in read_marks(text, reference=row.passage.published) if isinstance(mark, DateMention)]
    at = next((place for place, mark in enumerate(marks) if mark.span == value), None)
    if at is None:
        return None
    end = marks[at]
    if at + 1 < len(marks) and _TO.fullmatch(text[end.span.end : marks[at + 1].span.start]):
        end = marks[at + 1]
    return None if end.period is None or end.period.precision not in ("day", "span") else end.period.last
