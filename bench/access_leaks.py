"""10,000 random requests of a key that opens one index, beside another it does not open: nothing of the other may come back.

usage: python -m bench.access_leaks [--queries 10000]

Questions are cut from the articles of both indexes, so that what leaked would match well. Each answer is searched for the other
index's words, titles and ids, and its counts are compared with those of the own index.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from api.http.plan import Plan
from rag.config import Settings
from tests.access.conftest import ARTICLES, Client, add_key, guarded
from tests.access.test_own_indexes import OWN, leaked, questions, requests
from tests.conftest import built_index

# Below the name of the other index, and above what may be asked at all.
TRICKS = (
    "/i/{}/api/search",
    "/i/{}/../{}/api/search",
    "/i/{}%2fapi/search",
    "//i/{}/api/search",
    "/api/../i/{}/api/search",
)


def tried(client: Client, *, count: int) -> dict[int, int]:
    """Ask; return how often each status came. Raises `SystemExit` with the request that leaked."""
    chance = random.Random(3)  # noqa: S311 - the same requests each time
    statuses: dict[int, int] = {}
    for number, asked in enumerate(questions(5, count)):
        key, index = sorted(OWN.items())[number % len(OWN)]
        other = next(name for name in ARTICLES if name != index)
        path, body = requests(asked)[number % 3]
        if number % 10 == 9:
            path, body = chance.choice(TRICKS).format(quote(other), quote(other)), {"question": asked, "top_k": 50}
        got = client.post(path, body, key=key)  # type: ignore[arg-type]
        statuses[got.status] = statuses.get(got.status, 0) + 1
        found = leaked(got.body.decode(), asked=asked, index=index)
        if found:
            raise SystemExit(f"{path} {asked!r} gave {found} to a key of {index}")
        if number % 50 == 0 and client.get("/api/status", key=key).json["articles"] != len(ARTICLES[index]):
            raise SystemExit(f"the count of articles that {key} sees is not that of {index}")
    return statuses


def main() -> None:
    """Build two indexes, serve both, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=10_000)
    count = parser.parse_args().queries
    with tempfile.TemporaryDirectory() as name:
        folder, indexes = Path(name), {}
        for index, articles in ARTICLES.items():
            (folder / index).mkdir()
            for stem, text in articles.items():
                (folder / index / f"{stem}.md").write_text(text, "utf-8")
            indexes[index] = Settings(index=built_index(folder / f"{index}-index", folder / index))
        secrets = {key: add_key(folder / "keys.json", key, indexes=(index,)) for key, index in OWN.items()}
        started = time.perf_counter()
        with guarded(Plan(indexes=indexes, keys=folder / "keys.json"), secrets) as client:
            statuses = tried(client, count=count)
        print(
            f"{count} requests, {time.perf_counter() - started:.0f} s, by status {statuses}: nothing of another index"
        )


if __name__ == "__main__":
    main()
