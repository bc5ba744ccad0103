"""Settings to objects: the only place that chooses among concrete classes.

Each function imports what it opens, so that a sync does not wait for what only answers need, nor the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rag.addresses import shown
from rag.errors import ConfigError, IndexMismatchError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rag.answer.assistant import Assistant
    from rag.config import Settings
    from rag.index.open import Index
    from rag.index.repair import Repair
    from rag.ingest.sync import SyncProgress
    from rag.protocols import LLM, Answerer, Embedder, Reranker, Retriever
    from rag.retrieve.hybrid import Switches
    from rag.retrieve.rerank_text import Readings
    from rag.search_types import SearchExplanation
    from rag.types import Article, Chunk, Filters, IndexStatus, Page, Passage, SourcePage, SyncReport

# Of a model's deadline, what rewriting a question for the search may take each time.
QUERY_SHARE = 0.15
# The status compares no more prints of stories than these, sentence by sentence.
MOST_COMPARED = 50
LEARNED = "learned"


def open_assistant(settings: Settings, *, llm: LLM | None = None, switches: Switches | None = None) -> Assistant:
    """Return the assistant over the current revision of the index that the settings name.

    `llm` writes the answers in place of the one that the settings name. `switches` leaves stages of the search out, as the
    evaluation does to measure them; `None` is all stages.

    Raises `IndexStateError` where the index is missing, damaged or built with another model, `ConfigError` where the
    settings name a back-end that cannot be opened.
    """
    from embeddings.lexicon.lexicon import LexiconFor
    from rag.answer.assistant import Assistant
    from rag.answer.extractive import ExtractiveAnswerer
    from rag.answer.sheet import Reader
    from rag.index.open import open_index
    from rag.presets import EXTRACTIVE
    from rag.retrieve.candidates import Texts
    from rag.retrieve.constraints import Constraining
    from rag.retrieve.hybrid import HybridRetriever, Switches
    from rag.retrieve.rerank_text import Readings

    index = open_index(settings.index, store=settings.store)
    try:
        embedder = _embedder(settings)
        _check_match(index, embedder, settings)
        readings = Readings()
        retriever = HybridRetriever(
            index=index,
            embedder=embedder,
            candidates=settings.candidates,
            dense_weight=settings.dense_weight,
            reranker=_reranker(settings, idf=index.idf, readings=readings),
            texts=Texts(index),
            constraining=Constraining(readings=readings),
            switches=Switches() if switches is None else switches,
        )
        extractive = ExtractiveAnswerer(reader=Reader(embedder), idf=index.idf)
        model = llm if llm is not None or settings.llm == EXTRACTIVE else open_llm(settings)
        return Assistant(
            store=index,
            retriever=retriever if model is None else _helped(settings, retriever, model),
            answerer=extractive if model is None else _llm_answerer(settings, model, fallback=extractive),
            passages=settings.passages,
            translator=LexiconFor(idf=index.idf),
        )
    except BaseException:
        index.close()
        raise


def explain_search(
    assistant: Assistant, question: str, hits: Sequence[Passage], *, filters: Filters
) -> SearchExplanation:
    """Return why the assistant's search found these passages."""
    from rag.answer.llm.helped import HelpedRetriever
    from rag.retrieve.explain import explained
    from rag.retrieve.hybrid import HybridRetriever

    retriever = assistant.retriever
    if isinstance(retriever, HelpedRetriever):
        retriever = retriever.retriever
    if not isinstance(retriever, HybridRetriever):
        raise ConfigError(f"a `{type(retriever).__name__}` cannot explain what it finds; leave out --explain")
    return explained(retriever, assistant.asked(question, filters=filters), hits)


def source_page(settings: Settings, article_id: str) -> SourcePage:
    """Return an article with the page that it was made from. Raises `NotFoundError`, `InputError` where no page is kept."""
    from rag.index.open import open_index
    from rag.ingest.pages import page_of
    from rag.ingest.raw_spans import left_out, raw_pieces
    from rag.types import SourcePage

    with open_index(settings.index, store=settings.store) as index:
        article = index.article(article_id)
        body = index.raw_page(article.page_id)
        if not body:
            raise InputError(f"the page of `{article_id}` is no longer kept, since an article of it was removed")
        raw = page_of(body).text
        siblings = [row for row in index.page_articles(article.page_id) if row.page_id == article.page_id]
    pieces = {row.article_id: raw_pieces(row.text, raw) for row in siblings}
    lines = left_out(raw, (piece for found in pieces.values() for piece in found))
    return SourcePage(article=article, raw=raw, pieces=pieces[article_id], left_out=tuple(lines))


