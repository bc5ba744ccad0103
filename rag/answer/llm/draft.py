"""A draft as it arrives: whole sentences as soon as nothing that follows can change them, or its refusal line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answer.llm.labels import draft_sentences
from rag.answer.llm.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.types import Reason

REFUSAL_REASONS: frozenset[Reason] = frozenset({"no_evidence", "weak_evidence", "content_missing", "false_premise"})
# Without a citation mark only what follows tells whether a sentence has ended: “…。” and then who said it.
LOOK_AHEAD = 30
# How long an opened bracket may stay open and still be taken for the start of a citation mark.
LONGEST_MARK = 24

_REFUSAL_START = re.compile(r"^[\s>*`\"“'\[【]*REFUSE(?![A-Za-z])", re.IGNORECASE)
_REFUSAL = re.compile(_REFUSAL_START.pattern + r"\W*([a-z_]*)", re.IGNORECASE)
# A point between digits ends nothing.
_SENTENCE_MARK = re.compile(r"[。!?！？；;…]|[．.](?!\d)")
_MARK_START = re.compile(r"[\[【(]")
_OPENED_MARK = re.compile(r"\s*[\[【(（［〔][^\]】)）］〕]*$")
_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("（", "）"), ("【", "】"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """One sentence of a draft. `gap` is the white space before it in the answer: a line break, or none."""

    text: str
    numbers: tuple[int, ...]
    gap: str


class Draft:
    """Feed it pieces in order. What it gives back does not depend on how the text was cut into pieces.

    `reason` is that of a refusal line, once one was read; `is_empty` tells whether nothing but white space was.
    """

    def __init__(self) -> None:
        self._pending = ""
        self._gap = ""
        self.reason: Reason | None = None
        self.is_empty = True

    def feed(self, piece: str) -> Iterator[Drafted]:
        """Yield the sentences that the piece made certain."""
        for char in piece:
            self._pending += char
            if char == "\n":
                yield from self._line()
            elif char.isalnum() and self._may_be_certain():
                yield from self._certain()

    def end(self) -> Iterator[Drafted]:
        """Yield the rest, when the model finished."""
        yield from self._line()

    def _line(self) -> Iterator[Drafted]:
        line, self._pending = self._pending, ""
        if not line.strip():
            return
        found = _REFUSAL.match(line)
        if found is not None:
            self.is_empty = False
            self.reason = _reason(found[1])
            return
        yield from self._taken(line)
        self._gap = "\n"

    def _may_be_certain(self) -> bool:
        """Tell without taking the text apart whether it may hold a whole sentence, which is asked at every character."""
        ended = _SENTENCE_MARK.search(self._pending)
        if ended is None:
            return False
        return _MARK_START.search(self._pending) is not None or len(self._pending) - ended.end() >= LOOK_AHEAD

    def _certain(self) -> Iterator[Drafted]:
        """Take the first sentence once the next one has begun with something that is no citation mark."""
        if _REFUSAL_START.match(self._pending):
            return
        sentences = draft_sentences(self._pending)
        if len(sentences) < 2:
            return
        head, rest = self._pending[: sentences[0].end], self._pending[sentences[0].end :]
        opened = _OPENED_MARK.match(rest) is not None and len(rest) < LONGEST_MARK
        ended = bool(sentences[0].numbers) or len(rest.strip()) >= LOOK_AHEAD
        if opened or not ended or not any(map(str.isalnum, rest)) or not _is_balanced(head):
            return
        self._pending = rest
        yield from self._taken(head)

    def _taken(self, text: str) -> Iterator[Drafted]:
        self.is_empty = False
        for sentence in draft_sentences(plain_text(text)):
            if any(map(str.isalnum, sentence.text)):
                yield Drafted(text=sentence.text, numbers=sentence.numbers, gap=self._gap)
                self._gap = ""


def _reason(word: str) -> Reason:
    return next((reason for reason in REFUSAL_REASONS if reason == word.lower()), "weak_evidence")


def _is_balanced(text: str) -> bool:
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)
