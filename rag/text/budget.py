"""Counts tokens for chunk sizes and prompt budgets; never opens a network connection."""

from __future__ import annotations

import base64
import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    import tiktoken

BUILTIN = "builtin"
# How a text is cut before bytes are merged. Runs are capped, so that a text without a blank stays linear in time.
PIECES = r"\p{Han}{1,12}| ?[\p{L}&&[^\p{Han}]]{1,24}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]{1,8}|\s{1,16}"
RANKS = "huwen.tiktoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stock:
    """Where tiktoken fetches a stock encoding from, which names its cache file, and the file's checksum."""

    url: str
    sha256: str


_STOCK = {
    "o200k_base": _Stock(
        url="https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
        sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
    "cl100k_base": _Stock(
        url="https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken",
        sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
}


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts the tokens of one encoding; text that looks like a control token counts as plain text."""

    encoding: tiktoken.Encoding

    def count(self, text: str) -> int:
        """Return the number of tokens in `text`; lone surrogates count as replacement characters."""
        return len(self.encoding.encode_ordinary(text))


def open_token_counter(name: str = BUILTIN) -> TokenCounter:
    """Return the counter of the built-in encoding, or of a stock encoding that is already in tiktoken's cache.

    Raises `ConfigError` for an unknown name and for an encoding that would have to be downloaded.
    """
    if name == BUILTIN:
        return _builtin()
    if name not in _STOCK:
        known = ", ".join(f"`{key}`" for key in (BUILTIN, *_STOCK))
        raise ConfigError(f"`token_encoding` knows {known} (got {name!r}); set it in huwen.toml")
    _require_cached(name)
    import tiktoken

    return TokenCounter(tiktoken.get_encoding(name))


@cache
def _builtin() -> TokenCounter:
    import tiktoken

    lines = Path(__file__).with_name(RANKS).read_bytes().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return TokenCounter(tiktoken.Encoding("huwen", pat_str=PIECES, mergeable_ranks=ranks, special_tokens={}))


def _require_cached(name: str) -> None:
    """Raise unless the cache holds the right file: tiktoken replaces a wrong or missing one from the network."""
    stock = _STOCK[name]
    path = _cache_folder() / hashlib.sha1(stock.url.encode(), usedforsecurity=False).hexdigest()
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        found = "no file"
    if found != stock.sha256:
        raise ConfigError(
            f"the encoding `{name}` is not in tiktoken's cache (`{path}`: {found}); "
            f'save {stock.url} under that path, or set token_encoding = "{BUILTIN}"'
        )


def _cache_folder() -> Path:
    # The same order as tiktoken's own; its variable belongs to the library, so it is not one of our settings.
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            # Empty switches its cache off: the null device holds no file, so nothing counts as cached.
            return Path(os.environ[variable] or os.devnull)
    return Path(tempfile.gettempdir()) / "data-gym-cache"
