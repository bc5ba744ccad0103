"""What the evaluation asks of an assistant; it knows no class that keeps this promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rag.types import Answer, Article, Filters, IndexStatus, Turn


class Assistant(Protocol):
    """Answers questions, and shows the articles that its answers quote."""

    @property
    def llm(self) -> str:
        """Who writes the answers."""
        ...

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: date | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Return the whole answer."""
        ...

    def article(self, article_id: str) -> Article:
        """Return one article. Raises `NotFoundError`."""
        ...

    def page_articles(self, page_id_prefix: str) -> Sequence[Article]:
        """Return the articles of every page whose id starts so; none is an empty sequence."""
        ...

    def status(self) -> IndexStatus:
        """Return what the index holds."""
        ...


class Stream(Protocol):
    """An answer piece by piece; `answer` is the whole, once the pieces are read."""

    @property
    def answer(self) -> Answer:
        """The whole answer."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Yield the pieces."""
        ...


class StreamingAssistant(Assistant, Protocol):
    """An assistant that also answers piece by piece."""

    def stream(self, question: str) -> Stream:
        """Return the answer while it is written."""
        ...
