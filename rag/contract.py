"""The JSON forms that other programs rely on: plain dictionaries of the values in `rag.types`, keys in a fixed order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rag.search_types import Query, SearchExplanation
    from rag.types import (
        Answer,
        Article,
        Citation,
        Claim,
        Conflict,
        Differences,
        Event,
        IndexStatus,
        Nearest,
        Passage,
        SourcePage,
        Span,
        Stated,
    )

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

SCORE_DIGITS = 6


def answer_json(answer: Answer) -> dict[str, Json]:
    """Return the form of `huwen ask --json`."""
    return {
        "question": answer.question.text,
        "status": answer.status,
        "reason": answer.reason,
        "answer": answer.text,
        "lang": answer.question.lang,
        "confidence": round(answer.confidence, SCORE_DIGITS),
        "notice": answer.notice,
        "missing": list(answer.missing),
        "as_of": _day(answer.question.as_of),
        "citations": [_citation(row) for row in answer.citations],
        "claims": [_claim(row) for row in answer.claims],
        "passages": [_passage(row) for row in answer.passages],
        "nearest": [_nearest(row) for row in answer.nearest],
        "conflicts": [_conflict(row) for row in answer.conflicts],
        "llm": answer.llm,
        "usage": None
        if answer.usage is None
        else {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
        },
        "timings_ms": dict(answer.timings_ms),
    }


def search_json(question: str, passages: Sequence[Passage], timings_ms: Mapping[str, float]) -> dict[str, Json]:
    """Return the form of `huwen search --json`."""
    return {"question": question, "hits": [_hit(row) for row in passages], "timings_ms": dict(timings_ms)}


def explanation_json(explanation: SearchExplanation) -> dict[str, Json]:
    """Return what `huwen search --explain --json` adds as `explain`; its `hits` are by chunk id."""
    asked = explanation.asked
    return {
        "text": asked.text,
        "queries": [_query_json(row) for row in asked.queries],
        "hits": {
            chunk_id: {"matched": list(row.matched), "arms": _rounded(row.arms), "features": _rounded(row.features)}
            for chunk_id, row in explanation.hits.items()
        },
    }


def _query_json(query: Query) -> dict[str, Json]:
    """Return one way of asking; `translated` maps words of the question to their counterparts, where it has any."""
    row: dict[str, Json] = {"text": query.text, "origin": query.origin, "weight": query.weight}
    if query.groups:
        row["translated"] = {group.source: [choice.text for choice in group.choices] for group in query.groups}
    return row


def _rounded(values: Mapping[str, float]) -> dict[str, Json]:
    return {name: round(value, SCORE_DIGITS) for name, value in values.items()}


def article_json(article: Article) -> dict[str, Json]:
    """Return the form of `huwen show --json`."""
    return {
        "article_id": article.article_id,
        "page_id": article.page_id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "published": _day(article.published),
        "url": article.url,
        "source_path": article.source_path,
        "lang": article.lang,
        "flags": list(article.flags),
        "origin": article.origin,
        "events": [_event(row) for row in article.particulars.events],
        "contacts": [{"kind": row.kind, "value": row.value} | _span(row.span) for row in article.particulars.contacts],
        "urls": list(article.particulars.urls),
        "attachments": list(article.particulars.attachments),
    }


def source_page_json(page: SourcePage) -> dict[str, Json]:
    """Return the form of `huwen show --raw --json`."""
    return {
        "article_id": page.article.article_id,
        "page_id": page.article.page_id,
        "raw": page.raw,
        "pieces": [list(piece) for piece in page.pieces],
        "left_out": list(page.left_out),
    }


def status_json(status: IndexStatus) -> dict[str, Json]:
    """Return the form of `huwen index status --json`."""
    return {
        "revision": status.revision,
        "embedder": status.embedder,
        "roots": list(status.roots),
        "pages": status.pages,
        "articles": status.articles,
        "chunks": status.chunks,
        "newest": _day(status.newest),
        "sources": dict(status.sources),
        "latest": [_nearest(row) for row in status.latest],
        "groups": [list(group) for group in status.groups],
        "differences": None if status.differences is None else [_differences(row) for row in status.differences],
        "flags": {code: list(ids) for code, ids in status.flags.items()},
        "skipped": [{"path": row.path, "reason": row.reason} for row in status.skipped],
    }


def _differences(row: Differences) -> dict[str, Json]:
    return {
        "first": row.first,
        "second": row.second,
        "spellings": [list(pair) for pair in row.spellings],
        "edited": [list(pair) for pair in row.edited],
        "only_first": list(row.only_first),
        "only_second": list(row.only_second),
    }


def _event(row: Event) -> dict[str, Json]:
    minutes = row.minutes
    return {
        "kind": row.kind,
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "from": None if minutes is None else _clock(minutes[0]),
        "until": None if minutes is None else _clock(minutes[1]),
    } | _span(row.span)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(span: Span) -> dict[str, Json]:
    return {"start": span.start, "end": span.end}


def _citation(row: Citation) -> dict[str, Json]:
    return {
        "label": row.label,
        "article_id": row.article_id,
        "page_id": row.page_id,
        "title": row.title,
        "source": row.source,
        "published": _day(row.published),
        "url": row.url,
        "quote": row.quote,
        "start": row.start,
        "end": row.end,
    }


def _claim(row: Claim) -> dict[str, Json]:
    return {
        "text": row.text,
        "labels": list(row.labels),
        "supported": row.supported,
        "problems": list(row.problems),
    }


def _passage(row: Passage) -> dict[str, Json]:
    return {
        "rank": row.rank,
        "label": row.label,
        "chunk_id": row.chunk_id,
        "article_id": row.article_id,
        "page_id": row.page_id,
        "also": list(row.also),
        "score": round(row.score, SCORE_DIGITS),
        "title": row.title,
        "source": row.source,
        "published": _day(row.published),
        "url": row.url,
        "text": row.text,
    }


def _hit(row: Passage) -> dict[str, Json]:
    shared = _passage(row)
    del shared["label"]
    return shared | {"origins": dict(row.origins)}


def _conflict(row: Conflict) -> dict[str, Json]:
    values = [_stated(value) for value in row.values]
    return {"measure": row.measure, "over_time": row.over_time, "values": values, "text": row.text}


def _stated(row: Stated) -> dict[str, Json]:
    return {
        "value": row.value,
        "quote": row.quote,
        "label": row.label,
        "article_id": row.article_id,
        "title": row.title,
        "source": row.source,
        "published": _day(row.published),
        "period": None if row.period is None else [day.isoformat() for day in row.period],
    }


def _nearest(row: Nearest) -> dict[str, Json]:
    return {"article_id": row.article_id, "title": row.title, "published": _day(row.published)}


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
