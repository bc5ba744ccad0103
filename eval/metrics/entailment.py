"""Does a text support a sentence? A test on strings and figures that stands in for a language-inference model."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from eval.normalise import contains, figures, normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CONTAINMENT = 0.8
QUOTED = re.compile(r"《[^《》]+》|“[^“”]{2,}”|「[^「」]{2,}」")
# “The article says: …” and 文章写道：… say that a quotation follows; what has to be supported is the quotation.
REPORTED = re.compile(
    r"\s*(?:(?:the )?(?:article|report|passage|document)s?|文章|报道|原文|资料|文中)[^“”:：]{0,12}[:：]\s*“(.*)”[。.]?\s*",
    re.DOTALL | re.IGNORECASE,
)
LATIN_NAME = re.compile(r"\b[A-Z][A-Za-z0-9]+(?:[-.][A-Za-z0-9]+)*\b")


def bigrams(text: str) -> set[str]:
    """Return the pairs of neighbouring characters of the normalised text."""
    flat = normalise(text)
    return {flat[i : i + 2] for i in range(len(flat) - 1)}


def bigram_weights(texts: Sequence[str]) -> dict[str, float]:
    """Return ln(1 + (N + 1) / (df + 1)) for each bigram of N texts; one that is in none of them weighs ln(N + 2)."""
    frequency = Counter(pair for text in texts for pair in bigrams(text))
    return {pair: _weight(len(texts), count) for pair, count in frequency.items()} | {"": _weight(len(texts), 0)}


def supports(sentence: str, *, by: str, weights: Callable[[], Mapping[str, float]]) -> bool:
    """Tell whether a text entails a sentence; `weights` are asked for only where the wording has to be weighed.

    What a sentence only reports (“The article says: …”) is tested without the reporting words. True if the sentence
    stands in it; else if all its figures, dates, quoted terms and Latin names stand in it and the
    sentence's bigrams, weighted, are contained in it by at least 0.8.
    """
    reported = REPORTED.fullmatch(sentence)
    sentence = sentence if reported is None else reported[1]
    text = normalise(by)
    if normalise(sentence) in text:
        return bool(normalise(sentence))
    names = [*QUOTED.findall(sentence), *LATIN_NAME.findall(sentence)]
    if not all(contains(text, form=form) for form in [*figures(sentence), *names]):
        return False
    wanted, held, weight = bigrams(sentence), bigrams(by), weights()
    total = sum(_of(weight, pair) for pair in wanted)
    return total > 0 and sum(_of(weight, pair) for pair in wanted & held) >= CONTAINMENT * total


def _of(weights: Mapping[str, float], pair: str) -> float:
    return weights.get(pair, weights.get("", 1.0))


def _weight(texts: int, frequency: int) -> float:
    return math.log(1 + (texts + 1) / (frequency + 1))
