"""A LangChain pipeline over saved indexes, as its documentation shows it: `build FOLDER VECTORS`, then `ask FOLDER VECTORS QUESTION`."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path


def embeddings(vectors: str) -> object:
    """Return the documented model, or ours behind LangChain's interface."""
    if vectors == "documented":
        from langchain_huggingface import HuggingFaceEmbeddings
        from minilm import model_folder

        return HuggingFaceEmbeddings(model_name=model_folder())
    from langchain_core.embeddings import Embeddings

    from embeddings import open_embedder

    class Ours(Embeddings):
        def __init__(self) -> None:
            self.embedder = open_embedder("builtin")

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return self.embedder.embed(texts, kind="document").tolist()  # type: ignore[no-any-return]

        def embed_query(self, text: str) -> list[float]:
            return self.embedder.embed([text], kind="query")[0].tolist()  # type: ignore[no-any-return]

    return Ours()


def build(folder: Path, vectors: str) -> None:
    """Save both indexes."""
    from langchain_community.retrievers import BM25Retriever
    from langchain_community.vectorstores import FAISS

    texts = [json.loads(line)["text"] for line in (folder / "chunks.jsonl").read_text("utf-8").splitlines()]
    FAISS.from_texts(texts, embeddings(vectors)).save_local(str(folder / f"langchain-{vectors}"))
    (folder / f"langchain-{vectors}" / "bm25.pickle").write_bytes(pickle.dumps(BM25Retriever.from_texts(texts)))


def ask(folder: Path, vectors: str, question: str) -> None:
    """Open both indexes and print what they find; no model writes an answer."""
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.vectorstores import FAISS

    saved = folder / f"langchain-{vectors}"
    dense = FAISS.load_local(str(saved), embeddings(vectors), allow_dangerous_deserialization=True)
    words = pickle.loads((saved / "bm25.pickle").read_bytes())  # noqa: S301 - written above; there is no other format
    words.k = 8
    both = EnsembleRetriever(retrievers=[words, dense.as_retriever(search_kwargs={"k": 8})], weights=[0.5, 0.5])
    for found in both.invoke(question)[:8]:
        print(found.page_content[:60].replace("\n", " "))


if __name__ == "__main__":
    command, place, kind, *rest = sys.argv[1:]
    build(Path(place), kind) if command == "build" else ask(Path(place), kind, *rest)
