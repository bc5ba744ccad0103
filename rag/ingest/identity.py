"""Names that stay: pages named after files, and articles recognised on their page the next time."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from hashlib import blake2b
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How much of an article's text tells it from another one with the same title on the same page.
OPENING = 40
KEY_BYTES = 12


def article_key(title: str, text: str) -> str:
    """Return what an article is recognised by on its page: its title and opening, whatever their spacing and width."""
    opening = _folded(text)[:OPENING]
    return blake2b(f"{_folded(title)}\n{opening}".encode(errors="replace"), digest_size=KEY_BYTES).hexdigest()


def page_names(paths: Iterable[str]) -> dict[str, str]:
    """Map each path to its stem, or to the shortest ending of the path that no other file with that stem has."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for path in paths:
        groups[PurePath(path).stem].append(path)
    names: dict[str, str] = {}
    for stem, members in groups.items():
        names |= {members[0]: stem} if len(members) == 1 else _distinguished(sorted(members))
    return names


def _distinguished(paths: Sequence[str]) -> dict[str, str]:
    names = _unique_endings(paths, suffix=False)
    # Only the suffix tells these from a neighbour.
    alike = [path for path in paths if path not in names]
    return names | {path: name for path, name in _unique_endings(paths, suffix=True).items() if path in alike}


def _unique_endings(paths: Sequence[str], *, suffix: bool) -> dict[str, str]:
    """Map each path to its shortest ending that no other path shares, where it has one."""
    names: dict[str, str] = {}
    for depth in range(1, max(len(PurePath(path).parts) for path in paths) + 1):
        endings = {path: _ending(path, depth=depth, suffix=suffix) for path in paths}
        counts = Counter(endings.values())
        names = {path: name for path, name in endings.items() if counts[name] == 1} | names
    return names


def _ending(path: str, *, depth: int, suffix: bool) -> str:
    pure = PurePath(path)
    parts = (*pure.parts[:-1], pure.name if suffix else pure.stem)
    return "/".join(parts[-depth:]).lstrip("/")


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
