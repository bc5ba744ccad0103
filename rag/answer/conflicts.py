"""Values that articles give differently for one measure: of one time they conflict, of several they show a course."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rag.answer.years import years_in
from rag.text.dates import DateMention
from rag.text.figures import Figure, covers
from rag.text.marks import read_marks
from rag.text.normalise import level
from rag.text.periods import month_end
from rag.text.sentences import clause_spans
from rag.types import Conflict, Stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.answer.evidence import Evidence
    from rag.answer.reading import Reading
    from rag.types import Answer, Lang, Span

# Another article's value counts when it is stated as surely, and of the same subject, as the best one is.
ALIKE = 0.75
LEAST_STATED, LEAST_SUBJECT = 0.5, 0.3
MOST_VALUES = 3

_KINDS = frozenset({"money", "percent", "count", "area", "figure", "fee"})
# Words that make of a number a part or a change of another one.
_PART = re.compile(r"(?:其中|另有|另|还有|新增|增加|减少|比上[年月批]|较上[年月批]|多了?|少了?)[^，。；]{0,4}$")
_CHANGE = re.compile(
    r"(?:增长|增幅|增速|上升|上涨|下降|下滑|降低|减少|增加|提高|提升|grew|rose|fell|up|down)[^，。；]{0,4}$",
    re.IGNORECASE,
)
CHANGE_REACH = 8
# A question that names a time asks for the value of that time, not for a course.
_PERIOD = re.compile(r"(?:19|20)\d\d|季度|半年|\d+月|去年|前年|上月|本月")
_QUALIFIER = re.compile(r"(?:大约|约|近|超过?|逾|突破|至少|不少于|不低于|不超过|最高|共)$")
_TEXTS: Mapping[Lang, tuple[str, str, str, str]] = {
    "zh": (
        "文章说法不一：{values}。较新的是{latest}。",
        "这一数字随时间变化：{values}。最新的是{latest}。",
        "{value}（{when}，《{title}》）",
        "；",
    ),
    "en": (
        "The articles differ: {values}. The latest is {latest}.",
        "The figure changed over time: {values}. The latest is {latest}.",
        "{value} ({when}, “{title}”)",
        "; ",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    """A value with what it was said of."""

    reading: Reading
    row: Evidence
    figure: Figure
    period: tuple[date, date] | None

    @property
    def is_change(self) -> bool:
        """Whether the value says by how much something grew or fell, not how much it is."""
        text = level(self.row.text)
        return _CHANGE.search(text[max(0, self.figure.span.start - CHANGE_REACH) : self.figure.span.start]) is not None

    @property
    def day(self) -> date:
        """The last day that the fact is of: of its period, else of its article."""
        return self.period[1] if self.period is not None else self.row.passage.published or date.min


def conflicts_in(readings: Sequence[Reading]) -> list[tuple[Conflict, tuple[Evidence, ...]]]:
    """Return the conflicts among the values found, each with the rows that its values stand in."""
    found = []
    for reading in readings:
        first = _fact(reading)
        if first is None or reading.sought.kind not in _KINDS or reading.subject < LEAST_SUBJECT:
            continue
        if reading.stated < LEAST_STATED or _asks_several(reading):
            continue
        others = [fact for fact in map(_fact, reading.others) if fact is not None and _differs(first, fact)]
        if others:
            found.append(_conflict(first, others[: MOST_VALUES - 1]))
    return found


def with_conflicts(answer: Answer, conflicts: Sequence[Conflict]) -> Answer:
    """Return the answer with its conflicts, each value under the label of its passage, and a notice that names them."""
    labels = {row.article_id: row.label for row in answer.citations}
    labelled = tuple(
        replace(
            row,
            values=tuple(replace(value, label=labels.get(value.article_id)) for value in row.values),
            text=notice(row, answer.question.lang),
        )
        for row in conflicts
    )
    notices = [answer.notice, *(row.text for row in labelled)]
    text = " ".join(part for part in notices if part is not None)
    return replace(answer, conflicts=labelled, notice=text or None)


def notice(conflict: Conflict, lang: Lang) -> str:
    """Return the sentence that names the values, their articles and the latest of them."""
    conflicting, changing, one, between = _TEXTS[lang]
    values = between.join(
        one.format(value=row.value, when=_when(row, lang), title=row.title) for row in conflict.values
    )
    return (changing if conflict.over_time else conflicting).format(values=values, latest=conflict.values[0].value)


def _conflict(first: _Fact, others: Sequence[_Fact]) -> tuple[Conflict, tuple[Evidence, ...]]:
    facts = sorted([first, *others], key=lambda fact: (fact.day, fact.row.passage.published or date.min), reverse=True)
    sought = first.reading.sought
    measure = first.reading.part.text if sought.attribute is None else sought.attribute.name[first.reading.part.lang]
    conflict = Conflict(
        measure=measure.rstrip("？?"),
        values=tuple(_stated(fact) for fact in facts),
        over_time=any(_apart(first, fact) for fact in others),
    )
    return conflict, tuple(fact.row for fact in facts)


def _fact(reading: Reading) -> _Fact | None:
    row, value = reading.row, reading.value
    if row is None or value is None:
        return None
    text = level(row.text)
    marks = read_marks(text, reference=row.passage.published)
    figure = next((mark for mark in marks if isinstance(mark, Figure) and mark.span == value), None)
    if figure is None or _PART.search(text[: value.start]):
        return None
    return _Fact(reading=reading, row=row, figure=figure, period=_period(marks, value))


def _period(marks: Sequence[object], value: Span) -> tuple[date, date] | None:
    """Return the period named last before the value in its statement."""
    before = [mark for mark in marks if isinstance(mark, DateMention) and mark.span.end <= value.start and mark.period]
    if not before or before[-1].period is None:
        return None
    return before[-1].period.first, before[-1].period.last


def _differs(first: _Fact, other: _Fact) -> bool:
    """Tell whether another article gives another value of the same measure."""
    surely = other.reading.stated >= max(LEAST_STATED, ALIKE * first.reading.stated)
    same_subject = other.reading.subject >= ALIKE * first.reading.subject
    alike = (first.figure.kind, first.figure.unit) == (other.figure.kind, other.figure.unit)
    if not (surely and same_subject and alike and first.is_change == other.is_change):
        return False
    if _PERIOD.search(level(first.reading.part.text)) and _apart(first, other):
        return False
    return not (covers(first.figure, other.figure) or covers(other.figure, first.figure))


def _apart(first: _Fact, other: _Fact) -> bool:
    """Tell whether two values are of different times: of periods that differ, or, where none is named, of other years."""
    if first.period is not None and other.period is not None:
        return first.period != other.period
    return first.day.year != other.day.year


def _asks_several(reading: Reading) -> bool:
    """Tell whether several values are asked for, or the value of a time that the question names."""
    text = level(reading.part.text)
    return len(years_in(text)) > 1 or "分别" in text or "各" in text


def _stated(fact: _Fact) -> Stated:
    passage, span = fact.row.passage, fact.figure.span
    before = _QUALIFIER.search(fact.row.text[: span.start])
    start = span.start if before is None else before.start()
    clause = next(row for row in clause_spans(fact.row.text) if row.start <= span.start < row.end)
    return Stated(
        value=fact.row.text[start : span.end],
        quote=fact.row.text[clause.start : clause.end].strip(),
        article_id=passage.article_id,
        title=passage.title,
        source=passage.source,
        published=passage.published,
        period=fact.period,
    )


def _when(row: Stated, lang: Lang) -> str:
    if row.period is None:
        return "?" if row.published is None else row.published.isoformat()
    first, last = row.period
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}年" if lang == "zh" else str(first.year)
    if first.day == 1 and (last.year, last.month, last.day) == (
        first.year,
        first.month,
        month_end(first.year, first.month),
    ):
        return f"{first.year}年{first.month}月" if lang == "zh" else f"{first:%Y-%m}"
    to = "至" if lang == "zh" else " to "
    return first.isoformat() if first == last else f"{first}{to}{last}"
