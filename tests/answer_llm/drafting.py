"""An answerer whose model says what a test has it say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.answer.grounding import ground_claim
from rag.answer.llm.answerer import LLMAnswerer
from rag.types import Answer, Passage, Question, Turn, Usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GOOD = "2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为43.9%。[1]"
ALSO = "2025年前三季度，全市生产总值为40721.17亿元，同比增长5.5%。[2]"
LATER = "前三季度，上述比重升到44.1%。[3]"
LIE = "2023年，上海工业战略性新兴产业总产值占规上工业总产值的比重为51.2%。[1]"


@dataclass
class Scripted:
    """A completion of given pieces; an exception among them is raised."""

    pieces: Sequence[str | Exception]
    usage: Usage | None = None
    closed: int = 0

    def __iter__(self) -> Iterator[str]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    def close(self) -> None:
        self.closed += 1


@dataclass
class ScriptedLLM:
    """An LLM that gives its completions in turn and keeps the messages."""

    completions: Sequence[Scripted]
    seen: list[Sequence[Turn]] = field(default_factory=list)
    name: str = "openai:scripted"

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Scripted:
        self.seen.append(messages)
        return self.completions[min(len(self.seen), len(self.completions)) - 1]


@dataclass
class Quoting:
    """A fallback that quotes the first passage."""

    name: str = "extractive"

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        text = f"{passages[0].text} [1]"
        emit(text)
        return Answer(
            question=question, status="answered", text=text, confidence=0.8, passages=tuple(passages), llm=self.name
        )


def answerer(*completions: Scripted, prompt_tokens: int = 20_000) -> LLMAnswerer:
    return LLMAnswerer(
        llm=ScriptedLLM(completions),
        count_tokens=len,
        prompt_tokens=prompt_tokens,
        ground=ground_claim,
        deadline_s=60.0,
        fallback=Quoting(),
    )


def answered(question: Question, passages: Sequence[Passage], *pieces: str | Exception) -> Answer:
    emitted: list[str] = []
    answer = answerer(Scripted(pieces)).answer(question, passages, emit=emitted.append)
    assert "".join(emitted) == answer.text
    return answer
