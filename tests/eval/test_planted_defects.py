"""Proof that the gate can fail: each kind of defect, planted into a working assistant, is named and fails the night."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.compare import compare_runs
from eval.gate import judge_change
from eval.questions import load_questions
from eval.records import read_run
from eval.run import run_questions
from rag.assembly import open_assistant
from rag.config import Settings
from rag.retrieve.hybrid import HybridRetriever
from rag.types import Answer, Citation, Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from eval.assistant import Assistant
    from eval.questions import QuestionSet
    from eval.records import Run
    from rag.answer.assistant import Assistant as Whole
    from rag.types import Article, Filters, IndexStatus, Kind, Passage, Question, Turn

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples" / "questions.jsonl"
CORPUS = ROOT / "eval" / "qa" / "corpus.jsonl"


@dataclass(slots=True, kw_only=True)
class Remembered:
    """An assistant that thinks once about each question, and whose finished answers can be spoilt."""

    whole: Assistant
    spoil: Callable[[Answer], Answer] = lambda answer: answer
    answers: dict[object, Answer] = field(default_factory=dict)

    @property
    def llm(self) -> str:
        return self.whole.llm

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: date | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        key = (question, as_of, tuple(history))
        if key not in self.answers:
            self.answers[key] = self.whole.ask(question, filters=filters, as_of=as_of, history=history)
        return self.spoil(self.answers[key])

    def article(self, article_id: str) -> Article:
        return self.whole.article(article_id)

    def page_articles(self, page_id_prefix: str) -> Sequence[Article]:
        return self.whole.page_articles(page_id_prefix)

    def status(self) -> IndexStatus:
        return self.whole.status()


def changed_digit(answer: Answer) -> Answer:
    """Change the last digit of each claim's last figure."""

    def change(text: str) -> str:
        return re.sub(r"[0-9](?=[^0-9]*$)", lambda match: str((int(match.group()) + 1) % 10), text, count=1)

    claims = tuple(replace(claim, text=change(claim.text)) for claim in answer.claims)
    text = answer.text
    for old, new in zip(answer.claims, claims, strict=True):
        text = text.replace(old.text, new.text)
    return replace(answer, claims=claims, text=text)


def shifted_citations(answer: Answer) -> Answer:
    """Move every span by one character."""
    rows = tuple(replace(row, start=row.start + 1, end=row.end + 1) for row in answer.citations)
    return replace(answer, citations=rows)


def never_refusing(answer: Answer) -> Answer:
    """Answer what was refused with the beginning of the best passage."""
    if answer.status == "answered" or not answer.passages:
        return answer
    best = answer.passages[0]
    quote = best.text[:60]
    row = Citation(
        label=1,
        article_id=best.article_id,
        page_id=best.page_id,
        title=best.title,
        quote=quote,
        start=best.start,
        end=best.start + len(quote),
    )
    passages = (replace(best, label=1), *(replace(passage, label=None) for passage in answer.passages[1:]))
    claims = (Claim(text=quote, labels=(1,), supported=True),)
    return replace(
        answer,
        status="answered",
        reason=None,
        text=f"{quote}[1]",
        citations=(row,),
        claims=claims,
        passages=passages,
    )


