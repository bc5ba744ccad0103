"""A cold question, from process start to answer, beside LangChain and LlamaIndex pipelines that reopen saved indexes of the same chunks.

usage: python bench/scale_peers.py [--runs 5] [--environment FOLDER] [--json FILE]

The peers have an environment of their own, made here at first (some minutes), which sees this one's torch. Each runs once as its
documentation shows it, with a sentence-transformers model, and once with our vectors; none of them writes an answer, they stop at
the passages. All are timed in turn, run by run.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING

from cold import TIMER

from rag.assembly import sync_index
from rag.config import Settings
from rag.index.open import open_index

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
QUESTION = "2023年上海战略性新兴产业产值占比是多少？"
PACKAGES = (
    "langchain-classic>=1.0",
    "langchain-community>=0.4",
    "langchain-huggingface>=1.0",
    "llama-index-core>=0.14",
    "llama-index-embeddings-huggingface",
    "llama-index-retrievers-bm25",
    "llama-index-vector-stores-faiss",
    "rank-bm25",
)


def peers_python(folder: Path) -> Path:
    """Return the interpreter of the peers' environment, made if there is none."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "base.pth").write_text(sysconfig.get_paths()["purelib"])
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def write_chunks(index: Path, target: Path) -> int:
    """Write the texts of all chunks, a line of JSON each; return how many."""
    with sqlite3.connect(index / "store.sqlite") as store:
        ids = [name for (name,) in store.execute("SELECT chunk_id FROM chunks ORDER BY key")]
    store.close()
    with open_index(index) as opened:
        rows = opened.chunks(ids)
    lines = [json.dumps({"id": row.chunk_id, "text": f"{row.header}\n{row.text}"}, ensure_ascii=False) for row in rows]
    target.write_text("\n".join(lines), "utf-8")
    return len(lines)


def commands(index: Path, folder: Path, python: Path) -> dict[str, list[str]]:
    """Return what is timed, by name."""
    found = {
        "huwen ask": [
            sys.executable,
            "-c",
            "from api.cli.main import main; main()",
            "ask",
            QUESTION,
            "--index",
            str(index),
        ]
    }
    for peer in ("langchain", "llamaindex"):
        for vectors in ("documented", "ours"):
            script = str(ROOT / "bench" / "peers" / f"{peer}_peer.py")
            found[f"{peer}, {vectors} vectors"] = [
                str(python),
                "-W",
                "ignore",
                script,
                "ask",
                str(folder),
                vectors,
                QUESTION,
            ]
    return found


def timed(command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds and the peak resident MB of a command."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TIMER, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def rounds(asked: Mapping[str, Sequence[str]], runs: int) -> list[dict[str, object]]:
    """Run all commands in turn, so many times, and return a row for each, with its ratio to the first."""
    for command in asked.values():
        timed(command)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for _ in range(runs):
        for name, command in asked.items():
            found[name].append(timed(command))
            print(f"{name}: {found[name][-1][0]:.2f} s", file=sys.stderr, flush=True)
    first = [row[0] for row in next(iter(found.values()))]
    rows = []
    for name, times in found.items():
        seconds = [row[0] for row in times]
        ratios = sorted(mine / ours for mine, ours in zip(seconds, first, strict=True))
        rows.append(
            {
                "what": name,
                "best_s": min(seconds),
                "median_s": statistics.median(seconds),
                "worst_s": max(seconds),
                "peak_mb": max(row[1] for row in times),
                "ratio": statistics.median(ratios),
                "ratio_low": ratios[0],
                "ratio_high": ratios[-1],
            }
        )
    return rows


def main() -> int:
    """Print a row of JSON for each pipeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv-peers")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    python = peers_python(given.environment)
    # As after an installation: where bytecode is not written on import, each run would compile all of it again.
    packages = [ROOT / name for name in ("rag", "embeddings", "prompts", "api", "eval", "bench")]
    subprocess.run([sys.executable, "-m", "compileall", "-q", *packages], check=True)
    corpus = Path(os.environ.get("HUWEN_CORPUS") or ROOT / "samples" / "articles")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sync_index(Settings(index=folder / "index"), [corpus], progress=lambda _: None)
        chunks = write_chunks(folder / "index", folder / "chunks.jsonl")
        asked = commands(folder / "index", folder, python)
        for command in list(asked.values())[1:]:
            build = ["build" if word == "ask" else word for word in command[:-1]]
            subprocess.run(build, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
        rows = [row | {"chunks": chunks} for row in rounds(asked, given.runs)]
    for row in rows:
        print(json.dumps(row), flush=True)
    if given.json is not None:
        given.json.write_text(json.dumps(rows, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
