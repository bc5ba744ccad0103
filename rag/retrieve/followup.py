"""A follow-up question, completed from the conversation so that it can be searched by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.retrieve.query import content_words

if TYPE_CHECKING:
    from rag.types import Question

# A question this short, its frame left aside, leans on the one before it.
SELF_CONTAINED_CHARS = 5
SELF_CONTAINED_WORDS = 3

_ZH_POINTS_BACK = re.compile(
    r"^(?:其中|那么?|还有)|它|其(?!他|它|中|实|余)|该|这(?!个月|周|年)|那(?!么)|他们|她|前者|后者|上述|呢[？?]?$"
)
_EN_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|their|them|this|that|those|these|he|his|she|her|the (?:former|latter|same)|what about|how about)\b",
    re.IGNORECASE,
)


def completed(question: Question) -> str:
    """Return the question's text, the user's question before it in front where it cannot stand alone."""
    asked = [turn.content for turn in question.history if turn.role == "user"]
    return f"{asked[-1]} {question.text}" if asked and _leans_back(question) else question.text


def _leans_back(question: Question) -> bool:
    content = content_words(question.text, lang=question.lang)
    if question.lang == "en":
        return bool(_EN_POINTS_BACK.search(question.text)) or len(content.split()) < SELF_CONTAINED_WORDS
    letters = sum(char.isalnum() for char in content)
    return bool(_ZH_POINTS_BACK.search(question.text)) or letters < SELF_CONTAINED_CHARS