@dataclass(frozen=True, slots=True)
class NoVectors:
    """An embedder whose vectors are all zero."""

    identity: str
    dimension: int

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        return np.zeros((len(texts), self.dimension), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class NoAnswers:
    """An answerer that refuses everything; a run counts it as extractive."""

    name: str = "extractive"

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        return Answer(
            question=question,
            status="refused",
            reason="weak_evidence",
            text="没有。",
            confidence=0.0,
            passages=tuple(passages),
            llm=self.name,
        )


def emptied_dense_arm(whole: Whole) -> Whole:
    retriever = whole.retriever
    embedder = retriever.embedder  # type: ignore[attr-defined]
    return replace(whole, retriever=replace(retriever, embedder=NoVectors(embedder.identity, embedder.dimension)))  # type: ignore[type-var]


@pytest.fixture(scope="module")
def samples() -> QuestionSet:
    """The bundled questions."""
    return load_questions([SAMPLES])


@pytest.fixture(scope="module")
def sound(sample_index: Path) -> Iterator[Remembered]:
    """The assistant over the bundled articles."""
    with open_assistant(Settings(index=sample_index)) as opened:
        yield Remembered(whole=opened)


@pytest.fixture(scope="module")
def retrieval_questions() -> QuestionSet:
    """Chinese and English questions about the real corpus: a few samples cannot show that an arm is lost."""
    loaded = load_questions([CORPUS])
    rows = [row for row in loaded.questions if row.type == "fact"]
    chosen = [[row for row in rows if row.lang == lang][:count] for lang, count in (("zh", 60), ("en", 30))]
    return replace(loaded, questions=tuple(row for part in chosen for row in part))


@pytest.fixture(scope="module")
def whole(corpus_index: Path) -> Iterator[Whole]:
    """The assistant over the real corpus."""
    with open_assistant(Settings(index=corpus_index)) as opened:
        yield opened


@pytest.fixture(scope="module")
def good(whole: Whole, retrieval_questions: QuestionSet, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """What it finds before anything is broken."""
    return recorded(finder(whole), retrieval_questions, tmp_path_factory.mktemp("good"))


def finder(whole: Whole) -> Remembered:
    """Return an assistant that finds passages as the whole one does, and spends no time on answers."""
    return Remembered(whole=replace(whole, answerer=NoAnswers()))


def recorded(assistant: Assistant, questions: QuestionSet, out: Path) -> Run:
    return read_run(run_questions(questions, assistant=assistant, out=out, settings={}).folder)


def named(old: Run, new: Run) -> set[str]:
    return {row.points_at for row in judge_change(compare_runs(old, new), floors={}).findings}


@pytest.mark.parametrize(
    ("spoil", "name"),
    [(changed_digit, "figures"), (shifted_citations, "offsets"), (never_refusing, "refusal")],
)
def test_a_spoilt_answer_fails_the_gate_by_name(
    spoil: Callable[[Answer], Answer], name: str, sound: Remembered, samples: QuestionSet, tmp_path: Path
) -> None:
    before = recorded(sound, samples, tmp_path)
    assert named(before, recorded(replace(sound, spoil=spoil), samples, tmp_path)) >= {name}
    assert named(before, recorded(sound, samples, tmp_path)) == set()


def without_reranking(whole: Whole) -> Whole:
    retriever = whole.retriever
    assert isinstance(retriever, HybridRetriever)
    return replace(whole, retriever=replace(retriever, switches=replace(retriever.switches, rerank=False)))


def without_translation(whole: Whole) -> Whole:
    retriever = whole.retriever
    assert isinstance(retriever, HybridRetriever)
    return replace(whole, retriever=replace(retriever, switches=replace(retriever.switches, translation=False)))


def test_an_emptied_dense_arm_fails_the_gate_by_name(
    whole: Whole, retrieval_questions: QuestionSet, tmp_path: Path
) -> None:
    # The lexicon would make up for the loss: it crosses the languages too.
    alone = without_translation(whole)
    sound = recorded(finder(alone), retrieval_questions, tmp_path / "sound")
    bad = recorded(finder(emptied_dense_arm(alone)), retrieval_questions, tmp_path / "bad")
    assert "dense" in named(sound, bad)


def test_broken_tokens_fail_the_gate_by_name(
    whole: Whole, retrieval_questions: QuestionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The reranker would make up for them by what it reads in the texts.
    unranked = without_reranking(whole)
    before = recorded(finder(unranked), retrieval_questions, tmp_path)
    monkeypatch.setattr("rag.retrieve.arms.index_tokens", lambda text: (text,))
    assert "lexical" in named(before, recorded(finder(unranked), retrieval_questions, tmp_path))
