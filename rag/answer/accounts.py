"""What a refusal says: which article is closest, what it holds, and what it does not; no sentence of it states a fact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.answer.phrases import REFUSALS
from rag.answer.statements import one_line
from rag.answer.years import absent_years
from rag.text.sentences import clause_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.answer.verdict import Verdict
    from rag.types import Lang, Passage, Question

LONGEST_QUOTE = 60
# So much of the question must a sentence name to be quoted as what the article does say.
QUOTABLE = 0.35

_SENTENCES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "unstated": "{article}与此相近，但没有写明{missing}。",
        "quoted": "{article}写到“{quote}”，没有写明{missing}。",
        "unsaid": "{article}最为接近，但没有一处说明了所问的内容。",
        "years": "语料中没有关于{years}的内容；最接近的是{article}。",
        "content": "{article}与此相关，但所问的内容在图片、附件或链接中，语料里没有这部分文字。",
        "original": "原文：{url}",
    },
    "en": {
        "unstated": "{article} is close, but does not state the {missing}.",
        "quoted": "{article} says “{quote}” and does not state the {missing}.",
        "unsaid": "{article} is the closest, but none of the articles states what was asked.",
        "years": "The articles say nothing about {years}; the closest is {article}.",
        "content": "{article} is about this, but what was asked is in a picture, attachment or link that the corpus does not hold.",
        "original": "The original: {url}",
    },
}
_EDGE = re.compile(r"^[\s，,、；;。？?！!]+|[\s，,、；;。？?！!]+$")


def account(question: Question, passages: Sequence[Passage], verdict: Verdict) -> str:
    """Return the text of a refusal by the verdict."""
    said, reason = _SENTENCES[question.lang], verdict.reason
    if verdict.best is None or reason is None or reason == "no_evidence":
        return REFUSALS[question.lang][reason or "no_evidence"]
    closest = verdict.closest or verdict.best.passage
    article = _article(closest, question.lang)
    if reason == "outside_dates":
        years = [str(year) for year in absent_years(question.text, passages)]
        return said["years"].format(years=_years(years, question.lang), article=article)
    if reason == "content_missing":
        lines = [said["content"].format(article=article)]
        lines += [said["original"].format(url=closest.url)] if closest.url is not None else []
        return "\n".join(lines)
    if not verdict.unstated:
        return said["unsaid"].format(article=article)
    missing = _joined(verdict.unstated, question.lang)
    quote = _quote(question, verdict)
    name = "unstated" if quote is None else "quoted"
    return said[name].format(article=article, missing=missing, quote=quote)


def unanswered(verdict: Verdict) -> tuple[str, ...]:
    """Return the parts of a question for which no value was found: the attribute's name, else the part as it was asked."""
    named = [
        _EDGE.sub("", row.part.text) if row.sought.attribute is None else row.sought.attribute.name[row.part.lang]
        for row in verdict.readings
        if not row.stated
    ]
    return tuple(dict.fromkeys(named))


def _quote(question: Question, verdict: Verdict) -> str | None:
    """Return what the closest article does say about the subject, cut at a clause; `None` where it says too little."""
    best = verdict.best
    if best is None or best.passage.lang != question.lang or best.own < QUOTABLE:
        return None
    if verdict.closest is not None and best.passage.article_id != verdict.closest.article_id:
        return None
    text = one_line(best.text)
    cut = [span.end for span in clause_spans(text) if span.end <= LONGEST_QUOTE]
    return _EDGE.sub("", text[: cut[-1]]) if cut else None


def _article(passage: Passage, lang: Lang) -> str:
    day = "" if passage.published is None else passage.published.isoformat()
    if lang == "zh":
        return f"《{passage.title}》" + (f"（{day}）" if day else "")
    return f"“{passage.title}”" + (f" ({day})" if day else "")


def _years(years: Sequence[str], lang: Lang) -> str:
    return "、".join(f"{year}年" for year in years) if lang == "zh" else ", ".join(years)


def _joined(names: Sequence[str], lang: Lang) -> str:
    return "、".join(names) if lang == "zh" else " or the ".join(names)
