"""The endpoint back-end against a scripted server on loopback."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings.openai import BATCH, open_openai
from embeddings.options import EmbedderOptions
from rag.errors import BackendError, BackendTimeoutError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from embeddings.openai import OpenAIEmbedder
    from tests.embeddings.conftest import Server

KEY = "secret-key"


def opened(server: Server, *, model: str = "m", deadline_s: float = 10.0) -> OpenAIEmbedder:
    return open_openai(model, EmbedderOptions(base_url=server.url, api_key=KEY), deadline_s=deadline_s)


def test_texts_are_sent_in_batches_in_order(server: Server) -> None:
    texts = [f"text {at}" for at in range(2 * BATCH + 5)]
    opened(server).embed(texts, kind="document")
    sent = [row["input"] for row in server.script.requests[1:]]
    assert [len(batch) for batch in sent if isinstance(batch, list)] == [BATCH, BATCH, 5]
    assert [text for batch in sent if isinstance(batch, list) for text in batch] == texts


def test_rows_come_back_in_the_order_of_the_texts_whatever_the_servers(server: Server) -> None:
    model = opened(server)
    together = model.embed(["a", "b"], kind="document")
    assert np.array_equal(together[1], model.embed(["b"], kind="document")[0])


def test_a_model_of_a_known_family_is_sent_its_prompts(server: Server) -> None:
    model = opened(server, model="intfloat/multilingual-e5-small")
    model.embed(["q"], kind="query")
    model.embed(["d"], kind="document")
    assert [row["input"] for row in server.script.requests[1:]] == [["query: q"], ["passage: d"]]


def test_a_passing_failure_is_tried_again(server: Server) -> None:
    server.script.statuses = [503, 429]
    assert opened(server).dimension == 24
    assert len(server.script.requests) == 3


def test_a_failure_that_lasts_is_reported_with_its_status(server: Server) -> None:
    server.script.statuses = [500] * 9
    with pytest.raises(BackendError, match="answers 500 for `m`"):
        opened(server, deadline_s=1.0).embed(["a"], kind="query")


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, ConfigError, "refuses the key"),
        (403, ConfigError, "refuses the key"),
        (404, ConfigError, "has no model `m`"),
        (400, BackendError, r"refuses the texts for `m` \(400\): .*\*\*\*"),
    ],
)
def test_a_refusal_is_not_tried_again_and_never_shows_the_key(
    server: Server, status: int, error: type[Exception], words: str
) -> None:
    server.script.statuses = [status] * 9
    with pytest.raises(error, match=words) as caught:
        opened(server).embed(["a"], kind="query")
    assert len(server.script.requests) == 1
    assert KEY not in str(caught.value)
    assert server.script.keys == [f"Bearer {KEY}"]


def test_the_deadline_holds_for_a_silent_server(server: Server) -> None:
    server.script.delay_s = 30.0
    started = time.monotonic()
    with pytest.raises(BackendTimeoutError, match=r"within 0\.4 s"):
        opened(server, deadline_s=0.4).embed(["a"], kind="query")
    assert time.monotonic() - started < 3.0


def test_no_server_at_all_is_named(free_port: int) -> None:
    model = open_openai("m", EmbedderOptions(base_url=f"http://127.0.0.1:{free_port}/v1"), deadline_s=0.6)
    with pytest.raises(BackendError, match=f"no embeddings server answers at `http://127.0.0.1:{free_port}/v1`"):
        model.embed(["a"], kind="query")


def reply(*vectors: list[float]) -> Callable[[list[str]], bytes]:
    data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return lambda _: json.dumps({"object": "list", "model": "m", "data": data}).encode()


@pytest.mark.parametrize(
    "body",
    [
        reply(),
        reply([1.0, 2.0], [2.0, 1.0]),
        reply([0.0, 0.0]),
        reply([float("nan"), 1.0]),
        lambda _: b"<html>bad gateway</html>",
        lambda _: b'{"data": null}',
        lambda _: b'{"data": [{"index": 0}]}',
    ],
    ids=["no rows", "too many rows", "zero", "nan", "html", "null", "no vector"],
)
def test_an_answer_that_is_none_is_reported(server: Server, body: Callable[[list[str]], bytes]) -> None:
    server.script.body = body
    with pytest.raises(BackendError, match="cannot be used"):
        opened(server).embed(["a"], kind="query")


def test_vectors_that_change_their_length_are_reported(server: Server) -> None:
    model = opened(server)
    assert model.dimension == 24
    server.script.body = reply([1.0, 2.0])
    with pytest.raises(BackendError, match="vectors of 2 numbers where 24 came before"):
        model.embed(["a"], kind="query")