def index_status(settings: Settings) -> IndexStatus:
    """Return what the index holds, prints of one story compared. Needs no embedder: any model's index will do."""
    from rag.index.open import open_index
    from rag.ingest.differences import differences

    with open_index(settings.index, store=settings.store) as index:
        status = index.status()
        pairs = [(group[0], other) for group in status.groups for other in group[1:]][:MOST_COMPARED]
        found = tuple(differences(index.article(first), index.article(second)) for first, second in pairs)
        return replace(status, differences=found)


def searched_in(settings: Settings) -> str:
    """Return where the index is searched, once that has answered. Raises `BackendError`."""
    from rag.index.open import open_index

    with open_index(settings.index, store=settings.store) as index:
        return index.searched_in()


def sync_index(
    settings: Settings,
    paths: Sequence[Path],
    *,
    progress: Callable[[SyncProgress], None],
    rebuild: bool = False,
    dry_run: bool = False,
    prune: bool = False,
) -> SyncReport:
    """Mirror files and folders into the index; without paths, all that it knows. See `rag.ingest.sync.sync_paths`."""
    from rag.index.write import open_writer
    from rag.ingest.sync import sync_paths

    embedder, pipeline = _embedder(settings), _pipeline(settings)
    with open_writer(
        settings.index,
        embedder_identity=embedder.identity,
        dimension=embedder.dimension,
        rebuild=rebuild,
        milvus=settings.milvus,
        store=settings.store,
    ) as writer:
        return sync_paths(
            paths,
            index=writer,
            embedder=embedder,
            read=pipeline.read,
            split=pipeline.split,
            chunk=pipeline.chunk,
            pipeline=pipeline.version,
            progress=progress,
            group=_story_groups,
            dry_run=dry_run,
            prune=prune,
        )


def check_file(settings: Settings, path: Path) -> None:
    """Read a file as a sync would, and keep nothing. Raises `InputError` where that fails, or where it holds no page."""
    if sum(1 for _ in _pipeline(settings).read(path)) == 0:
        raise InputError(f"`{path}` holds no text that Huwen can read")


def repair_index(settings: Settings) -> Repair:
    """Build what is damaged in the index anew, and make its articles again from the raw pages that could be saved."""
    from rag.index.repair import repair_index as repaired
    from rag.index.write import open_writer
    from rag.ingest.restore import restore_pages

    repair = repaired(settings.index)
    if not repair.raws:
        return repair
    embedder, pipeline = _embedder(settings), _pipeline(settings)
    with open_writer(settings.index, embedder_identity=embedder.identity, dimension=embedder.dimension) as writer:
        lost = restore_pages(
            repair.raws,
            index=writer,
            embedder=embedder,
            split=pipeline.split,
            chunk=pipeline.chunk,
            pipeline=pipeline.version,
        )
        return replace(repair, revision=writer.revision, raws=(), lost=repair.lost + len(lost))


