"""What the parts ask of each other. Structural types, one to five methods each; nothing here is inherited from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from rag.search_types import Asked, Candidate, Group
    from rag.types import (
        Answer,
        Article,
        Chunk,
        Filters,
        Hit,
        IndexStatus,
        Kind,
        Lang,
        Page,
        Passage,
        Question,
        Term,
        Turn,
        Usage,
    )


class Reader(Protocol):
    """Reads one file format."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell whether this reader takes the file, by its name and first bytes."""
        ...

    def read(self, path: Path) -> Iterator[Page]:
        """Yield the file's pages in file order. Raises `InputError` naming path and reason."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors of unit norm."""

    @property
    def identity(self) -> str:
        """Names the model and its version; two embedders with one identity give the same vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        ...

    def embed(self, texts: Sequence[str], *, kind: Kind) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), rows of unit norm; an empty text gives a zero row."""
        ...


class Translator(Protocol):
    """Knows counterparts of words in the other language."""

    def terms(self, text: str, *, lang: Lang) -> tuple[Term, ...]:
        """Return the words and phrases of a text in `lang` that have counterparts, in order, none overlapping."""
        ...


class Tokenizer(Protocol):
    """Cuts a text into the tokens that the lexical index counts."""

    def __call__(self, text: str) -> list[str]:
        """Return the tokens in order; a question and a passage are cut alike."""
        ...


class ArticleStore(Protocol):
    """Reads articles and chunks of one revision of an index."""

    def article(self, article_id: str) -> Article:
        """Return one article. Raises `NotFoundError`; a page id of several articles names them in the message."""
        ...

    def page_articles(self, page_id_prefix: str) -> list[Article]:
        """Return the articles of every page whose id begins so, by page id and in page order."""
        ...

    def chunks(self, chunk_ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks in the order asked for. Raises `NotFoundError`."""
        ...

    def newest(self) -> date | None:
        """Return the newest publication date in the index."""
        ...

    def duplicates(self, article_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Map each of the articles that has near-duplicates to their article ids, itself left out."""
        ...

    def status(self) -> IndexStatus:
        """Return what the index holds."""
        ...


class ChunkIndex(Protocol):
    """Searches the chunks of one revision. Every method applies the filters before it takes the best k."""

    def search_lexical(self, tokens: Sequence[str], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits; `score` is the share, 0 to 1, of the query's idf mass that the chunk covers (BM25)."""
        ...

    def search_groups(self, groups: Sequence[Group], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits; each group counts by its best choice, `score` is the share, 0 to 1, of the most they can count."""
        ...

    def search_dense(self, vector: NDArray[np.float32], *, k: int, filters: Filters) -> list[Hit]:
        """Return at most k hits; `score` is the cosine with `vector`, of shape (dimension,) and unit norm."""
        ...

    def idf(self, tokens: Sequence[str]) -> list[float]:
        """Return each token's inverse document frequency (BM25's), in order; a token that never occurs has the highest."""
        ...


class Retriever(Protocol):
    """Finds the passages that a question needs."""

    def retrieve(self, question: Question, *, k: int) -> tuple[Passage, ...]:
        """Return at most k passages, best first, none labelled yet."""
        ...


class Reranker(Protocol):
    """Judges the best candidates of a search by what their texts say."""

    def scores(self, asked: Asked, candidates: Sequence[Candidate]) -> list[float]:
        """Return for each candidate, in order, the probability, 0 to 1, that it answers the question."""
        ...


class Completion(Protocol):
    """What a language model streams: pieces of text, then its usage."""

    @property
    def usage(self) -> Usage | None:
        """Tokens used, known once the pieces are exhausted; `None` where the server does not say."""
        ...

    def __iter__(self) -> Iterator[str]:
        """Yield pieces of text. Raises `BackendError` when the stream breaks or ends without a finish."""
        ...

    def close(self) -> None:
        """Stop the upstream call; safe to call twice."""
        ...


class LLM(Protocol):
    """A chat model."""

    @property
    def name(self) -> str:
        """The specification that selects it, such as `openai:gpt-4o-mini`."""
        ...

    def stream(self, messages: Sequence[Turn], *, within_s: float | None = None) -> Completion:
        """Start one completion; `within_s` cuts the seconds that it may take, never adds to them.

        Raises `BackendError`, `BackendTimeoutError`.
        """
        ...


class Answerer(Protocol):
    """Writes an answer from passages."""

    @property
    def name(self) -> str:
        """What `Answer.llm` says: `extractive`, or the model's specification."""
        ...

    def answer(self, question: Question, passages: Sequence[Passage], *, emit: Callable[[str], None]) -> Answer:
        """Return the whole answer; `emit` receives its text piece by piece as it becomes final."""
        ...
