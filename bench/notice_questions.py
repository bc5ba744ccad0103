"""Does the clause that answers come first? Until when, who, how and where, whom to ask, for every notice of the corpus.

    HUWEN_CORPUS=FOLDER python -m bench.notice_questions [--index FOLDER]

The questions are made from each notice's title by template. `bench/keys/notices.tsv` names, for each notice and kind that
its text answers, a fact that stands in that clause: a day, a number, an address, a term. A question counts when the first
passage of the search is of that notice and its text, not its header, holds the fact. The index is made anew without `--index`.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.assembly import open_assistant, sync_index
from rag.config import load_settings, with_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.answer.assistant import Assistant
    from rag.types import Passage

KEY = Path(__file__).parent / "keys" / "notices.tsv"
TEMPLATES = {
    "until": "{topic}到什么时候截止？",
    "who": "哪些单位或个人可以参加{topic}？",
    "how": "{topic}怎么办理，在哪里提交？",
    "whom": "{topic}有问题找谁咨询，电话是多少？",
}
DEPTH = 20

_CALL = re.compile(r"^关于(?:组织|开展|举办|做好)?|(?:工作)?的(?:通知|公告|通告)$|[!！~]+")


def topic_of(title: str) -> str:
    """Return what a notice's title is about, as a question names it."""
    return _CALL.sub("", title)


def ranks(assistant: Assistant, key: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, int | None, Passage]]:
    """Yield notice, kind, the rank of the passage that answers (`None` below `DEPTH`), and the first passage."""
    for article_id, kind, fact in key:
        question = TEMPLATES[kind].format(topic=topic_of(assistant.article(article_id).title))
        passages, _ = assistant.search(question, k=DEPTH)
        right = (row.rank for row in passages if row.article_id == article_id and fact in row.text)
        yield article_id, kind, next(right, None), passages[0]


def main() -> None:
    """Print what came first where it was not the clause, and the share of questions by kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="an index of the corpus (default: a new one)")
    index = parser.parse_args().index
    with TemporaryDirectory() as folder:
        settings = with_changes(load_settings(None, environment={}), {"index": index or Path(folder) / "index"})
        if index is None:
            sync_index(settings, [Path(os.environ["HUWEN_CORPUS"])], progress=lambda _: None)
        with open_assistant(settings) as assistant:
            report(list(ranks(assistant, key_rows())))


def key_rows() -> list[list[str]]:
    """Return notice, kind and fact of each question."""
    return [line.split("\t") for line in KEY.read_text("utf-8").splitlines() if not line.startswith("#")]


def report(rows: Sequence[tuple[str, str, int | None, Passage]]) -> None:
    """Print the misses and one line a kind."""
    by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for article_id, kind, rank, first in rows:
        by_kind[kind].append(rank == 1)
        if rank != 1:
            print(f"{article_id} {kind}: rank {rank}; first is {first.chunk_id} {' '.join(first.flags)}")
    for kind, hits in by_kind.items():
        print(f"{kind}: {sum(hits)}/{len(hits)} first")
    print(f"all: {sum(map(sum, by_kind.values()))}/{len(rows)} first")


if __name__ == "__main__":
    main()
