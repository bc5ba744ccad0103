"""What a question takes for granted, and the statement that says otherwise.

Only what can be compared is judged: a figure, a date, an edition, a place in a ranking, a direction, whose somebody is. A
figure or date counts as taken for granted only where the question asks to confirm or explain it: 对吧, 不是…吗, 为什么.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.coverage import coverage, units_of
from rag.answer.years import absent_years, years_in
from rag.text.dates import DateMention
from rag.text.direction import stances
from rag.text.figures import Figure, covers
from rag.text.marks import read_marks
from rag.text.normalise import level
from rag.text.sentences import clause_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rag.answer.coverage import Unit
    from rag.answer.evidence import Evidence
    from rag.answer.reading import Reading, Statement
    from rag.types import Question

    Idf = Callable[[Sequence[str]], list[float]]

# How much of the rest of the question a statement must name to speak of the same thing.
SAME_THING = 0.4
# A statement that names nearly as much as the best one speaks of the same thing, too.
NEARLY = 0.8

_CONFIRMS = re.compile(
    r"对吧|对吗|对不对|是吧|是吗|没错吧|吧[，,。？?]|吧$|不是[^？?]{1,30}吗|为什么|为何|为啥|怎么会|原因|\bright\?|isn't|wasn't|aren't|didn't|\bwhy\b",
    re.IGNORECASE,
)
_EDITION = re.compile(r"首批|第[一二三四五六七八九十\d]+[批届期次轮]")
_RANKS = ("冠军", "亚军", "季军", "一等奖", "二等奖", "三等奖", "第一名", "第二名", "第三名", "金奖", "银奖", "铜奖")
_WHOSE = re.compile(
    r"(?P<whose>[\u4e00-\u9fff]{2,14}(?:集团|公司|大学|学院|研究院|研究所|医院|银行))的(?P<who>[\u4e00-\u9fff]{2,3}?)(?=做|在|是|有|担任|说|参与|设计|为|的|，|$)"
)
_BELONGS = re.compile(r"集团|公司|大学|学院|研究院|研究所|医院|银行|设计院")
_RHETORICAL = re.compile(r"不是(?P<said>[^？?，,]{3,30})吗")
_WINS = re.compile(r"拿[了到下]?|获得?了?|夺[得了]?|得了?|摘[得下]?|是|捧")
_OPEN = re.compile(r"谁|哪|什么|几")
_NOUN = re.compile(r"[\u4e00-\u9fff]{2}")
_SPACES = re.compile(r"\s+")
_DAYS = frozenset({"day", "span"})
SHORTEST_NAME = 3
_ORDINAL = {"首批": "第一批"}
_REASON = re.compile(r"为什么|为何|为啥|原因|怎么会|\bwhy\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """What the question takes for granted, as it is written, and the evidence that says otherwise."""

    words: str
    row: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A question with what may contradict it; `asked` is its levelled text."""

    question: Question
    asked: str
    statements: Sequence[Statement]
    readings: Sequence[Reading]
    idf: Idf


def contradicted(
    question: Question, statements: Sequence[Statement], *, readings: Sequence[Reading], idf: Idf
) -> Premise | None:
    """Return the first premise that the statements contradict; `None` where they contradict none, or confirm it."""
    case = _Case(question=question, asked=level(question.text), statements=statements, readings=readings, idf=idf)
    checks = (_whose, _rank, _edition, _direction, _denied, _year, _value)
    return next((premise for check in checks for premise in check(case)), None)


def _whose(case: _Case) -> Iterator[Premise]:
    """Find somebody who is said to belong to an organisation of which his articles say nothing."""
    for match in _WHOSE.finditer(case.asked):
        of_person = [row for row in case.statements if match["who"] in _SPACES.sub("", row.text)]
        articles = {row.row.passage.article_id for row in of_person}
        named = any(match["whose"] in row.beside for row in case.statements if row.row.passage.article_id in articles)
        other = next((row for row in of_person if _BELONGS.search(row.text)), None)
        if other is not None and not named:
            yield Premise(words=f"{match['whose']}的{match['who']}", row=other.row)


def _rank(case: _Case) -> Iterator[Premise]:
    """Find somebody who is said to have a rank, where every clause that names him gives him another."""
    for rank in (rank for rank in _RANKS if rank in case.asked):
        clause = next(text for text in _clauses(case.asked) if rank in text)
        subject = _WINS.split(clause.split(rank)[0])[0].strip()
        if len(subject) < SHORTEST_NAME or _OPEN.search(clause):
            continue
        clauses = [(row, text) for row in case.statements for text in _clauses(row.text) if subject[:4] in text]
        if any(rank in text for _, text in clauses):
            continue
        others = [row for row, text in clauses if any(other in text for other in _RANKS)]
        if others:
            yield Premise(words=f"{subject}{rank}", row=others[0].row)


def _edition(case: _Case) -> Iterator[Premise]:
    """Find what is said to be of one edition, where the statements that name it speak of another."""
    if not _CONFIRMS.search(case.asked):
        return
    for match in _EDITION.finditer(case.asked):
        edition, kind = _ORDINAL.get(match[0], match[0]), match[0][-1]
        for row in _same_thing(case, without=match[0]):
            said = {_ORDINAL.get(word, word) for word in _EDITION.findall(row.text) if word[-1] == kind}
            if edition in said:
                return
            if said:
                yield Premise(words=match[0], row=row.row)


