"""Fuzzes every reader with mutated good files: nothing but pages and `InputError` may come out; prints what came.

python bench/ingest_fuzz.py [SECONDS_PER_FORMAT] [SEED]
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from rag.errors import InputError
from rag.ingest.read import read_pages

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.ingest.formats.written_files import FORMATS, zipped

SECONDS = 2.0
# A mutated small file that takes longer than this is as good as a hang.
MAX_SECONDS = 20.0
# How often a mutation lies below the packing or the encoding.
DEEP = 0.7
PIECES = (b"\0", b"\xff", b"<", b">", b"&", b'"', b"[", b"{", b"]", b"\n", b",", b"<!--", b"<![CDATA[", b"%", b"obj")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the content after one to eight changes."""
    raw = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(raw) + 1)
        size = chance.choice((1, 1, 2, 4, 16, 256))
        match chance.randrange(6):
            case 0:
                raw[at : at + size] = chance.randbytes(size)
            case 1:
                del raw[at : at + size]
            case 2:
                raw[at:at] = raw[at : at + size] * chance.choice((1, 2, 50))
            case 3:
                raw[at:at] = chance.choice(PIECES) * chance.choice((1, 3, 500))
            case 4:
                other = chance.randrange(len(raw) + 1)
                raw[at : at + size] = raw[other : other + size]
            case _:
                if raw:
                    raw[at % len(raw)] ^= 1 << chance.randrange(8)
    return bytes(raw)


def hostile(name: str, good: bytes, chance: random.Random) -> bytes:
    """Return a bad file of a format: bytes changed, or, more often than not, what lies below its packing or encoding."""
    if chance.random() < DEEP:
        if name.endswith((".zip", ".docx")):
            return repacked(good, chance)
        if not name.endswith(".pdf"):
            return mutated(good, chance).decode(errors="ignore").encode()
    return mutated(good, chance)


def repacked(good: bytes, chance: random.Random) -> bytes:
    """Return an archive with one member mutated and the rest as they were."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    chosen = chance.choice([name for name in members if "document" in name or "docProps" not in name])
    members[chosen] = mutated(members[chosen], chance)
    return zipped(members)


def outcome(path: Path) -> str:
    """Read a file to its end and tell how that ended: `pages`, `error`, or what must not be."""
    try:
        for page in read_pages(path):
            if not page.page_id or not (page.text.strip() or page.title):
                return "an empty page"
    except InputError as error:
        return "error" if f"`{path}" in str(error) else f"an error without its path: {error}"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {error}"
    return "pages"


def fuzz(name: str, *, seconds: float, seed: int, folder: Path) -> list[str]:
    """Fuzz one format for so long; print a line, and return the failures, each with the file that shows it."""
    chance = random.Random(f"{seed}/{name}")  # noqa: S311
    good = FORMATS[name]()
    counts: Counter[str] = Counter()
    failures: list[str] = []
    slowest = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        path = folder / name
        path.write_bytes(hostile(name, good, chance))
        started = time.monotonic()
        told = outcome(path)
        took = time.monotonic() - started
        slowest = max(slowest, took)
        counts[told if told in {"pages", "error"} else "failures"] += 1
        if told not in {"pages", "error"} or took > MAX_SECONDS:
            kept = path.rename(folder / f"failure-{len(failures)}-{name}")
            failures.append(f"{kept}: {told} ({took:.1f} s)")
    print(
        f"{name:14} {counts.total():7} files: {counts['pages']:6} read, {counts['error']:6} refused, "
        f"{counts['failures']} failures; slowest {slowest:.2f} s"
    )
    return failures


def main(seconds: float = SECONDS, seed: int = 0) -> int:
    """Fuzz every format in turn; return 1 where something failed. Files that failed are kept."""
    folder = Path(tempfile.mkdtemp(prefix="huwen-fuzz-"))
    failures = [line for name in FORMATS for line in fuzz(name, seconds=seconds, seed=seed, folder=folder)]
    print(*failures, sep="\n" if failures else "")
    return 1 if failures else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(float(given[0]) if given else SECONDS, int(given[1]) if len(given) > 1 else 0))
