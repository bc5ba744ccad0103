"""schemathesis on every route of a server over the samples that takes marks and files: 1,000 good and bad requests each.

usage: python -m bench.http_schema [--cases 1000] [--route TEXT]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from rag.assembly import sync_index
from rag.config import Settings
from tests.http.conftest import running
from tests.http.test_http_schema import OPERATIONS, check

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Try each route; the first response that breaks the description ends the run with the request that did it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--route", default="", help="only routes that contain this")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        sync_index(settings, [ROOT / "samples" / "articles"], progress=lambda _: None)
        with running(settings, drafts=Path(folder) / "drafts.jsonl", uploads=Path(folder) / "files") as server:
            for operation in [row for row in OPERATIONS if given.route in row]:
                started = time.perf_counter()
                check(server, operation, cases=given.cases)
                print(
                    f"{operation}: {given.cases} cases, {time.perf_counter() - started:.0f} s, all as described",
                    flush=True,
                )


if __name__ == "__main__":
    main()
