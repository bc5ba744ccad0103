"""What a user should know of how a language model wrote an answer, or failed to; no sentence of it states a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang

_FELL_BACK: Mapping[Lang, str] = {
    "zh": "语言模型没有给出回答（{error}），以下内容摘自原文。",
    "en": "The language model gave no answer ({error}); these sentences are quoted from the articles instead.",
}
_BROKE_OFF: Mapping[Lang, str] = {
    "zh": "语言模型中途停止（{error}），回答可能不完整。",
    "en": "The language model stopped half-way ({error}); the answer may be incomplete.",
}
_DROPPED: Mapping[Lang, str] = {
    "zh": "草稿中有 {count} 句与所引原文不符或没有标明出处，已删去。",
    "en": "Sentences of the draft that its sources do not support were left out: {count}.",
}

_UNSURE: Mapping[Lang, str] = {
    "zh": "有 {count} 句与所引原文不符或没有标明出处，已在句后注明。",
    "en": "Sentences that their sources do not support are marked: {count}.",
}
MARKS: Mapping[Lang, str] = {"zh": "〔未核实〕", "en": "[not verified]"}


def fell_back(lang: Lang, error: Exception) -> str:
    """Say that the answer is extracted because the model failed."""
    return _FELL_BACK[lang].format(error=error)


def broke_off(lang: Lang, error: Exception) -> str:
    """Say that the answer may lack its end."""
    return _BROKE_OFF[lang].format(error=error)


def dropped(lang: Lang, count: int) -> str | None:
    """Say how many sentences were left out; `None` where none was."""
    return _DROPPED[lang].format(count=count) if count else None


def unsure(lang: Lang, count: int) -> str | None:
    """Say how many sentences are marked as not supported; `None` where none is."""
    return _UNSURE[lang].format(count=count) if count else None


def joined(*notices: str | None) -> str | None:
    """Return the notices as one text; `None` where there is none."""
    return " ".join(notice for notice in notices if notice is not None) or None