def _story_groups(articles: Sequence[Article]) -> Sequence[Sequence[str]]:
    from rag.ingest.duplicates import story_groups

    return story_groups(articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pipeline:
    """How files become chunks; whatever changes its outcome changes `version`, and all is read again."""

    read: Callable[[Path], Iterator[Page]]
    split: Callable[[Page, Mapping[str, int]], tuple[Article, ...]]
    chunk: Callable[[Article], tuple[Chunk, ...]]
    version: str


def _pipeline(settings: Settings) -> _Pipeline:
    from rag.ingest.chunk import CHUNK_VERSION, chunk_article
    from rag.ingest.read import READ_VERSION, read_pages
    from rag.ingest.readers.columns import ColumnMapping
    from rag.ingest.split import SPLIT_VERSION, split_page
    from rag.text.budget import open_token_counter

    columns = sorted(settings.columns.items())
    return _Pipeline(
        read=partial(read_pages, columns=ColumnMapping(**dict(columns))),
        split=split_page,
        # The counter is opened at the first chunk: a sync that finds nothing new needs none.
        chunk=partial(chunk_article, count=lambda text: open_token_counter().count(text), limit=settings.chunk_tokens),
        version=f"{READ_VERSION}.{SPLIT_VERSION}.{CHUNK_VERSION}.{settings.chunk_tokens}.{columns}",
    )


def _embedder(settings: Settings) -> Embedder:
    from embeddings import open_embedder
    from embeddings.open import BUILTIN
    from embeddings.options import EmbedderOptions

    key = settings.embedder_api_key
    options = EmbedderOptions(
        base_url=settings.embedder_base_url,
        api_key=None if key is None else key.reveal(),
        dimensions=settings.embedder_dimensions,
        batch=settings.embedder_batch,
        device=settings.embedder_device,
        dtype=settings.embedder_dtype,
        runtime=settings.embedder_runtime,
        processes=settings.embedder_processes,
    )
    embedder = open_embedder(settings.embedder, options)
    # The built-in model embeds faster than a file is asked.
    if settings.embedder == BUILTIN or settings.embedder_cache is None:
        return embedder
    from embeddings.cache import CachedEmbedder

    return CachedEmbedder(embedder, path=settings.embedder_cache)


def _reranker(settings: Settings, *, idf: Callable[[Sequence[str]], list[float]], readings: Readings) -> Reranker:
    from rag.retrieve.rerank import LearnedReranker
    from rag.retrieve.rerank_model import load_model

    learned = LearnedReranker(idf=idf, model=load_model(), readings=readings)
    if settings.reranker == LEARNED:
        return learned
    from embeddings.cross_encoder import open_cross_encoder

    return open_cross_encoder(
        settings.reranker, first=learned, reranked=settings.reranked, device=settings.embedder_device
    )


def _check_match(index: Index, embedder: Embedder, settings: Settings) -> None:
    if index.embedder != embedder.identity:
        raise IndexMismatchError(
            f"the index `{settings.index}` was built with `{index.embedder}`, the configuration says "
            f"`{embedder.identity}`; set `embedder` back or run `huwen index sync --rebuild --index {settings.index}`"
        )
    if settings.milvus is not None and not index.is_in(settings.milvus):
        address = shown(settings.milvus)
        raise IndexMismatchError(
            f"the index `{settings.index}` is not in `milvus:{address}`; bring it there with "
            f"`huwen index sync --index milvus:{address}#{settings.index}`"
        )


def _helped(settings: Settings, retriever: Retriever, llm: LLM) -> Retriever:
    from rag.answer.llm.helped import HelpedRetriever
    from rag.answer.llm.queries import QueryWriter

    if not settings.llm_helps:
        return retriever
    writer = QueryWriter(llm=llm, within_s=settings.llm_deadline_s * QUERY_SHARE)
    return HelpedRetriever(retriever=retriever, writer=writer, helps=settings.llm_helps)


def _llm_answerer(settings: Settings, llm: LLM, *, fallback: Answerer) -> Answerer:
    from rag.answer.grounding import ground_claim
    from rag.answer.llm.answerer import LLMAnswerer
    from rag.answer.llm.notices import MARKS
    from rag.text.budget import open_token_counter

    return LLMAnswerer(
        llm=llm,
        count_tokens=open_token_counter(settings.token_encoding).count,
        prompt_tokens=settings.prompt_tokens,
        ground=ground_claim,
        fallback=fallback,
        deadline_s=settings.llm_deadline_s,
        mark=MARKS if settings.unsupported == "mark" else None,
    )


def open_llm(settings: Settings) -> LLM:
    """Return the language model that the settings name, or its recorded replies. Raises `ConfigError`."""
    if settings.llm_cassette is None:
        return _chat(settings)
    from rag.answer.llm.cassette import open_cassette
    from rag.answer.llm.recorded import RecordedLLM
    from rag.presets import read_model_spec

    read_model_spec(settings.llm)
    is_recording = settings.llm_cassette_mode == "record"
    return RecordedLLM(
        name=settings.llm,
        cassette=open_cassette(settings.llm_cassette, record=is_recording),
        llm=_chat(settings) if is_recording else None,
    )


def _chat(settings: Settings) -> LLM:
    from rag.answer.llm.openai import OpenAIChat
    from rag.presets import read_model_spec

    spec = read_model_spec(settings.llm)
    key = settings.llm_keys.get(spec.server) if settings.llm_api_key is None else settings.llm_api_key
    if key is None and settings.llm_base_url is None and spec.preset.key_variable is not None:
        raise ConfigError(
            f"`{settings.llm}` needs a key: set `llm_api_key` in huwen.toml or {spec.preset.key_variable} in the "
            f"environment; for a server of your own set `llm_base_url`"
        )
    return OpenAIChat(
        name=settings.llm,
        model=spec.model,
        base_url=spec.preset.url if settings.llm_base_url is None else settings.llm_base_url,
        api_key=None if key is None else key.reveal(),
        deadline_s=settings.llm_deadline_s,
    )
