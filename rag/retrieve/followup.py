"""A follow-up question, completed from the conversation so that it can be searched by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.retrieve.query import content_words

if TYPE_CHECKING:
    from rag.types import Lang, Question

# A question this short, its frame left aside, leans on the one before it.
SELF_CONTAINED_CHARS = 5
SELF_CONTAINED_WORDS = 3
# What is read of a conversation: so many questions that lean on each other, so many characters of a question and an answer.
MOST_TURNS, TURN_CHARS, ANSWER_CHARS = 3, 300, 60

_ZH_POINTS_BACK = re.compile(
    r"^(?:其中|那么?|还有)|它|其(?!他|它|中|实|余)|该|这(?!个月|周|年)|那(?!么)|他们|她|前者|后者|上述|呢[？?]?$"
)
_EN_POINTS_BACK = re.compile(
    r"^(?:and|so|then)\b|\b(?:it|its|they|their|them|this|that|those|these|he|his|she|her|the (?:former|latter|same)|what about|how about)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\s*\[\d+\]")


def completed(question: Question) -> str:
    """Return the question's text, what the user asked before it in front where it cannot stand alone."""
    earlier = _earlier(question)
    return f"{earlier} {question.text}" if earlier and leans_back(question.text, lang=question.lang) else question.text


def ways(question: Question) -> tuple[str, ...]:
    """Return the texts that a follow-up may mean: as asked, completed by what was asked before, and by its answer.

    Which of them it means shows in what they find. The answer takes part only where a word points back, since what it
    says may be no part of what is asked now.
    """
    earlier = _earlier(question)
    if not earlier:
        return (question.text,)
    texts = [question.text, f"{earlier} {question.text}"]
    points_back = (_EN_POINTS_BACK if question.lang == "en" else _ZH_POINTS_BACK).search(question.text)
    last = question.history[-1]
    if points_back and last.role == "assistant":
        texts.append(f"{earlier} {_LABEL.sub('', last.content)[:ANSWER_CHARS]} {question.text}")
    return tuple(texts)


def _earlier(question: Question) -> str:
    """Return the last question of the conversation that can stand alone, with those after it."""
    asked = [turn.content for turn in question.history if turn.role == "user" and turn.content.strip()]
    texts: list[str] = []
    for text in asked[::-1][:MOST_TURNS]:
        texts.insert(0, text[:TURN_CHARS])
        if not leans_back(text, lang=question.lang):
            break
    return " ".join(texts)


def leans_back(text: str, *, lang: Lang) -> bool:
    """Tell whether a question looks as if it cannot be understood without the one before it."""
    content = content_words(text, lang=lang)
    if lang == "en":
        return bool(_EN_POINTS_BACK.search(text)) or len(content.split()) < SELF_CONTAINED_WORDS
    letters = sum(char.isalnum() for char in content)
    return bool(_ZH_POINTS_BACK.search(text)) or letters < SELF_CONTAINED_CHARS
