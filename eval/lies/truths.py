"""True claims: the sentences of a question's passages that are nearest to it, whole and in other true forms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from eval.lies.claim import TrueClaim
from eval.lies.stated import overlap
from eval.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.types import Passage

# Shorter sentences are headings and calls, longer ones are lists; in characters, Chinese and English.
LENGTHS = {"zh": (12, 160), "en": (40, 400)}
ENDS = {"zh": re.compile(r"[。；！][”』）]?$"), "en": re.compile(r"\.[”\"]?$")}
# What neither states nor reads as a sentence alone, or states only on a condition.
UNSTATED = re.compile(
    r"[？?：:]\s*$|^(?:如|若|假如|If |Whether )|如果|是否|^[、）)，,]|https?://|[?？]|▲|[(（](?:记者|摄)"
)
ENUMERATED = re.compile(
    r"^(?:[#\-·•◆■●\s]+|\d{1,2}[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)+"
)
HUNDRED_MILLIONS = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,2}(?=亿)(?!亿美|亿吨)")
PERCENT = re.compile(r"(?<=\d)%")
YEAR = re.compile(r"今年(?!年?底|初|来)")


def truths(question: str, passages: Sequence[Passage], *, key: str) -> list[TrueClaim]:
    """Return the sentences of the passages as claims, the nearest to the question first."""
    found = [
        (overlap(question, text) - 0.05 * at, at, text) for at, row in enumerate(passages) for text in statements(row)
    ]
    found.sort(key=lambda row: (-row[0], row[1]))
    unique = {text: at for _, at, text in reversed(found)}
    texts = [text for _, _, text in found]
    rows = list(dict.fromkeys(texts))
    return [
        TrueClaim(key=f"{key}.{number}", form="verbatim", text=text, passages=tuple(passages), cited=unique[text])
        for number, text in enumerate(rows)
    ]


def statements(passage: Passage) -> Iterator[str]:
    """Yield the sentences of a passage that assert something and stand alone."""
    least, most = LENGTHS[passage.lang]
    for span in sentences(passage.text):
        text = passage.text[span.start : span.end].replace("**", "")
        text = ENUMERATED.sub("", text)
        is_stated = ENDS[passage.lang].search(text) is not None and UNSTATED.search(text) is None
        if least <= len(text) <= most and is_stated and _is_whole(text):
            yield text


def other_forms(claim: TrueClaim) -> Iterator[TrueClaim]:
    """Yield the claim in other forms that are as true: cut short, its figures restated, its source or year named."""
    for form, text in _forms(claim):
        if text != claim.text:
            yield replace(claim, key=f"{claim.key}.{form}", form=form, text=text)


def _forms(claim: TrueClaim) -> Iterator[tuple[str, str]]:
    text, passage = claim.text, claim.passage
    is_chinese = passage.lang == "zh"
    yield "cut", _cut(text, "，" if is_chinese else ", ", "。" if is_chinese else ".")
    yield "half_width", unicodedata.normalize("NFKC", text)
    restated = HUNDRED_MILLIONS.sub(lambda match: f"{(Decimal(match[0]) * 10000).normalize():f}", text)
    yield "restated", restated.replace("亿", "万") if restated != text and text.count("亿") == 1 else text
    yield "percent", text if is_chinese else PERCENT.sub(" percent", text)
    if passage.source is not None:
        yield "attributed", f"据{passage.source}，{text}" if is_chinese else f"According to {passage.source}, {text}"
    if passage.published is not None:
        yield "dated", YEAR.sub(f"{passage.published.year}年", text)


def _cut(text: str, comma: str, stop: str) -> str:
    """Return the first half of the clauses of a long sentence, never within a pair of marks."""
    clauses = text.split(comma)
    head = comma.join(clauses[: (len(clauses) + 1) // 2])
    return head + stop if len(clauses) > 2 and _is_whole(head) and len(head) >= LENGTHS["zh"][0] else text


def _is_whole(text: str) -> bool:
    return all(text.count(left) == text.count(right) for left, right in ("“”", "（）", "()", "《》"))
