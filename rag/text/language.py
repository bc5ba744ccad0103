"""Tells Chinese from English by counting; knows no third language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Lang

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
# Capitalised words and abbreviations are names as often as not, in either language, so they do not count.
_WORD = re.compile(r"(?<![A-Za-z])[a-z]+(?![A-Za-z])")
_CHINESE = re.compile("[的了吗嗎呢么麼哪谁誰在有被把与與及等这這那几幾]|多少|是|何")
_ENGLISH = re.compile(
    r"\b(?:the|of|in|on|at|to|for|from|by|with|and|or|is|are|was|were|be|do|does|did|has|have|had|will|can|which|"
    r"what|who|whose|when|where|why|how|that|this|it|its|an?|about|me|tell|give|list|compare|explain)\b",
    re.IGNORECASE,
)
# A Chinese word has about 1.7 characters; a grammatical word tells more about a language than a name does.
HAN_PER_WORD = 1.7
GRAMMAR = 3.0
# What stands between the words of a name.
_IN_NAMES = frozenset("of the and for in on at de".split())
# Fewer words than this may be a name.
FEWEST_WORDS = 4

_QUOTATION = re.compile('[“"「『《][^“”"「」『』《》]*[”"」』》]')
_KANA_OR_HANGUL = re.compile("[\u3041-\u30fa\uac00-\ud7a3]")


def detect_lang(text: str) -> Lang:
    """Return the language that most of the text is in; a text without Han characters is `en`."""
    han = len(_HAN.findall(text))
    if han == 0:
        return "en"
    chinese = han / HAN_PER_WORD + GRAMMAR * len(_CHINESE.findall(text))
    english = len(_WORD.findall(text)) + GRAMMAR * len(_ENGLISH.findall(text))
    return "zh" if chinese >= english else "en"


def is_in_another_language(text: str, *, lang: Lang) -> bool:
    """Tell whether a sentence, its quotations left out, is plainly not in `lang`; one of names and figures is in any."""
    said = _QUOTATION.sub(" ", text)
    if _KANA_OR_HANGUL.search(said):
        return True
    words = len(_WORD.findall(said))
    if lang == "zh":
        return not _HAN.search(said) and (words >= FEWEST_WORDS or _is_english_sentence(said))
    if detect_lang(said) == "zh":
        return True
    return words >= FEWEST_WORDS and not _ENGLISH.search(said)


def _is_english_sentence(text: str) -> bool:
    """Tell whether a short text has English grammar and a word besides: It gives 7. A name such as Bank of China has none."""
    words = [word for word in _WORD.findall(text) if word not in _IN_NAMES]
    return bool(words) and _ENGLISH.search(text) is not None
