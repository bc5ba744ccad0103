"""Both arms of the search against plain implementations, whatever the history of the index, on every engine."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rag.errors import NotFoundError, UsageError
from rag.index.open import open_index
from rag.search_types import Choice, Group
from rag.text.tokens import index_tokens
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.types import Hit
    from tests.index.conftest import Embed, Put

WORDS = "工业 产值 增长 上海 港口 集装箱 芯片 钢铁 转型 绿色 政策 申报 补贴 人工智能 机器人 浦东 前三季度 同比 robot policy".split()
NONE = Filters()
# Of what only an index has that is searched in its folder.
IN_FOLDER = pytest.mark.parametrize("put", ["folder"], indirect=True)


def sentences(count: int, *, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    return ["，".join(draw.choices(WORDS, k=draw.randint(3, 12))) for _ in range(count)]


def library(count: int, *, seed: int = 1) -> dict[str, list[str]]:
    lines = sentences(count, seed=seed)
    return {f"p{number // 5}": lines[number : number + 5] for number in range(0, count, 5)}


def pairs(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    return [(hit.chunk_id, round(hit.score, 5)) for hit in hits]


def bm25(pages: dict[str, list[str]], query: Sequence[str]) -> dict[str, float]:
    """Return each chunk's share, by the formula in the docstring of the index; lengths as Tantivy rounds them."""
    bags = {
        f"{page}@{number}": Counter(index_tokens(f"题\n{line}"))
        for page, lines in pages.items()
        for number, line in enumerate(lines)
    }
    average = sum(sum(bag.values()) for bag in bags.values()) / len(bags)
    idf = {
        token: math.log(1 + (len(bags) - df + 0.5) / (df + 0.5))
        for token in query
        for df in [sum(token in bag for bag in bags.values())]
    }
    mass = 2.2 * sum(idf.values())
    shares = {}
    for name, bag in bags.items():
        norm = 1.2 * (0.25 + 0.75 * sum(bag.values()) / average)
        score = sum(idf[token] * 2.2 * bag[token] / (bag[token] + norm) for token in idf if bag[token])
        if score:
            shares[name] = score / mass
    return shares


def test_lexical_scores_are_bm25_as_a_share_of_the_idf_mass(index: Path, put: Put) -> None:
    pages = library(60)
    put(index, pages)
    query = ["钢铁", "转型", "浦东", "没有"]
    expected = sorted(bm25(pages, query).items(), key=lambda pair: (-round(pair[1], 5), pair[0]))[:10]
    with open_index(index) as opened:
        found = opened.search_lexical([*query, "钢铁"], k=10, filters=NONE)
    assert [hit.rank for hit in found] == list(range(1, 11))
    assert [hit.score for hit in found] == pytest.approx([score for _, score in expected], abs=2e-5)


def test_of_each_group_the_best_choice_counts(index: Path, put: Put) -> None:
    pages = library(60)
    put(index, pages)
    with open_index(index) as opened:
        weights = dict(zip(("钢铁", "转型", "浦东", "没有"), opened.idf(["钢铁", "转型", "浦东", "没有"]), strict=True))
        choices = (Choice(text="钢铁", tokens=("钢铁",)), Choice(text="转型", tokens=("转型",), weight=0.5))
        groups = (
            Group(source="steel", choices=(*choices, Choice(text="没有", tokens=("没有",)))),
            Group(source="pudong", choices=(Choice(text="浦东", tokens=("浦东",)),)),
            Group(source="nothing", choices=(Choice(text="没有", tokens=("没有",)),)),
        )
        found = {hit.chunk_id: hit.score for hit in opened.search_groups(groups, k=60, filters=NONE)}
        assert opened.search_groups(groups[2:], k=5, filters=NONE) == []
    alone = {word: bm25(pages, [word]) for word in weights}
    mass = max(weights["钢铁"], 0.5 * weights["转型"]) + weights["浦东"]

    def expected(name: str) -> float:
        best = max(weights["钢铁"] * alone["钢铁"].get(name, 0.0), 0.5 * weights["转型"] * alone["转型"].get(name, 0.0))
        return (best + weights["浦东"] * alone["浦东"].get(name, 0.0)) / mass

    assert found == pytest.approx({name: expected(name) for name in found}, abs=2e-5)
    assert set(found) == {name for word in ("钢铁", "转型", "浦东") for name in alone[word]}


