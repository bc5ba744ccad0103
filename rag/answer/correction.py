"""An answer to a question that takes something for granted that the articles contradict: the correction, cited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answer.refusal import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.answer.premise import Premise
    from rag.types import Answer, Lang

_LEAD: Mapping[Lang, str] = {
    "zh": "问题的前提与文章不符：",
    "en": "The question assumes something that the articles contradict:",
}
_NOTICE: Mapping[Lang, str] = {
    "zh": "问题中的“{words}”与文章不符，以引用的原文为准。",
    "en": "The articles do not bear out “{words}” in the question; the quoted text is what they say.",
}


def corrected(answer: Answer, premise: Premise) -> Answer:
    """Return the refusal whose text states the correction; its claims and citations are those of the answer."""
    lang = answer.question.lang
    return replace(
        answer,
        status="refused",
        reason="false_premise",
        text=f"{_LEAD[lang]}\n{answer.text}",
        notice=_NOTICE[lang].format(words=premise.words),
        nearest=nearest(answer.passages),
    )
