"""Proof that the gate can fail: each kind of defect, planted into a working assistant, is named and fails the night."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
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
from rag.types import Citation, Claim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from eval.assistant import Assistant
    from eval.gate import Verdict
    from eval.questions import QuestionSet
    from eval.records import Run
    from rag.answer.assistant import Assistant as Whole
    from rag.types import Answer, Article, Filters, IndexStatus, Kind, Turn

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples" / "questions.jsonl"
CORPUS = ROOT / "eval" / "qa" / "corpus.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Defective:
    """An assistant whose finished answers are spoilt."""

    whole: Assistant
    spoil: Callable[[Answer], Answer]

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
        return self.spoil(self.whole.ask(question, filters=filters, as_of=as_of, history=history))

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


def emptied_dense_arm(whole: Whole) -> Assistant:
    retriever = whole.retriever
    embedder = retriever.embedder  # type: ignore[attr-defined]
    return replace(whole, retriever=replace(retriever, embedder=NoVectors(embedder.identity, embedder.dimension)))  # type: ignore[type-var]


@pytest.fixture(scope="module")
def questions() -> QuestionSet:
    """The real question set where the real corpus is, else the samples'."""
    return load_questions([CORPUS if os.environ.get("HUWEN_CORPUS") and CORPUS.exists() else SAMPLES])


@pytest.fixture(scope="module")
def whole(request: pytest.FixtureRequest) -> Iterator[Whole]:
    """The assistant that those questions are for."""
    real = os.environ.get("HUWEN_CORPUS") and CORPUS.exists()
    index: Path = request.getfixturevalue("corpus_index" if real else "sample_index")
    with open_assistant(Settings(index=index)) as opened:
        yield opened


@pytest.fixture(scope="module")
def good(whole: Whole, questions: QuestionSet, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the unspoilt assistant."""
    out = tmp_path_factory.mktemp("good")
    return read_run(run_questions(questions, assistant=whole, out=out, settings={}).folder)


def verdict(good: Run, assistant: Assistant, questions: QuestionSet, out: Path) -> Verdict:
    bad = read_run(run_questions(questions, assistant=assistant, out=out, settings={}).folder)
    return judge_change(compare_runs(good, bad), floors={})


@pytest.mark.parametrize(
    ("spoil", "named"),
    [(changed_digit, "figures"), (shifted_citations, "offsets"), (never_refusing, "refusal")],
)
def test_a_spoilt_answer_fails_the_gate_by_name(
    spoil: Callable[[Answer], Answer], named: str, good: Run, whole: Whole, questions: QuestionSet, tmp_path: Path
) -> None:
    found = verdict(good, Defective(whole=whole, spoil=spoil), questions, tmp_path)
    assert named in {row.points_at for row in found.findings}


def test_an_emptied_dense_arm_fails_the_gate_by_name(
    good: Run, whole: Whole, questions: QuestionSet, tmp_path: Path
) -> None:
    found = verdict(good, emptied_dense_arm(whole), questions, tmp_path)
    assert "dense" in {row.points_at for row in found.findings}


def test_broken_tokens_fail_the_gate_by_name(
    good: Run, whole: Whole, questions: QuestionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.retrieve.hybrid.index_tokens", lambda text: (text,))
    found = verdict(good, whole, questions, tmp_path)
    assert "lexical" in {row.points_at for row in found.findings}


def test_an_unchanged_assistant_passes(good: Run, whole: Whole, questions: QuestionSet, tmp_path: Path) -> None:
    assert verdict(good, whole, questions, tmp_path).passed
