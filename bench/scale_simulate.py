"""What to run at a million to a billion chunks: the table of docs/scale.md from measured constants, by arithmetic that is shown there.

usage: python bench/scale_simulate.py [--write]      (--write puts the table into docs/scale.md)
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTANTS, PAGE = ROOT / "bench" / "constants.json", ROOT / "docs" / "scale.md"
SIZES = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
GB = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One way to run a size: sizes in GB, times in ms."""

    engine: str
    memory: float
    disk: float
    database: float
    nodes: int
    dense_ms: float
    hours: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """What was measured (by chunk, second, core), and what is assumed of machines and prices."""

    dimension: int
    text_bytes: float
    store_bytes: float
    lexical_bytes: float
    words: float
    bandwidth: float
    chunks_s: float
    links: int
    node_gb: float
    node_usd: float
    disk_usd: float
    used: float
    distance_ns: float
    visited: int
    hop_ms: float
    writers: int


def folder(chunks: int, of: Constants) -> Plan:
    """Return a folder on one machine: vectors are scanned, N * d * 2 bytes at the memory's bandwidth."""
    vectors = chunks * of.dimension * 2
    disk = chunks * (of.store_bytes + of.lexical_bytes) + vectors
    return Plan(
        engine="folder, flat scan",
        memory=(vectors + chunks * of.lexical_bytes) / GB,
        disk=disk / GB,
        database=0.0,
        nodes=1,
        dense_ms=1000 * vectors / of.bandwidth,
        hours=chunks / of.chunks_s / 3600,
        cost=of.node_usd * max(1.0, vectors / GB / (of.node_gb * of.used)) + disk / GB * of.disk_usd,
    )


def milvus(chunks: int, of: Constants, *, on_disk: bool) -> Plan:
    """Return Milvus with PostgreSQL: HNSW in memory, or DISKANN with an eighth of the vectors in memory and the rest on SSD."""
    vectors = chunks * of.dimension * 4
    graph = chunks * of.links * 2 * 4
    words = chunks * of.words * 8
    memory = ((vectors / 8 if on_disk else vectors + graph) + words) / GB
    disk = 2 * (vectors + graph + words + chunks * of.text_bytes) / GB
    database = chunks * of.store_bytes * 1.3 / GB
    nodes = math.ceil(memory / (of.node_gb * of.used))
    # A walk visits as many vectors as `ef` asks for, on every node at once; a disk answers a handful of reads one after the other.
    dense = of.hop_ms + of.visited * of.distance_ns * of.dimension / 1e6 + (8 * 0.1 if on_disk else 0.0)
    return Plan(
        engine="Milvus, DISKANN" if on_disk else "Milvus, HNSW",
        memory=memory,
        disk=disk,
        database=database,
        nodes=nodes,
        dense_ms=dense,
        hours=chunks / (of.chunks_s * of.writers) / 3600,
        cost=of.node_usd * (nodes + max(1.0, database / 2000)) + (disk + database) * of.disk_usd,
    )


def table(of: Constants) -> str:
    """Return the table as Markdown."""
    lines = [
        "| chunks | text | engine | memory for the search | disk of the engine | PostgreSQL | nodes | dense part of a search | first sync | month |",
        "|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for chunks in SIZES:
        plans = [folder(chunks, of)] if chunks <= SIZES[1] else []
        plans += [milvus(chunks, of, on_disk=False), milvus(chunks, of, on_disk=True)]
        lines.extend(line(chunks, plan, of) for plan in plans)
    return "\n".join(lines)


def line(chunks: int, plan: Plan, of: Constants) -> str:
    """Return one row of the table."""
    cells = (
        f"{chunks:,}",
        f"{chunks * of.text_bytes / GB:,.1f} GB",
        plan.engine,
        f"{plan.memory:,.1f} GB",
        f"{plan.disk:,.1f} GB",
        f"{plan.database:,.1f} GB" if plan.database else "–",
        f"{plan.nodes}",
        f"{plan.dense_ms:,.0f} ms",
        f"{plan.hours:,.1f} h",
        f"${plan.cost:,.0f}",
    )
    return f"| {' | '.join(cells)} |"


def constants() -> Constants:
    """Return the constants of bench/constants.json; measured ones come from runs of `make bench`."""
    held = json.loads(CONSTANTS.read_text("utf-8"))
    return Constants(**{name: row["value"] for name, row in held.items()})


def main() -> int:
    """Print the table, or put it into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    text = table(constants())
    if given.write:
        page = PAGE.read_text("utf-8")
        marks = re.compile(r"(<!-- simulated -->\n).*?(\n<!-- end -->)", re.DOTALL)
        PAGE.write_text(marks.sub(lambda found: found[1] + text + found[2], page), "utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
