"""Which engine searches an index, as the store remembers it: none is the parts in its folder."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.index.changes import ENGINE, get_meta, set_meta

if TYPE_CHECKING:
    from rag.index.connection import Connection
    from rag.index.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """The address of a Milvus, and the alias under which the generations of this index, and of no other, lie there."""

    uri: str
    name: str


def chosen_engine(connection: Connection) -> EngineChoice | None:
    """Return the engine of the store's next revision, `None` for the parts in its folder."""
    value = get_meta(connection, ENGINE)
    return None if value is None else EngineChoice(**json.loads(value))


def choose_engine(connection: Connection, uri: str) -> None:
    """Have the next revision searched at an address, under a new alias; the address in force stays with its alias."""
    address = engine_address(uri)
    present = chosen_engine(connection)
    if present is None or present.uri != address:
        remember_engine(connection, EngineChoice(uri=address, name=f"huwen_{secrets.token_hex(4)}"))


def remember_engine(connection: Connection, choice: EngineChoice) -> None:
    """Write the engine into the store, inside the caller's transaction."""
    set_meta(connection, ENGINE, json.dumps(asdict(choice)))


def engine_address(uri: str) -> str:
    """Return a server's address as it is, and a file's place from the root."""
    return uri if "://" in uri else str(Path(uri).absolute())


def is_engine(manifest: Manifest, choice: EngineChoice | None) -> bool:
    """Tell whether a revision is searched where the store says."""
    record = manifest.engine
    if record is None or choice is None:
        return record is None and choice is None
    return (record.uri, record.name) == (choice.uri, choice.name)
