"""`make bench`: searching, syncing and a cold question, each beside peers and limits in one run; writes docs/benchmarks.md.

usage: python bench/suite.py [--parts cold search sync peers] [--chunks ...] [--items N] [--runs N] [--from FOLDER]

Each part is a script that also runs by itself. `--from` makes the page of the JSON that an earlier run left in a folder. All
figures are of one machine at one time; a shared machine only ever adds time, so that the ratios say more than the seconds.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Rows = list[dict[str, Any]]

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURES = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "benchmarks"
PARTS = ("search", "sync", "peers")
WIDTH, HEIGHT, MARGIN = 480, 220, 44
# Costs of the search part that are drawn and whose slope is printed: key, words.
CURVES = (
    ("build_s", "sync, s"),
    ("open_and_first_ms", "open and first search, ms"),
    ("add_one_ms", "one article more, ms"),
    ("both_ms", "search with both arms, median ms"),
)


def number(value: object) -> float:
    """Return a figure of a row, of a spread its median."""
    return float(value["p50"]) if isinstance(value, dict) else float(str(value))


def slope(rows: Rows, key: str) -> float:
    """Return the exponent of a cost's growth: 1 is linear, 0 flat; least squares over the logarithms."""
    points = [(math.log(row["chunks"]), math.log(number(row[key]))) for row in rows]
    x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def curve(rows: Rows, key: str, title: str) -> str:
    """Return a cost against the size as an SVG, both axes logarithmic."""
    points = [(row["chunks"], number(row[key])) for row in rows]
    spans = [(min(values), max(values)) for values in zip(*points, strict=True)]

    def place(value: float, axis: int) -> float:
        low, high = math.log(spans[axis][0]), math.log(spans[axis][1])
        share = (math.log(value) - low) / (high - low or 1.0)
        size = (WIDTH, HEIGHT)[axis] - 2 * MARGIN
        return MARGIN + share * size if axis == 0 else HEIGHT - MARGIN - share * size

    at = [(place(x, 0), place(y, 1)) for x, y in points]
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3"/><text x="{x:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{size:,}</text>'
        f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{value:.3g}</text>'
        for (x, y), (size, value) in zip(at, points, strict=True)
    )
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in at)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<title>{title} by chunks</title><text x="{MARGIN}" y="16">{title} by chunks (both axes logarithmic)</text>'
        f'<polyline points="{line}" fill="none" stroke="currentColor"/>{marks}</svg>\n'
    )


def search_page(rows: Rows) -> str:
    """Return the part on searching, and draw its curves."""
    PICTURES.mkdir(exist_ok=True)
    lines = [
        "| chunks | words: ours | Tantivy | vectors: ours | FAISS | memory's limit | both arms | open, first search | one more article | memory | disk / text |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        disk = sum(row[f"{name}_mb"] for name in ("store", "vectors", "lexical")) / row["text_mb"]
        lines.append(
            f"| {row['chunks']:,} | {ms(row['lexical_ms'])} | {ms(row['tantivy_ms'])} | {ms(row['dense_ms'])} | {ms(row['faiss_ms'])} "
            f"| {row['scan_limit_ms']:.1f} ms | {ms(row['both_ms'])} | {row['open_and_first_ms']:.0f} ms | {row['add_one_ms']:.0f} ms "
            f"| {row['resident_mb']:.0f} MB | {disk:.1f} |"
        )
    lines.append("")
    for key, title in CURVES if len(rows) > 1 else ():
        (PICTURES / f"{key}.svg").write_text(curve(rows, key, title), "utf-8")
        lines.append(f"![{title}](benchmarks/{key}.svg) grows with the {slope(rows, key):.2f}th power of the size.\n")
    return "\n".join(lines)


def ms(spread: dict[str, float]) -> str:
    """Return a spread as median and 10th to 90th percentile."""
    return f"{spread['p50']:.1f} ({spread['p10']:.1f} to {spread['p90']:.1f}) ms"


def sync_page(rows: Rows) -> str:
    """Return the part on syncing."""
    (row,) = rows
    stages = "\n".join(
        f"| {stage} | {seconds:.1f} s | {row['chunks'] / seconds:,.0f} | {100 * seconds / row['sync_s']:.0f} % |"
        for stage, seconds in row["stages_s"].items()
    )
    tokens = row["text_mb"] / row["tokenizer_mb_s"]
    return (
        f"{row['items']:,} news items, {row['chunks']:,} chunks, {row['text_mb']:.1f} MB of text in {row['sync_s']:.0f} s "
        f"({row['processor_s']:.0f} s of processor time, {row['chunks_s']:.0f} chunks a second of it), peak {row['peak_mb']:.0f} MB, index {row['index_per_text']:.1f} times the text; again without "
        f"changes {row['again_s']:.1f} s. In the same run the tokenizer alone takes {tokens:.1f} s for the same text "
        f"({row['tokenizer_mb_s']:.1f} MB/s), so that the sync is {row['processor_s'] / tokens:.0f} times that; the disk takes {row['disk_mb_s']:.0f} MB/s, "
        f"and would have the index in {row['index_mb'] / row['disk_mb_s']:.1f} s.\n\n"
        f"| stage | time | chunks/s | share |\n|---|---:|---:|---:|\n{stages}"
    )


def peers_page(rows: Rows) -> str:
    """Return the part on peers."""
    lines = [
        f"{rows[0]['chunks']:,} chunks, from process start to exit; the peers stop at the passages, `huwen ask` writes the cited answer.",
        "",
        "| pipeline | best | median | worst | times `huwen ask` | peak memory |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row['what']} | {row['best_s']:.2f} s | {row['median_s']:.2f} s | {row['worst_s']:.2f} s "
        f"| {row['ratio']:.1f} ({row['ratio_low']:.1f} to {row['ratio_high']:.1f}) | {row['peak_mb']:.0f} MB |"
        for row in rows
    ]
    return "\n".join(lines)


PAGES: dict[str, tuple[str, Callable[[Rows], str]]] = {
    "search": ("Searching, opening, adding, by size", search_page),
    "sync": ("Syncing, by stage", sync_page),
    "peers": ("A cold question beside LangChain and LlamaIndex", peers_page),
}


def write_page(folder: Path) -> None:
    """Put the parts that have results into the page; the others stay as they are."""
    page = PAGE.read_text("utf-8")
    for part, (_, written) in PAGES.items():
        results = folder / f"{part}.json"
        if results.exists():
            start, end = f"<!-- {part} -->\n", f"\n<!-- end {part} -->"
            before, _, rest = page.partition(start)
            _, _, after = rest.partition(end)
            page = before + start + written(json.loads(results.read_text("utf-8"))) + end + after
    PAGE.write_text(page, "utf-8")


def run(part: str, options: Sequence[str], folder: Path) -> None:
    """Run a part's script, its results into a file."""
    command = [
        sys.executable,
        str(ROOT / "bench" / f"scale_{part}.py"),
        *options,
        "--json",
        str(folder / f"{part}.json"),
    ]
    print(f"== {' '.join(command[1:])}", flush=True)
    subprocess.run(command, check=True, cwd=ROOT)


def main() -> int:
    """Run the parts and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--from", dest="source", type=Path)
    given = parser.parse_args()
    options = {
        "search": ["--chunks", *map(str, given.chunks)],
        "sync": ["--items", str(given.items)],
        "peers": ["--runs", str(given.runs)],
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) if given.source is None else given.source
        for part in given.parts if given.source is None else ():
            run(part, options[part], folder)
        write_page(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
