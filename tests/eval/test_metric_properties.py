"""What must hold for any input: bounds, monotony, and that order does not matter where it must not."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import answers, ranking, refusals
from eval.metrics.entailment import bigram_weights, supports
from eval.normalise import contains, normalise
from eval.result import Passage
from eval.sentences import sentences

PAGES = st.lists(st.sampled_from("abcdef"), max_size=12)
GOLD = st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=2).map(tuple), min_size=1, max_size=4).map(
    tuple
)
TEXT = st.text(alphabet="上海增长5.12%万亿 2025年11月abc[],。“”（）-—", max_size=40)


def passages(pages: list[str]) -> list[Passage]:
    return [Passage(rank=rank, article_id=page, page_id=page, text="x") for rank, page in enumerate(pages, start=1)]


@given(PAGES, GOLD)
def test_ranking_metrics_lie_between_nothing_and_all_and_recall_grows_with_k(
    pages: list[str], gold: tuple[tuple[str, ...], ...]
) -> None:
    found = passages(pages)
    recalls = [ranking.page_recall(found, gold=gold, k=k) or 0.0 for k in range(1, 12)]
    assert recalls == sorted(recalls)
    for value in (*recalls, ranking.reciprocal_rank(found, gold=gold, k=10), ranking.ndcg(found, gold=gold, k=10)):
        assert value is not None
        assert 0 <= value <= 1


@given(TEXT)
def test_a_text_holds_itself_unless_nothing_is_left_of_it(text: str) -> None:
    assert contains(normalise(text), form=text) == bool(normalise(text))


@given(TEXT)
def test_every_text_supports_itself(text: str) -> None:
    assert supports(text, by=text, weights=lambda: bigram_weights([text])) == bool(normalise(text))


@given(TEXT, TEXT)
def test_character_f1_is_symmetric_and_bounded(one: str, other: str) -> None:
    first, second = (
        answers.char_f1(one or "甲", references=(other or "乙",)),
        answers.char_f1(other or "乙", references=(one or "甲",)),
    )
    assert first == second
    assert first is not None
    assert 0 <= first <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30), st.randoms())
def test_risk_coverage_does_not_depend_on_the_order_of_the_rows(rows: list[tuple[float, bool]], random: object) -> None:
    shuffled = sorted(rows, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert abs((refusals.risk_coverage_area(rows) or 0) - (refusals.risk_coverage_area(shuffled) or 0)) < 1e-9


@given(TEXT)
def test_sentences_hold_every_character_that_is_not_white_space(text: str) -> None:
    spans = list(sentences(text))
    assert "".join("".join(text[row.start : row.end] for row in spans).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(spans))
