"""Grounding and citing: what supports a sentence, and what does not."""

from __future__ import annotations

from rag.answer.cite import Sentence, cited
from rag.answer.grounding import ground_claim
from rag.types import Passage, Span

TEXT = "全市新增示范企业120家，同比增长8.9%。其中民营企业占七成。评审工作于10月结束。"


def passage(text: str = TEXT, *, chunk_id: str = "a@100", start: int = 100) -> Passage:
    return Passage(
        rank=1, chunk_id=chunk_id, article_id="a", page_id="a", score=1.0, title="示范企业", header="示范企业",
        text=text, start=start, lang="zh",
    )  # fmt: skip


def test_a_claim_is_grounded_in_the_sentence_that_says_it_by_its_place_in_the_article() -> None:
    found = ground_claim("同比增长8.9%，新增120家示范企业。", [passage()])
    ((source, start, end),) = found.spans
    assert found.problems == ()
    assert source.text[start - source.start : end - source.start] == "全市新增示范企业120家，同比增长8.9%。"


def test_a_figure_that_stands_nowhere_in_the_passages_is_a_problem() -> None:
    assert ground_claim("示范企业同比增长5.2%。", [passage()]).problems == ("figure_not_in_source: 5.2%",)


def test_a_claim_about_something_else_is_a_problem() -> None:
    assert ground_claim("港口的夜间作业明显改善。", [passage()]).problems == ("not_in_source",)


def test_a_claim_without_a_passage_is_a_problem() -> None:
    assert ground_claim("示范企业有120家。", []).problems == ("no_citation",)


def test_figures_from_two_sentences_are_grounded_in_both() -> None:
    found = ground_claim("新增120家，评审10月结束。", [passage()])
    assert len(found.spans) == 2
    assert found.problems == ()


def test_a_claim_that_joins_two_sentences_cites_both_and_one_of_a_single_sentence_only_that() -> None:
    text = "甲公司的总部设在滨江新区。它主要生产汽车芯片和传感器。员工有三百人。"
    joined = ground_claim("甲公司总部设在滨江新区，主要生产汽车芯片和传感器。", [passage(text)])
    cited_texts = {text[start - 100 : end - 100] for _, start, end in joined.spans}
    assert cited_texts == {"甲公司的总部设在滨江新区。", "它主要生产汽车芯片和传感器。"}
    assert len(ground_claim("甲公司主要生产汽车芯片和传感器。", [passage(text)]).spans) == 1


def test_labels_follow_first_use_and_quotes_are_exact() -> None:
    first, second = passage(chunk_id="a@100"), passage("补充：共三批。", chunk_id="b@0", start=0)
    parts = cited(
        [
            Sentence(text="补充：共三批。", support=((second, Span(0, 7)),)),
            Sentence(text="其中民营企业占七成。", support=((first, Span(121, 131)),)),
        ],
        [first, second],
    )
    assert parts.text == "补充：共三批。 [1]\n其中民营企业占七成。 [2]"
    assert [row.label for row in parts.passages] == [2, 1]
    assert [row.quote for row in parts.citations] == ["补充：共三批。", TEXT[21:31]]