def _direction(case: _Case) -> Iterator[Premise]:
    """Find a rise whose cause is asked for, where the closest statement tells of a fall, or the other way round."""
    wanted = _ways(case.asked)
    if not _REASON.search(case.asked) or len(wanted) != 1:
        return
    for row in _same_thing(case, without="")[:1]:
        said = _ways(row.text)
        if said and not said & wanted:
            yield Premise(words=case.asked.rstrip("？?"), row=row.row)


def _denied(case: _Case) -> Iterator[Premise]:
    """Find what a rhetorical question (不是…吗) says, where the closest statement denies it."""
    for match in _RHETORICAL.finditer(case.asked):
        row = next(iter(_same_thing(case, only=match["said"])), None)
        if row is not None and any(stance.denied for stance in stances(row.text)):
            yield Premise(words=match["said"], row=row.row)


def _year(case: _Case) -> Iterator[Premise]:
    """Find a year of which no article speaks, where the statement closest in meaning names another."""
    if not _CONFIRMS.search(case.asked):
        return
    years = absent_years(case.asked, [row.row.passage for row in case.statements])
    if not years:
        return
    closest = max(case.statements, key=lambda row: row.row.cosine)
    if years_in(closest.text):
        yield Premise(words=str(years[0]), row=closest.row)


def _value(case: _Case) -> Iterator[Premise]:
    """Find a figure or date to be confirmed or explained, where the same thing has another one."""
    if not _CONFIRMS.search(case.asked):
        return
    for mark in read_marks(case.asked, reference=case.question.as_of):
        if not isinstance(mark, Figure | DateMention) or _is_loose(mark):
            continue
        words = case.asked[mark.span.start : mark.span.end]
        noun = _noun(case.asked, mark)
        alike = _bound(case) or _same_thing(case, without=words)
        of_kind = [(row, _comparable(mark, noun, row, case.question)) for row in alike]
        if any(_same(mark, other) for _, others in of_kind for other in others):
            continue
        other = next((row for row, others in of_kind if others), None)
        if other is not None and (noun or not _stands(mark, other, case)):
            yield Premise(words=words, row=other.row)


def _stands(mark: Figure | DateMention, other: Statement, case: _Case) -> bool:
    """Tell whether the same article has the value elsewhere: then it is not known which of the two is meant."""
    article = other.row.passage.article_id
    rows = [row for row in case.statements if row.row.passage.article_id == article]
    return any(_same(mark, found) for row in rows for found in _comparable(mark, "", row, case.question))


def _bound(case: _Case) -> list[Statement]:
    """Return the statements that state the named attribute that the question speaks of."""
    rows = [row.row for row in case.readings if row.sought.attribute is not None and row.stated == 1.0 and row.subject]
    return [statement for statement in case.statements if any(statement.row is row for row in rows)]


def _ways(text: str) -> set[str]:
    return {way for stance in stances(text) for way in stance.directions if way != "flat"}


def _same_thing(case: _Case, *, without: str = "", only: str | None = None) -> list[Statement]:
    """Return the statements that name what the question is about, its premise left out, the closest first."""
    rest = case.asked if only is None else only
    rest = _CONFIRMS.sub(" ", rest.replace(without, " ") if without else rest)
    question = replace(case.question, text=rest, history=())
    units = units_of(question, idf=case.idf) if any(map(str.isalnum, rest)) else ()
    scored = sorted(((_named(units, row), -at) for at, row in enumerate(case.statements)), reverse=True)
    if not scored or scored[0][0] < SAME_THING:
        return []
    return [case.statements[-at] for score, at in scored if score >= max(SAME_THING, NEARLY * scored[0][0])]


def _named(units: Sequence[Unit], statement: Statement) -> float:
    return 0.6 * coverage(units, statement.tokens) + 0.4 * coverage(units, statement.near)


def _comparable(
    mark: Figure | DateMention, noun: str, statement: Statement, question: Question
) -> list[Figure | DateMention]:
    """Return the statement's marks of the same kind; those of the same noun alone, where it has any: 3个项目, 1个项目."""
    published = statement.row.passage.published
    marks = read_marks(statement.text, reference=published or question.as_of)
    alike = [other for other in marks if isinstance(other, Figure | DateMention) and _is_like(mark, other)]
    return [other for other in alike if noun and _noun(statement.text, other) == noun] or alike


def _noun(text: str, mark: Figure | DateMention) -> str:
    """Return the two characters that follow a count, which name what is counted."""
    found = _NOUN.match(text, mark.span.end)
    return "" if found is None or not isinstance(mark, Figure) else found[0]


def _is_loose(mark: Figure | DateMention) -> bool:
    """Tell whether a mark is too loose to contradict: a bare number, a period named by a word such as 今年."""
    if isinstance(mark, Figure):
        return mark.kind in ("number", "ordinal")
    return mark.period is None or mark.period.precision in ("vague", "plan", "decade", "century", "week")


def _is_like(mark: Figure | DateMention, other: Figure | DateMention) -> bool:
    if isinstance(mark, Figure):
        return isinstance(other, Figure) and (mark.kind, mark.unit) == (other.kind, other.unit)
    if not isinstance(other, DateMention) or mark.period is None or other.period is None:
        return False
    return mark.period.precision == other.period.precision or {mark.period.precision, other.period.precision} <= _DAYS


def _same(mark: Figure | DateMention, other: Figure | DateMention) -> bool:
    if isinstance(mark, Figure) and isinstance(other, Figure):
        return covers(mark, other) or covers(other, mark)
    if isinstance(mark, DateMention) and isinstance(other, DateMention) and mark.period and other.period:
        return (mark.period.first, mark.period.last) == (other.period.first, other.period.last)
    return False


def _clauses(text: str) -> list[str]:
    return [text[span.start : span.end] for span in clause_spans(text)]