def test_idf_is_highest_for_a_word_that_never_occurs(index: Path, put: Put) -> None:
    put(index, library(60))
    with open_index(index) as opened:
        common, absent = opened.idf(["上海", "没有"])
    assert 0 < common < absent == pytest.approx(math.log(1 + 60.5 / 0.5))


def test_dense_scores_are_cosines_as_numpy_finds_them(index: Path, put: Put, embed: Embed) -> None:
    pages = library(200)
    put(index, pages)
    names = [f"{page}@{number}" for page, lines in pages.items() for number in range(len(lines))]
    matrix = embed([f"题\n{line}" for lines in pages.values() for line in lines]).astype(np.float16).astype(np.float64)
    query = embed(["任意问题"])[0]
    scores = matrix @ query
    expected = sorted(zip(names, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))[:20]
    with open_index(index) as opened:
        found = opened.search_dense(query, k=20, filters=NONE)
    assert [hit.chunk_id for hit in found] == [name for name, _ in expected]
    assert [hit.score for hit in found] == pytest.approx([score for _, score in expected], abs=1e-6)


@IN_FOLDER
def test_an_index_grown_step_by_step_answers_like_one_made_at_once(tmp_path: Path, put: Put, embed: Embed) -> None:
    pages = library(300)
    put(tmp_path / "once", pages)
    grown = tmp_path / "grown"
    names = list(pages)
    random.Random(3).shuffle(names)
    for start in range(0, len(names), 7):
        part = names[start : start + 7]
        put(grown, {f"x{start}": ["临时 钢铁 文章"], **{name: pages[name] for name in part}})
        put(grown, {}, remove=[f"x{start}"])
    query = embed(["任意问题"])[0]
    with open_index(tmp_path / "once") as one, open_index(grown) as other:
        for words in (["钢铁"], ["上海", "港口", "没有"], ["robot", "同比", "增长"]):
            assert pairs(one.search_lexical(words, k=30, filters=NONE)) == pairs(
                other.search_lexical(words, k=30, filters=NONE)
            )
        assert pairs(one.search_dense(query, k=30, filters=NONE)) == pairs(
            other.search_dense(query, k=30, filters=NONE)
        )


@pytest.mark.parametrize("k", [1, 3, 8])
def test_ties_are_broken_by_chunk_id_across_parts(index: Path, put: Put, embed: Embed, k: int) -> None:
    for name in ("d", "b", "e", "a", "c"):
        put(index, {name: ["同一句话 钢铁", "另一句话"]})
    names = ["a@0", "b@0", "c@0", "d@0", "e@0"]
    with open_index(index) as opened:
        assert [hit.chunk_id for hit in opened.search_lexical(["钢铁"], k=k, filters=NONE)] == names[:k]
        found = opened.search_dense(embed(["题\n同一句话 钢铁"])[0], k=k, filters=NONE)
        assert [hit.chunk_id for hit in found][:5] == names[:k]


def test_a_k_larger_than_the_index_gives_what_there_is(index: Path, put: Put, embed: Embed) -> None:
    put(index, {"a": ["钢铁"], "b": ["港口"]})
    with open_index(index) as opened:
        assert len(opened.search_dense(embed(["x"])[0], k=1000, filters=NONE)) == 2
        assert len(opened.search_lexical(["钢铁"], k=1000, filters=NONE)) == 1


def test_k_below_1_and_a_vector_of_the_wrong_shape_are_usage_errors(index: Path, put: Put, embed: Embed) -> None:
    put(index, {"a": ["钢铁"]})
    with open_index(index) as opened:
        with pytest.raises(UsageError, match="at least 1"):
            opened.search_lexical(["钢铁"], k=0, filters=NONE)
        with pytest.raises(UsageError, match="finite"):
            opened.search_dense(np.full(24, np.nan, np.float32), k=1, filters=NONE)
        with pytest.raises(UsageError, match="24"):
            opened.search_dense(np.ones(3, np.float32), k=1, filters=NONE)


