"""Questions rewritten by a language model for the search: completed, split, translated, or answered in imagination."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from prompts.load import load_prompt
from rag.answer.llm.labels import without_marks
from rag.errors import BackendError
from rag.types import Turn

if TYPE_CHECKING:
    from rag.protocols import LLM
    from rag.types import Question

Help = Literal["condense", "split", "translate", "imagine"]
MOST_QUERIES = 4
LONGEST_QUERY = 500
# The latest turns are what a follow-up leans on.
MOST_TURNS = 6
LONGEST_TURN = 600
# What a reply may hold before it is broken off: it is a question, not an essay.
LONGEST_REPLY = MOST_QUERIES * LONGEST_QUERY
NONCE_DIGITS = 12
# A model that has learned the form of a refusal may use it here too.
REFUSAL = "REFUSE"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWriter:
    """Asks the model for other forms of a question, for at most `within_s` seconds each time."""

    llm: LLM
    within_s: float

    def write(self, help_: Help, question: Question) -> tuple[str, ...]:
        """Return other questions to search for; none where the model fails or only repeats the question."""
        try:
            reply = self._reply(help_, question)
        except BackendError:
            return ()
        lines = [" ".join(line.split()).strip("“”\"'-•* ") for line in reply.splitlines()]
        found = [line for line in lines if 0 < len(line) <= LONGEST_QUERY and line != question.text]
        if any(line.startswith(REFUSAL) for line in found):
            return ()
        return tuple(dict.fromkeys(found))[: MOST_QUERIES if help_ == "split" else 1]

    def _reply(self, help_: Help, question: Question) -> str:
        template = load_prompt("queries", lang=question.lang)
        values = {"question": " ".join(question.text.split())}
        if help_ == "condense":
            history = _history(question)
            values |= {"history": history, "nonce": _nonce(history)}
        elif help_ == "split":
            values |= {"most": str(MOST_QUERIES)}
        messages = (
            Turn(role="system", content=template.fill("system", {})),
            Turn(role="user", content=template.fill(help_, values)),
        )
        completion = self.llm.stream(messages, within_s=self.within_s)
        reply = ""
        try:
            for piece in completion:
                reply += piece
                if len(reply) > LONGEST_REPLY:
                    break
        finally:
            completion.close()
        return reply


def _history(question: Question) -> str:
    spoken = [turn for turn in question.history if turn.role in ("user", "assistant")][-MOST_TURNS:]
    return "\n".join(f"{turn.role}: {' '.join(without_marks(turn.content).split())[:LONGEST_TURN]}" for turn in spoken)


def _nonce(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    while (mark := digest.hexdigest()[:NONCE_DIGITS]) in text:
        digest.update(b"+")
    return mark
