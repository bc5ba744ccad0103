"""The messages that ask a language model for an answer: fixed part first, passages fenced, all within a budget."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prompts.load import Prompt, load_prompt
from rag.answer.llm.labels import without_marks
from rag.errors import ConfigError, UsageError
from rag.types import Passage, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rag.types import Claim, Lang, Question

# The model's own encoding is rarely the one that counts here, so this share of the budget stays unused.
HEAD_ROOM = 0.3
HISTORY_SHARE = 0.2
BETWEEN_PASSAGES = 2
NONCE_DIGITS = 12

UNKNOWN: dict[Lang, str] = {"zh": "未注明", "en": "not given"}
SPEAKERS: dict[Lang, dict[str, str]] = {
    "zh": {"user": "用户", "assistant": "助手"},
    "en": {"user": "User", "assistant": "Assistant"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltPrompt:
    """The messages, and the passages in them: number n in the prompt is `shown[n - 1]`."""

    messages: tuple[Turn, ...]
    shown: tuple[Passage, ...]


def build_messages(
    question: Question, passages: Sequence[Passage], *, count_tokens: Callable[[str], int], budget: int
) -> tuple[Turn, ...]:
    """Return the messages of `build_prompt`."""
    return build_prompt(question, passages, count_tokens=count_tokens, budget=budget).messages


def build_prompt(
    question: Question, passages: Sequence[Passage], *, count_tokens: Callable[[str], int], budget: int
) -> BuiltPrompt:
    """Return the prompt with as many passages, from the first on and each of them whole, as `budget` tokens hold.

    The same input gives the same prompt. Raises `UsageError` where the question leaves no room for a passage,
    `ConfigError` where the budget does not.
    """
    template = load_prompt("answer", lang=question.lang)
    builder = _Builder(template, question, _nonce(question, passages), count_tokens)
    usable = int(budget * (1.0 - HEAD_ROOM))
    turns = builder.history(int(usable * HISTORY_SHARE))
    room = usable - count_tokens(template.fill("system", {})) - count_tokens(builder.user(turns, ()))
    shown = builder.fitting(passages, room)
    if passages and not shown:
        raise _no_room(
            question,
            count_tokens=count_tokens,
            budget=budget,
            short_of=count_tokens(builder.passage(1, passages[0])) + BETWEEN_PASSAGES - room,
        )
    return BuiltPrompt(
        messages=(
            Turn(role="system", content=template.fill("system", {})),
            Turn(role="user", content=builder.user(turns, shown)),
        ),
        shown=shown,
    )


def redo_prompt(prompt: BuiltPrompt, claims: Sequence[Claim], *, lang: Lang) -> BuiltPrompt:
    """Return the prompt with the draft that did not hold and the reasons, asking for another."""
    problems = "\n".join(f"- {claim.text}: {', '.join(claim.problems)}" for claim in claims)
    again = load_prompt("redo", lang=lang).fill("redo", {"problems": problems})
    draft = "\n".join(claim.text for claim in claims)
    turns = (Turn(role="assistant", content=draft), Turn(role="user", content=again))
    return BuiltPrompt(messages=(*prompt.messages, *turns), shown=prompt.shown)


class _Builder:
    """Fills one template for one question."""

    def __init__(self, template: Prompt, question: Question, nonce: str, count: Callable[[str], int]) -> None:
        self._template = template
        self._question = question
        self._nonce = nonce
        self._count = count

    def user(self, turns: Sequence[str], shown: Sequence[Passage]) -> str:
        """Return the user's message."""
        question = self._question
        return self._template.fill(
            "question",
            {
                "nonce": self._nonce,
                "count": str(len(shown)),
                "passages": "\n\n".join(self.passage(number, row) for number, row in enumerate(shown, 1)),
                "history": self._history(turns),
                "as_of": UNKNOWN[question.lang] if question.as_of is None else question.as_of.isoformat(),
                "question": question.text,
            },
        )

    def passage(self, number: int, passage: Passage) -> str:
        """Return one passage between its marker lines."""
        unknown = UNKNOWN[self._question.lang]
        return self._template.fill(
            "passage",
            {
                "nonce": self._nonce,
                "number": str(number),
                "title": _one_line(passage.header or passage.title),
                "source": unknown if passage.source is None else _one_line(passage.source),
                "published": unknown if passage.published is None else passage.published.isoformat(),
                "text": passage.text,
            },
        )

    def history(self, room: int) -> tuple[str, ...]:
        """Return the latest turns that fit into `room` tokens, oldest first, each whole and without its marks."""
        kept: list[str] = []
        names = SPEAKERS[self._question.lang]
        spoken = [turn for turn in self._question.history if turn.role in names]
        for turn in reversed(spoken):
            line = f"{names[turn.role]}: {_one_line(without_marks(turn.content))}"
            room -= self._count(line) + 1
            if room < 0:
                break
            kept.insert(0, line)
        return tuple(kept)

    def fitting(self, passages: Sequence[Passage], room: int) -> tuple[Passage, ...]:
        """Return the passages from the first on that fit into `room` tokens."""
        for number, passage in enumerate(passages, 1):
            room -= self._count(self.passage(number, passage)) + BETWEEN_PASSAGES
            if room < 0:
                return tuple(passages[: number - 1])
        return tuple(passages)

    def _history(self, turns: Sequence[str]) -> str:
        if not turns:
            return ""
        return self._template.fill("history", {"nonce": self._nonce, "turns": "\n".join(turns)}) + "\n\n"


def _nonce(question: Question, passages: Sequence[Passage]) -> str:
    """Return a mark that depends on all of the prompt's content and stands nowhere in it."""
    parts = [question.text, *(turn.content for turn in question.history)]
    parts += [part for row in passages for part in (row.chunk_id, row.header, row.source or "", row.text)]
    content = "\0".join(parts)
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass"))
    while (mark := digest.hexdigest()[:NONCE_DIGITS]) in content:
        digest.update(b"+")
    return mark


def _no_room(question: Question, *, count_tokens: Callable[[str], int], budget: int, short_of: int) -> Exception:
    asked = count_tokens(question.text)
    if asked > budget // 4:
        return UsageError(
            f"the question takes {asked:,} of the prompt's {budget:,} tokens; shorten it, or raise `prompt_tokens`"
        )
    least = budget + math.ceil((short_of + 1) / (1.0 - HEAD_ROOM))
    return ConfigError(
        f"`prompt_tokens` is {budget:,}, which leaves no room for a passage; set it to {least:,} or more"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
