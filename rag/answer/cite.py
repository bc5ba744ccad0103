"""From chosen quotes to an answer's text, claims and citations, with labels in the order of first use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.types import Citation, Claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.types import Passage, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an answer and the spans, in their passages' articles, that support it."""

    text: str
    support: tuple[tuple[Passage, Span], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An answer's text with its marks, and the rows that belong to it."""

    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]


class Labels:
    """Gives passages their numbers, from 1, as they are first cited."""

    def __init__(self) -> None:
        self._labels: dict[str, int] = {}

    def label(self, passage: Passage) -> int:
        """Return the passage's number."""
        return self._labels.setdefault(passage.chunk_id, len(self._labels) + 1)

    def labelled(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Return the passages with the numbers that were given to them."""
        return tuple(replace(passage, label=self._labels.get(passage.chunk_id)) for passage in passages)


def cited(sentences: Sequence[Sentence], passages: Sequence[Passage]) -> Cited:
    """Return the sentences as one text, a line each, every sentence followed by the labels of its passages."""
    labels = Labels()
    lines, claims, citations = [], [], []
    for sentence in sentences:
        numbers = tuple(dict.fromkeys(labels.label(passage) for passage, _ in sentence.support))
        lines.append(marked(sentence.text, numbers))
        claims.append(Claim(text=sentence.text, labels=numbers, supported=True))
        citations += [citation(passage, span, label=labels.label(passage)) for passage, span in sentence.support]
    return Cited(
        text="\n".join(lines),
        claims=tuple(claims),
        citations=tuple(citations),
        passages=labels.labelled(passages),
    )


def marked(text: str, labels: Sequence[int]) -> str:
    """Return a sentence followed by its marks: `… [1][2]`."""
    return f"{text} {''.join(f'[{label}]' for label in labels)}"


def citation(passage: Passage, span: Span, *, label: int) -> Citation:
    """Return the citation of a span (offsets in the article) that lies inside the passage."""
    return Citation(
        label=label,
        article_id=passage.article_id,
        page_id=passage.page_id,
        title=passage.title,
        source=passage.source,
        published=passage.published,
        url=passage.url,
        quote=passage.text[span.start - passage.start : span.end - passage.start],
        start=span.start,
        end=span.end,
    )
