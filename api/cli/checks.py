"""What `huwen doctor` looks at: packages, settings, index, model; each check says what to do about what it finds."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import BackendError, ConfigError, HuwenError
from rag.presets import EXTRACTIVE, PRESETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.config import Settings

REQUIRED = (
    "click",
    "faiss-cpu",
    "fastapi",
    "numpy",
    "openai",
    "pydantic",
    "rich",
    "tantivy",
    "tiktoken",
    "tokenizers",
    "uvicorn",
)
OPTIONAL = {
    "mcp": "`huwen mcp`",
    "psycopg": "a store in PostgreSQL",
    "pymilvus": "an index in Milvus",
    "sentence-transformers": "`sentence-transformers:` models",
    "torch": "`sentence-transformers:` models",
}
CONNECT_S = 3.0
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; `code` is 0, or the exit code that a command would end with because of it."""

    name: str
    found: str
    code: int = 0


def check_packages() -> Iterator[Check]:
    """Look at the interpreter and the packages."""
    yield Check(name="python", found=sys.version.split()[0])
    for name in REQUIRED:
        version = _version(name)
        missing = f"not installed; run `pip install {name}`"
        yield Check(name=name, found=version or missing, code=0 if version else ConfigError.exit_code)
    for name, need in OPTIONAL.items():
        yield Check(name=name, found=_version(name) or f"not installed (only {need} needs it)")


def check_index(settings: Settings) -> Iterator[Check]:
    """Open the index, then everything that answers from it."""
    from rag.assembly import index_status, open_assistant, searched_in

    with _failures("index") as failed:
        status = index_status(settings)
        yield Check(
            name="index",
            found=f"{settings.index}: revision {status.revision}, {status.articles} articles, newest {status.newest}",
        )
        yield Check(name="searched in", found=searched_in(settings))
        with open_assistant(settings) as assistant:
            yield Check(name="answers", found=f"by {assistant.llm}, passages found with {status.embedder}")
    yield from failed


def check_backends(settings: Settings) -> Iterator[Check]:
    """Connect to the servers that the settings name; no key and no text is sent."""
    if settings.llm_cassette is not None and settings.llm_cassette_mode == "replay":
        yield Check(name="llm server", found=f"not needed: replies come from `{settings.llm_cassette}`")
    elif settings.llm != EXTRACTIVE:
        preset = PRESETS.get(settings.llm.partition(":")[0])
        url = preset.url if settings.llm_base_url is None and preset is not None else settings.llm_base_url
        yield _reached("llm", OPENAI_URL if url is None else url)
    if settings.embedder.startswith("openai:"):
        url = settings.embedder_base_url
        yield _reached("embedder", OPENAI_URL if url is None else url)


def _reached(key: str, url: str) -> Check:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=CONNECT_S):
            return Check(name=f"{key} server", found=f"{url} accepts connections")
    except OSError as error:
        found = f"{url} cannot be reached ({error}); start it, or set `{key}_base_url`"
        return Check(name=f"{key} server", found=found, code=BackendError.exit_code)


@contextmanager
def _failures(name: str) -> Iterator[list[Check]]:
    failed: list[Check] = []
    try:
        yield failed
    except HuwenError as error:
        failed.append(Check(name=name, found=str(error), code=error.exit_code))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
