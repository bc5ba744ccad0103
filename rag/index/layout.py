"""Names of the files in an index folder; knows nothing of what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The version that this program writes, and the oldest that it still opens.
FORMAT = 2
OLDEST_FORMAT = 2
# The version of an index whose chunks are searched by another engine: a program that knows no engines must not open it.
ENGINE_FORMAT = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """The places inside one index folder; with `database`, the store, manifests and leases are there, and not in files."""

    folder: Path
    database: str | None = None

    @property
    def pointer(self) -> Path:
        """The file that names the database, where there is one."""
        return self.folder / "store.json"

    @property
    def manifest(self) -> Path:
        """The file that names the parts of the current revision; replaced by a rename."""
        return self.folder / "manifest.json"

    @property
    def store(self) -> Path:
        """The SQLite database that everything else is derived from."""
        return self.folder / "store.sqlite"

    @property
    def vectors(self) -> Path:
        """Folder of the vector segments."""
        return self.folder / "vectors"

    @property
    def lexical(self) -> Path:
        """Folder of the lexical generations."""
        return self.folder / "lexical"

    @property
    def terms(self) -> Path:
        """Folder of the term statistics, where another engine searches."""
        return self.folder / "terms"

    @property
    def leases(self) -> Path:
        """Folder with a copy of each manifest that a reader may hold; readers lock these copies."""
        return self.folder / "leases"

    @property
    def lock(self) -> Path:
        """The file that the one writer locks."""
        return self.folder / "lock"

    def lease(self, revision: int) -> Path:
        """Return the place of one revision's lease."""
        return self.leases / f"{revision:06d}.json"
