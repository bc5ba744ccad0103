"""What the responses look like, for the OpenAPI description: which fields are always there, and their types.

The forms are those of `rag.contract`; fields may be added to each, so none is closed.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}


def fields(**types: Schema) -> Schema:
    """Return the schema of an object that has at least these fields."""
    return {"type": "object", "properties": types, "required": list(types)}


def rows(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def maybe(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {**schema, "type": [schema["type"], "null"]}


def one_of(*words: str) -> Schema:
    """Return the schema of a word among some."""
    return {"type": "string", "enum": list(words)}


CITATION = fields(
    label=WHOLE, article_id=TEXT, page_id=TEXT, title=TEXT, source=maybe(TEXT), published=maybe(TEXT), url=maybe(TEXT),
    quote=TEXT, start=WHOLE, end=WHOLE,
)  # fmt: skip
PASSAGE = fields(
    rank=WHOLE, label=maybe(WHOLE), chunk_id=TEXT, article_id=TEXT, page_id=TEXT, also=rows(TEXT), score=NUMBER,
    title=TEXT, published=maybe(TEXT), text=TEXT,
)  # fmt: skip
ANSWER = fields(
    question=TEXT, status=one_of("answered", "refused"), reason=maybe(TEXT), answer=TEXT, lang=one_of("zh", "en"),
    confidence=NUMBER, notice=maybe(TEXT), missing=rows(TEXT), as_of=maybe(TEXT), citations=rows(CITATION),
    claims=rows(fields(text=TEXT, labels=rows(WHOLE), supported={"type": "boolean"}, problems=rows(TEXT))),
    passages=rows(PASSAGE), nearest=rows({"type": "object"}), llm=TEXT, usage=maybe({"type": "object"}),
    timings_ms={"type": "object"},
)  # fmt: skip
HIT = fields(
    rank=WHOLE, score=NUMBER, chunk_id=TEXT, article_id=TEXT, page_id=TEXT, also=rows(TEXT), title=TEXT,
    published=maybe(TEXT), source=maybe(TEXT), text=TEXT, origins={"type": "object"},
)  # fmt: skip
FOUND = fields(question=TEXT, hits=rows(HIT), timings_ms={"type": "object"})
ARTICLE = fields(
    article_id=TEXT, page_id=TEXT, title=TEXT, text=TEXT, source=maybe(TEXT), published=maybe(TEXT), url=maybe(TEXT),
    source_path=TEXT,
)  # fmt: skip
STATUS = fields(
    revision=WHOLE, embedder=TEXT, roots=rows(TEXT), pages=WHOLE, articles=WHOLE, chunks=WHOLE, newest=maybe(TEXT),
    groups=rows(rows(TEXT)), flags={"type": "object"}, skipped=rows(fields(path=TEXT, reason=TEXT)), synced=maybe(TEXT),
    can_mark={"type": "boolean"}, can_add={"type": "boolean"}, largest_file=WHOLE,
)  # fmt: skip
USAGE = fields(prompt_tokens=WHOLE, completion_tokens=WHOLE, total_tokens=WHOLE)
MESSAGE = fields(role=one_of("assistant"), content=TEXT)
COMPLETION = fields(
    id=TEXT, object=one_of("chat.completion"), created=WHOLE, model=TEXT, usage=USAGE, citations=rows(CITATION),
    choices=rows(fields(index=WHOLE, message=MESSAGE, finish_reason=one_of("stop"))),
)  # fmt: skip
MODEL = fields(id=TEXT, object=one_of("model"), created=WHOLE, owned_by=TEXT)
MODELS = fields(object=one_of("list"), data=rows(MODEL))
ADDED = fields(name=TEXT, added=WHOLE, updated=WHOLE, revision=WHOLE)
ERROR = fields(error=fields(message=TEXT, type=TEXT, param=maybe(TEXT), code=TEXT))


def answers_with(schema: Schema, *, streams: bool = False) -> Responses:
    """Return the description of a success in JSON, and as events where the body asks for a stream."""
    content = {"application/json": {"schema": schema}}
    if streams:
        # Each event's `data` is JSON, the last one's of the chat protocol `[DONE]`.
        content["text/event-stream"] = {"schema": fields(data=TEXT)}
    return {200: {"description": "the answer", "content": content}}


def takes_file() -> Schema:
    """Return the description of a body that is a file."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "content": {"application/octet-stream": binary}}}


def errors() -> Responses:
    """Return the description of every failure."""
    content = {"application/json": {"schema": ERROR}}
    return {
        "4XX": {"description": "the request cannot be used", "content": content},
        "5XX": {"description": "the server failed", "content": content},
    }
