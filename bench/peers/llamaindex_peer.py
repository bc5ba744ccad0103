"""A LlamaIndex pipeline over saved indexes, as its documentation shows it: `build FOLDER VECTORS`, then `ask FOLDER VECTORS QUESTION`."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def embeddings(vectors: str) -> object:
    """Return the documented model, or ours behind LlamaIndex's interface."""
    if vectors == "documented":
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from minilm import model_folder

        return HuggingFaceEmbedding(model_name=model_folder())
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from embeddings import open_embedder

    opened = open_embedder("builtin")

    class Ours(BaseEmbedding):
        def _get_text_embedding(self, text: str) -> list[float]:
            return opened.embed([text], kind="document")[0].tolist()  # type: ignore[no-any-return]

        def _get_query_embedding(self, query: str) -> list[float]:
            return opened.embed([query], kind="query")[0].tolist()  # type: ignore[no-any-return]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return Ours()


def build(folder: Path, vectors: str) -> None:
    """Save both indexes."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    texts = [json.loads(line)["text"] for line in (folder / "chunks.jsonl").read_text("utf-8").splitlines()]
    nodes = [TextNode(text=text) for text in texts]
    model = embeddings(vectors)
    width = len(model.get_text_embedding("x"))  # type: ignore[attr-defined]
    store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(width))
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(nodes, storage_context=context, embed_model=model)
    saved = str(folder / f"llamaindex-{vectors}")
    index.storage_context.persist(saved)
    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=8).persist(f"{saved}/bm25")


def ask(folder: Path, vectors: str, question: str) -> None:
    """Open both indexes and print what they find; no model writes an answer."""
    from llama_index.core import MockEmbedding, Settings, StorageContext, load_index_from_storage
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    saved = str(folder / f"llamaindex-{vectors}")
    model = embeddings(vectors)
    Settings.embed_model, Settings.llm = MockEmbedding(embed_dim=1), MockLLM()
    store = FaissVectorStore.from_persist_dir(saved)
    index = load_index_from_storage(
        StorageContext.from_defaults(vector_store=store, persist_dir=saved), embed_model=model
    )
    arms = [index.as_retriever(similarity_top_k=8), BM25Retriever.from_persist_dir(f"{saved}/bm25")]
    both = QueryFusionRetriever(arms, similarity_top_k=8, num_queries=1, mode="reciprocal_rerank", use_async=False)
    for found in both.retrieve(question):
        print(found.text[:60].replace("\n", " "))


if __name__ == "__main__":
    command, place, kind, *rest = sys.argv[1:]
    build(Path(place), kind) if command == "build" else ask(Path(place), kind, *rest)