def test_filters_apply_before_the_best_k(index: Path, put: Put, embed: Embed) -> None:
    put(index, {f"old{n}": ["钢铁 钢铁"] for n in range(40)}, published=date(2023, 5, 1), source="甲报")
    put(index, {"new": ["钢铁 政策 补贴 申报"]}, published=date(2025, 5, 1), source="乙报")
    put(index, {"none": ["钢铁 政策 补贴 申报"]}, lang="en")
    cases = [
        (Filters(since=date(2025, 1, 1)), {"new@0"}),
        (Filters(since=date(2025, 5, 1), until=date(2025, 5, 1)), {"new@0"}),
        (Filters(source="乙报"), {"new@0"}),
        (Filters(lang="en"), {"none@0"}),
        (Filters(until=date(2000, 1, 1)), set()),
        (Filters(source="乙报", lang="en"), set()),
    ]
    with open_index(index) as opened:
        for filters, expected in cases:
            lexical = opened.search_lexical(["钢铁"], k=1, filters=filters)
            dense = opened.search_dense(embed(["题\n钢铁 钢铁"])[0], k=1, filters=filters)
            assert {hit.chunk_id for hit in lexical} == expected, filters
            assert {hit.chunk_id for hit in dense} == expected, filters


def test_removed_and_replaced_chunks_are_never_returned(index: Path, put: Put, embed: Embed) -> None:
    put(index, {"a": ["钢铁 旧文"], "b": ["港口"]})
    put(index, {"a": ["钢铁 新文"]}, remove=["b"])
    with open_index(index) as opened:
        assert [hit.chunk_id for hit in opened.search_dense(embed(["x"])[0], k=9, filters=NONE)] == ["a@0"]
        assert not opened.search_lexical(["港口"], k=9, filters=NONE)
        assert opened.chunks(["a@0"])[0].text == "钢铁 新文"
        with pytest.raises(NotFoundError):
            opened.chunks(["b@0"])


def test_an_index_emptied_of_its_last_page_still_opens(index: Path, put: Put, embed: Embed) -> None:
    put(index, {"a": ["钢铁"]})
    put(index, {}, remove=["a"])
    with open_index(index) as opened:
        assert not opened.search_lexical(["钢铁"], k=9, filters=NONE)
        assert not opened.search_dense(embed(["x"])[0], k=9, filters=NONE)
        assert opened.idf(["钢铁"]) == [pytest.approx(math.log(2))]
        assert opened.newest() is None
        assert opened.status().articles == 0


def test_no_tokens_find_nothing(index: Path, put: Put) -> None:
    put(index, {"a": ["钢铁"]})
    with open_index(index) as opened:
        assert opened.search_lexical([], k=5, filters=NONE) == []


def test_articles_and_chunks_come_back_as_they_were_put(index: Path, put: Put) -> None:
    put(index, {"a": ["第一句。", "第二句，长一些。"]}, source="甲报", published=date(2025, 1, 2))
    with open_index(index) as opened:
        article = opened.article("a")
        assert (article.title, article.source, article.published) == ("题 a", "甲报", date(2025, 1, 2))
        for chunk in opened.chunks(["a@1", "a@0", "a@1"]):
            assert article.text[chunk.start : chunk.end] == chunk.text
        assert opened.newest() == date(2025, 1, 2)
        with pytest.raises(NotFoundError, match="no article `b`"):
            opened.article("b")


@IN_FOLDER
def test_opening_and_searching_imports_no_faiss_before_a_dense_search(index: Path, put: Put) -> None:
    import subprocess
    import sys

    put(index, {"a": ["钢铁"]})
    script = (
        "import sys; from pathlib import Path; from rag.index.open import open_index; from rag.types import Filters\n"
        "index = open_index(Path(sys.argv[1])); index.search_lexical(['钢铁'], k=3, filters=Filters())\n"
        "assert 'faiss' not in sys.modules and 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, str(index)], check=True)
