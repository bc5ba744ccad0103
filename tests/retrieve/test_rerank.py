"""The learned reranker on candidates made by hand: what its features say, and the order that its weights give."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import numpy as np
import pytest

from rag.errors import ConfigError
from rag.retrieve.features import COLUMNS, feature_rows
from rag.retrieve.rerank import LearnedReranker
from rag.retrieve.rerank_model import WEIGHTS, load_model, model_of
from rag.retrieve.rerank_question import wanted_of
from rag.retrieve.rerank_text import EDGE, edged, read
from rag.search_types import Asked, Candidate, Query
from rag.types import Article, Chunk, FusedHit, Question


def idf(tokens: object) -> list[float]:
    assert isinstance(tokens, list | tuple)
    return [1.0 for _ in tokens]


def candidate(
    text: str, *, name: str = "a", title: str = "题", flags: tuple[str, ...] = (), score: float = 0.5
) -> Candidate:
    return Candidate(
        chunk=Chunk(chunk_id=f"{name}@0", article_id=name, start=0, end=len(text), header=title, text=text),
        article=Article(
            article_id=name, page_id=name, title=title, text=text, source_path="a", lang="zh", flags=flags,
            published=date(2025, 10, 30),
        ),
        hit=FusedHit(
            chunk_id=f"{name}@0", score=score, rank=1, origins={"lexical": 1}, arms={"lexical": score, "dense": 0.2}
        ),
    )  # fmt: skip


def features(question: str, *rows: Candidate, searched: str | None = None) -> list[dict[str, float]]:
    queries = [Query(text=question if searched is None else searched, origin="asked")]
    wanted = wanted_of(question, queries=queries, lang="zh", as_of=date(2025, 11, 11), idf=idf)
    table = feature_rows(wanted, rows, [read(row.chunk.text, header=row.chunk.header) for row in rows])
    return [dict(zip(COLUMNS, row.tolist(), strict=True)) for row in table]


def test_coverage_counts_characters_of_the_text_of_the_header_and_of_both() -> None:
    (row,) = features("园区面积", candidate("面积很大。", title="园区"))
    assert (row["covered"], row["covered_header"], row["covered_all"]) == (0.5, 0.5, 1.0)


def test_two_sentences_that_follow_each_other_count_together_and_not_across_chunks() -> None:
    first, second = features("园区面积", candidate("园区。面积。"), candidate("园区。", name="b"))
    assert (first["sentence"], first["two_sentences"]) == (0.5, 1.0)
    assert second["two_sentences"] == 0.5


def test_a_latin_word_is_found_whole_only() -> None:
    held, part = features("AI", candidate("用AI制造。"), candidate("said。", name="b"))
    assert (held["covered"], part["covered"]) == (1.0, 0.0)
    assert edged("ve25-100型") == f"{EDGE}ve25-100{EDGE}ve25{EDGE}100{EDGE}型"


def test_a_text_with_the_kind_asked_for_near_the_words_of_the_question_stands_out() -> None:
    near, far = features(
        "园区面积多少平方米？", candidate("园区面积120平方米。"), candidate("园区面积很大。共3期。", name="b")
    )
    assert near["kind_near"] > far["kind_near"]


def test_a_year_named_counts_more_than_a_year_of_publication_and_another_year_counts_against() -> None:
    rows = features(
        "2025年产值", candidate("2025年产值"), candidate("产值", name="b"), candidate("2023年产值", name="c")
    )
    assert [row["year"] for row in rows] == [1.0, 0.5, 0.5]
    old = replace(candidate("2023年产值"), article=replace(candidate("x").article, published=date(2023, 1, 1)))
    assert features("2025年产值", old)[0]["year"] == -1.0


def test_a_question_without_words_and_no_candidates_give_rows_of_the_right_shape() -> None:
    assert features("？", candidate("文"), searched=" ")[0]["covered"] == 0.0
    wanted = wanted_of("问", queries=(), lang="zh", as_of=None, idf=idf)
    assert feature_rows(wanted, [], []).shape == (0, len(COLUMNS))


def test_scores_are_probabilities_and_a_digest_yields_to_the_article() -> None:
    text = "园区面积120平方米，今年10月30日开园。"
    rows = [candidate(text), candidate(text, name="b", flags=("digest",))]
    asked = Asked(
        question=Question(text="园区面积多少？", lang="zh"),
        text="园区面积多少？",
        queries=(Query(text="园区面积", origin="asked"),),
    )
    article, digest = LearnedReranker(idf=idf, model=load_model()).scores(asked, rows)
    assert 0.0 < digest < article < 1.0


def test_contributions_add_up_to_the_logit() -> None:
    model = model_of({name: at / 10 for at, name in enumerate(COLUMNS)}, slope=0.5, offset=-1.0)
    row = np.linspace(0, 1, len(COLUMNS))
    (likely,) = model.probabilities(row[np.newaxis])
    assert sum(model.contributions(row).values()) - 1.0 == pytest.approx(np.log(likely / (1 - likely)))


def test_weights_that_miss_a_feature_are_an_error_that_names_it() -> None:
    with pytest.raises(ConfigError, match=f"no weight for `{COLUMNS[0]}`"):
        model_of({}, slope=1.0, offset=0.0)


def test_the_weights_file_says_what_it_was_trained_on() -> None:
    table = json.loads(files("rag.retrieve").joinpath(WEIGHTS).read_text("utf-8"))
    assert table["questions"].keys() == {"corpus", "cmrc2018_trial"}
    assert table["rows"] > 0
    assert len(table["sha256"]) == 64
    assert "bench/train_reranker.py" in table["command"]
