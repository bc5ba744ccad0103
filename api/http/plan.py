"""What a server serves and to whom, checked before anything is opened."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.access.names import NAME
from api.access.ring import KeyRing
from api.http.app import Doors, create_app
from api.http.assistants import Assistants
from api.http.entrance import is_loopback
from api.http.log import write_log
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp

    from rag.config import Settings


GRACE_S = 30
# The event loop gives up the interpreter at each call of the system; an answer that is computed meanwhile gives it back
# after so long. Python's 5 ms, several times a request, would be most of what those wait who are sent away.
SWITCH_S = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """It travels to worker processes, each of which opens the indexes for itself.

    `indexes` are settings by name; `log` is a file, `-` for stderr, `None` for no log; `grace_s` is how long running
    answers are waited for when the server must stop.
    """

    indexes: Mapping[str, Settings]
    host: str = "127.0.0.1"
    port: int = 8000
    keys: Path | None = None
    is_insecure: bool = False
    drafts: Path | None = None
    uploads: Path | None = None
    workers: int = 1
    grace_s: int = GRACE_S
    log: Path | None = None

    def check(self) -> None:
        """Raise `UsageError` where strangers could ask, or a name cannot stand in a path."""
        for name in self.indexes:
            if NAME.fullmatch(name) is None:
                raise UsageError(f"`{name}` cannot be a name; use letters, digits, `.`, `_` and `-`, 64 at most")
        if self.keys is None and not self.is_insecure and not is_loopback(self.host):
            raise UsageError(
                f"`{self.host}` is open to other machines: make a key with `huwen keys create NAME` and give its file as --keys, "
                "or let everybody ask with --insecure"
            )

    def app(self) -> ASGIApp:
        """Open the indexes and return the app over them. Raises what `open_assistant` and `KeyRing` raise."""
        if self.log is not None:
            write_log(self.log)
        sys.setswitchinterval(SWITCH_S)
        ring = None if self.keys is None else KeyRing(self.keys)
        doors = Doors(host=self.host, ring=ring, is_insecure=self.is_insecure, drafts=self.drafts, uploads=self.uploads)
        return create_app({name: Assistants(settings) for name, settings in self.indexes.items()}, doors)

    def try_out(self) -> None:
        """Open what `app` opens, and close it again. Raises what `app` raises."""
        if self.keys is not None:
            KeyRing(self.keys)
        for settings in self.indexes.values():
            Assistants(settings).close()
