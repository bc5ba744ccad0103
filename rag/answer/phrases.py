"""What an answer says in its own words, in the question's language; no sentence of it states a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang, Reason

REFUSALS: Mapping[Lang, Mapping[Reason, str]] = {
    "zh": {
        "no_evidence": "语料中没有找到与这个问题相关的内容。",
        "weak_evidence": "语料中有相近的文章，但没有一处说明了所问的内容。",
        "outside_dates": "限定的日期或来源范围内没有相关内容，范围之外有相近的文章。",
        "content_missing": "有一篇文章与此相关，但所问的内容在图片或附件中，语料里没有这部分文字。",
        "unsupported": "起草的回答与引用的原文不符，因此不予给出。",
        "false_premise": "问题的前提与语料不符。",
    },
    "en": {
        "no_evidence": "Nothing in the articles is about this question.",
        "weak_evidence": "Some articles are close to the question, but none of them states what was asked.",
        "outside_dates": "Nothing relevant lies within the given dates or source; there are close articles outside them.",
        "content_missing": "An article is about this, but what was asked is in a picture or attachment that the corpus does not hold.",
        "unsupported": "A draft was made, but the passages do not support it, so it is withheld.",
        "false_premise": "The question assumes something that the articles contradict.",
    },
}


def framed_quote(quote: str, *, question_lang: Lang, quote_lang: Lang) -> str:
    """Return a quote as a sentence of the answer; a quote in another language is set in quotation marks and named."""
    if question_lang == quote_lang:
        return quote
    return f"The article says: “{quote}”" if question_lang == "en" else f"文章写道：“{quote}”"
