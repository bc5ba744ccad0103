"""Keys of people and programs: made once, kept as digests in one file, found in constant time."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.access.audit import note_act
from api.access.names import DEFAULT_INDEX, NAME
from rag.errors import ConfigError, NotFoundError, UsageError

PREFIX = "hw-"


class Key(BaseModel):
    """One key without its secret: `digest` is the secret's SHA-256, which suffices for 256 random bits.

    `indexes` are the names of those it opens. A limit of `None` is none; `at_once` counts running requests.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    digest: str
    created: datetime
    indexes: tuple[str, ...] = (DEFAULT_INDEX,)
    per_minute: int | None = Field(default=None, ge=1)
    per_day: int | None = Field(default=None, ge=1)
    at_once: int | None = Field(default=None, ge=1)


class KeyFile(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, ge=1, le=1)
    keys: tuple[Key, ...] = ()


def digest_of(secret: str) -> str:
    """Return the digest by which a secret is known."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def find_key(keys: tuple[Key, ...], secret: str) -> Key | None:
    """Return the key of a secret. Every key is compared in full, so that time tells nothing about which was near."""
    given, found = digest_of(secret), None
    for key in keys:
        if hmac.compare_digest(given, key.digest):
            found = key
    return found


def read_keys(path: Path) -> tuple[Key, ...]:
    """Return the keys in a file. Raises `ConfigError`."""
    try:
        return KeyFile.model_validate_json(path.read_bytes()).keys
    except FileNotFoundError as error:
        raise ConfigError(f"no keys at `{path}`; make one: huwen keys create NAME --keys {path}") from error
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its content is not what `huwen keys` writes"
        raise ConfigError(f"the keys in `{path}` cannot be read: {reason}; restore the file or make new keys") from None


def create_key(path: Path, key: Key) -> None:
    """Add a key; the file is made, readable by its owner only. Raises `UsageError` where the name cannot be had."""
    for name in (key.name, *key.indexes):
        if NAME.fullmatch(name) is None:
            raise UsageError(f"`{name}` cannot be a name; use letters, digits, `.`, `_` and `-`, 64 at most")
    keys = read_keys(path) if path.exists() else ()
    if any(other.name == key.name for other in keys):
        raise UsageError(f"there is a key `{key.name}` already; revoke it or choose another name")
    # First the line: a key that leaves no trace is not made.
    note_act(audit_of(path), "keys create", about={"key": key.name, "indexes": list(key.indexes)})
    _write(path, (*keys, key))


def revoke_key(path: Path, name: str) -> None:
    """Remove a key; a running server stops taking it at once. Raises `NotFoundError`."""
    keys = read_keys(path)
    kept = tuple(key for key in keys if key.name != name)
    if len(kept) == len(keys):
        raise NotFoundError(f"there is no key `{name}` in `{path}`; see huwen keys list --keys {path}")
    note_act(audit_of(path), "keys revoke", about={"key": name})
    _write(path, kept)


def new_secret() -> str:
    """Return a secret of 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def now() -> datetime:
    """Return the time to note on a new key, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def audit_of(path: Path) -> Path:
    """Return the file beside the keys that says who made and revoked them."""
    return path.with_name(f"{path.name}.audit.jsonl")


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    """Replace the file in one step, so that no reader sees half of it."""
    form = KeyFile(keys=keys).model_dump(mode="json")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ConfigError(f"the keys in `{path}` cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(form, ensure_ascii=False, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
