"""The keys that are in force now: read again whenever their file changes, so that a revoked key ends at once."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from api.access.keys import find_key, read_keys
from rag.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from api.access.keys import Key

LOG = logging.getLogger("huwen.access")


class KeyRing:
    """Any thread may ask. A file that cannot be read opens nothing until it can."""

    def __init__(self, path: Path) -> None:
        """Read the keys. Raises `ConfigError`."""
        self._path = path
        self._lock = threading.Lock()
        self._stamp = self._stamp_now()
        self._keys = read_keys(path)

    def find(self, secret: str) -> Key | None:
        """Return the key of a secret."""
        with self._lock:
            self._renew()
            keys = self._keys
        return find_key(keys, secret)

    def _renew(self) -> None:
        stamp = self._stamp_now()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._keys = read_keys(self._path)
        except ConfigError as error:
            LOG.error("%s", error)  # noqa: TRY400 - a person reads this, the traceback says nothing more
            self._keys = ()

    def _stamp_now(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)
