"""What known model families expect in front of a query or a document; decided by the model's name alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Kind

_TASK = "Given a web search query, retrieve relevant passages that answer the query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Text put in front of each query and of each document."""

    query: str = ""
    document: str = ""

    def of(self, kind: Kind) -> str:
        """Return the text for one kind."""
        return self.query if kind == "query" else self.document


_INSTRUCT = Prompts(query=f"Instruct: {_TASK}\nQuery: ")
# The first row whose words all occur in the model's name counts; sources: the models' own cards.
_FAMILIES: tuple[tuple[tuple[str, ...], Prompts], ...] = (
    (("e5", "instruct"), _INSTRUCT),
    (("e5-mistral",), _INSTRUCT),
    (("e5-",), Prompts(query="query: ", document="passage: ")),
    (("qwen3-embedding",), Prompts(query=f"Instruct: {_TASK}\nQuery:")),
    (("gte-qwen", "instruct"), _INSTRUCT),
    (("bge-", "-zh"), Prompts(query="为这个句子生成表示以用于检索相关文章：")),
    (("bge-", "-en"), Prompts(query="Represent this sentence for searching relevant passages: ")),
)


def prompts_for(name: str) -> Prompts:
    """Return the prompts of the family that `name` (a model id or the last part of a path) belongs to, else none."""
    low = name.lower()
    return next((prompts for words, prompts in _FAMILIES if all(word in low for word in words)), Prompts())
