"""Files that readers add: checked, kept in one folder of the operator's, and read into the index at once."""

from __future__ import annotations

import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from rag.assembly import check_file, sync_index
from rag.errors import HuwenError, InputError, UsageError

if TYPE_CHECKING:
    from rag.config import Settings
    from rag.contract import Json

MOST_FOLDER_BYTES = 1024 * 1024 * 1024
MOST_NAME_BYTES = 200
FORBIDDEN = set('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder that keeps what readers add. One file is taken at a time."""

    folder: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, body: bytes, *, settings: Settings) -> dict[str, Json]:
        """Keep a file and index it; where that fails nothing is kept.

        Raises `UsageError` for a name that cannot be one, `InputError` for what cannot be read, and `HTTPException` where
        another file has the name (409) or the folder is full (507).
        """
        with self._lock:
            target = self._place(name, body)
            is_new = not target.exists()
            if is_new:
                self._keep(target, body, settings=settings)
            try:
                report = sync_index(settings, [self.folder], progress=lambda _: None)
            except HuwenError:
                if is_new:
                    target.unlink()
                raise
        return {"name": name, "added": report.added, "updated": report.updated, "revision": report.revision}

    def _place(self, name: str, body: bytes) -> Path:
        _check_name(name)
        if not body:
            raise InputError(f"`{name}` is empty; choose a file with text")
        target = self.folder / name
        if target.exists() and target.read_bytes() != body:
            raise HTTPException(409, f"`{name}` is here already, with other content; give the new one another name")
        held = sum(path.stat().st_size for path in self.folder.iterdir()) if self.folder.exists() else 0
        if held + len(body) > MOST_FOLDER_BYTES:
            raise HTTPException(507, "there is no more room for files here; tell the operator of this server")
        return target

    def _keep(self, target: Path, body: bytes, *, settings: Settings) -> None:
        """Put the file in its place once it was seen that it can be read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The hidden folder is no input of a sync; on the same disk a rename is all or nothing.
        with tempfile.TemporaryDirectory(prefix=".incoming-", dir=self.folder) as hidden:
            draft = Path(hidden) / target.name
            draft.write_bytes(body)
            try:
                check_file(settings, draft)
            except InputError as error:
                raise InputError(str(error).replace(str(draft), target.name)) from error
            draft.rename(target)


def _check_name(name: str) -> None:
    size = len(name.encode())
    if (
        not name.strip(" .")
        or name.startswith(".")
        or size > MOST_NAME_BYTES
        or set(name) & FORBIDDEN
        or not name.isprintable()
    ):
        raise UsageError(
            f"`{name[:40]}` cannot be the name of a file here; use letters, figures and at most 60 characters"
        )
