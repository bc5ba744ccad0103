"""The assistant: one question in, passages found, an answer out, whole or as it is written."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rag.answer.instructions import restored, without_instructions
from rag.answer.refusal import refused
from rag.answer.stream import AnswerStream
from rag.errors import UsageError
from rag.protocols import ArticleStore
from rag.text.language import detect_lang
from rag.text.normalise import level
from rag.types import Filters, Question

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from typing import Self

    from rag.protocols import Answerer, Retriever, Translator
    from rag.types import Answer, Article, IndexStatus, Lang, Passage, Reason, Term, Turn

LONGEST_QUESTION = 10_000


class Library(ArticleStore, Protocol):
    """An opened revision of an index, as the assistant sees it."""

    @property
    def revision(self) -> int:
        """The revision's number."""
        ...

    def close(self) -> None:
        """Release the revision."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Answers questions over one revision of an index. Safe to share between threads; close it when done."""

    store: Library
    retriever: Retriever
    answerer: Answerer
    passages: int
    translator: Translator | None = None

    @property
    def llm(self) -> str:
        """Who writes the answers: `extractive`, or a model's specification."""
        return self.answerer.name

    @property
    def revision(self) -> int:
        """The revision of the index that answers come from."""
        return self.store.revision

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: date | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Return the whole answer. Raises `UsageError` for a question that is empty or too long."""
        return self._answered(self._question(question, filters, as_of, history), _ignore)

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: date | None = None,
        history: Sequence[Turn] = (),
    ) -> AnswerStream:
        """Return the same answer piece by piece; the question is checked before this returns."""
        asked = self._question(question, filters, as_of, history)
        return AnswerStream(lambda emit: self._answered(asked, emit))

    def search(
        self, question: str, *, k: int, filters: Filters | None = None, as_of: date | None = None
    ) -> tuple[tuple[Passage, ...], Mapping[str, float]]:
        """Return at most k passages, best first, and the milliseconds that it took."""
        if k < 1:
            raise UsageError(f"the number of passages must be at least 1 (got {k})")
        started = time.perf_counter()
        found = self.retriever.retrieve(self._question(question, filters, as_of, ()), k=k)
        return found, {"total": _milliseconds_since(started)}

    def asked(
        self, question: str, *, filters: Filters | None = None, as_of: date | None = None, history: Sequence[Turn] = ()
    ) -> Question:
        """Return the question as `search` and `ask` put it. Raises `UsageError` for one that is empty or too long."""
        return self._question(question, filters, as_of, history)

    def article(self, article_id: str) -> Article:
        """Return one article. Raises `NotFoundError`."""
        return self.store.article(article_id)

    def page_articles(self, page_id_prefix: str) -> list[Article]:
        """Return the articles of every page whose id begins so, by page id and in page order."""
        return self.store.page_articles(page_id_prefix)

    def status(self) -> IndexStatus:
        """Return what the index holds."""
        return self.store.status()

    def close(self) -> None:
        """Release the index."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _question(self, text: str, filters: Filters | None, as_of: date | None, history: Sequence[Turn]) -> Question:
        stripped = text.strip()
        if not any(char.isalnum() for char in stripped):
            raise UsageError(f"the question has no words in it (got {stripped[:40]!r}); write what you want to know")
        if len(stripped) > LONGEST_QUESTION:
            raise UsageError(
                f"the question has {len(stripped):,} characters; the limit is {LONGEST_QUESTION:,}. Shorten it"
            )
        lang = detect_lang(stripped)
        return Question(
            text=stripped,
            lang=lang,
            as_of=self.store.newest() if as_of is None else as_of,
            filters=Filters() if filters is None else filters,
            history=tuple(history),
            terms=self._terms(" ; ".join([stripped, *(turn.content for turn in history)]), lang=lang),
        )

    def _terms(self, text: str, *, lang: Lang) -> tuple[Term, ...]:
        return () if self.translator is None else self.translator.terms(level(text), lang=lang)

    def _answered(self, question: Question, emit: Callable[[str], None]) -> Answer:
        started = time.perf_counter()
        passages = self.retriever.retrieve(question, k=self.passages)
        retrieved = _milliseconds_since(started)
        if not passages and question.filters != Filters():
            answer = self._outside(question, emit)
        else:
            told = without_instructions(passages)
            answer = restored(self.answerer.answer(question, told, emit=emit), passages)
        total = _milliseconds_since(started)
        timings = {"retrieve": retrieved, "answer": round(total - retrieved, 3), "total": total}
        return replace(answer, timings_ms=timings)

    def _outside(self, question: Question, emit: Callable[[str], None]) -> Answer:
        """Refuse a question whose filters leave nothing, naming what lies outside them."""
        around = self.retriever.retrieve(replace(question, filters=Filters()), k=self.passages)
        reason: Reason = "outside_dates" if around else "no_evidence"
        answer = refused(question, around, reason=reason, confidence=0.0, llm=self.llm)
        emit(answer.text)
        return answer


def _ignore(_: str) -> None:
    return


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
