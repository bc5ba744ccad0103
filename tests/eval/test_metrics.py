"""Every metric against values worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from eval.gold import GoldSpan, gold_spans
from eval.metrics import answers, citations, ranking, refusals, spans, spread
from eval.metrics.entailment import bigram_weights, supports
from eval.questions import Question
from eval.result import Citation, Claim, Passage, Result

if TYPE_CHECKING:
    from eval.assistant import Assistant


def passage(
    rank: int, page: str, text: str = "文字", *, also: tuple[str, ...] = (), label: int | None = None
) -> Passage:
    return Passage(rank=rank, article_id=page, page_id=page, text=text, also=also, label=label)


LISTED = [passage(1, "x"), passage(2, "a1"), passage(3, "a1"), passage(4, "y", also=("b9",)), passage(5, "c")]
GOLD = (("a",), ("b", "z"), ("q",))


def test_page_recall_counts_groups_with_a_page_among_the_first_k() -> None:
    assert ranking.page_recall(LISTED, gold=GOLD, k=1) == 0
    assert ranking.page_recall(LISTED, gold=GOLD, k=3) == pytest.approx(1 / 3)
    assert ranking.page_recall(LISTED, gold=GOLD, k=5) == pytest.approx(2 / 3)
    assert ranking.page_recall(LISTED, gold=(), k=5) is None


def test_reciprocal_rank_is_of_the_first_passage_of_any_gold_page() -> None:
    assert ranking.reciprocal_rank(LISTED, gold=GOLD, k=10) == 1 / 2
    assert ranking.reciprocal_rank(LISTED, gold=(("nowhere",),), k=10) == 0
    assert ranking.reciprocal_rank(LISTED, gold=GOLD, k=1) == 0


def test_ndcg_earns_once_for_two_passages_of_one_page() -> None:
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ranking.ndcg(LISTED, gold=GOLD, k=10) == pytest.approx(gain / ideal)
    assert ranking.ndcg([passage(1, "a")], gold=(("a",),), k=10) == 1


def test_ndcg_agrees_with_scikit_learn_where_pages_do_not_repeat() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    pages = [f"p{n}" for n in range(10)]
    relevant = {"p1", "p4", "p7"}
    listed = [passage(rank, page) for rank, page in enumerate(pages, start=1)]
    theirs = metrics.ndcg_score([[float(page in relevant) for page in pages]], [[float(-n) for n in range(10)]], k=10)
    assert ranking.ndcg(listed, gold=tuple((page,) for page in sorted(relevant)), k=10) == pytest.approx(theirs)


def span(start: int, end: int, *, article: str = "a", group: int = 0, text: str = "") -> GoldSpan:
    return GoldSpan(
        group=group, page=article, article_id=article, start=start, end=end, text=text or "句" * (end - start)
    )


def placed(page: str, start: int | None, text: str) -> spans.Placed:
    return spans.Placed(passage=passage(1, page, text), start=start)


def test_span_recall_is_the_share_of_gold_characters_in_the_union_of_passages() -> None:
    listed = [placed("a", 0, "x" * 10), placed("a", 5, "x" * 10), placed("b", 0, "x" * 99)]
    assert spans.span_recall(listed, gold=[span(8, 18)], k=5) == 0.7
    assert spans.span_recall(listed, gold=[span(8, 18)], k=1) == 0.2
    assert spans.span_recall(listed, gold=[], k=5) is None


def test_span_recall_takes_the_better_of_two_alternative_pages() -> None:
    listed = [placed("a", 0, "x" * 10)]
    other = span(0, 40, article="b", group=0)
    assert spans.span_recall(listed, gold=[span(0, 10), other], k=5) == 1
    assert spans.span_recall(listed, gold=[span(0, 10), span(0, 30, article="b", group=1)], k=5) == 0.25


def test_a_copy_in_another_article_covers_a_gold_span_whole() -> None:
    gold = [span(0, 6, text="占比43.9%。")]
    assert spans.span_recall([placed("b", 0, "报道说，占比４３.９％。完")], gold=gold, k=5) == 1
    assert spans.span_recall([placed("b", 0, "报道说，占比44.1%。完")], gold=gold, k=5) == 0


def test_context_precision_is_average_precision_over_relevant_passages() -> None:
    listed = [placed("b", 0, "x"), placed("a", 0, "x" * 10), placed("c", 0, "x"), placed("a", 4, "x" * 10)]
    assert spans.context_precision(listed, gold=[span(2, 12)], k=10) == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert spans.context_precision(listed[:1], gold=[span(2, 12)], k=10) == 0
    assert spans.context_precision(listed, gold=[], k=10) is None


def test_a_passage_that_overlaps_less_than_half_of_the_shorter_is_not_relevant() -> None:
    assert spans.context_precision([placed("a", 0, "x" * 10)], gold=[span(6, 16)], k=10) == 0
    assert spans.context_precision([placed("a", 0, "x" * 10)], gold=[span(5, 15)], k=10) == 1


POINTS = (("43.9%",), ("4.72万亿元", "4.72 trillion yuan"))


def test_key_point_recall_takes_any_form_in_any_spelling() -> None:
    assert answers.key_point_recall("占比为４３.９％[1]，GDP为47200亿元[2]。", points=POINTS) == 1
    assert answers.key_point_recall("占比为143.9%。", points=POINTS) == 0
    assert answers.key_point_recall("GDP was 4.72 trillion yuan", points=POINTS) == 0.5
    assert answers.key_point_recall("", points=()) is None


def test_a_label_does_not_run_into_the_figure_beside_it() -> None:
    assert answers.key_point_recall("共57[1]家", points=(("57",),)) == 1


def test_answer_accuracy_needs_all_points_and_no_forbidden_string() -> None:
    said = "占比43.9%，GDP 4.72万亿元"
    assert answers.answer_accuracy(said, points=POINTS, forbidden=("44.1%",)) == 1
    assert answers.answer_accuracy(said + "，后来44.1%", points=POINTS, forbidden=("44.1%",)) == 0
    assert answers.answer_accuracy("占比43.9%", points=POINTS, forbidden=()) == 0
    assert answers.answer_accuracy(said, points=(), forbidden=()) is None


def test_character_f1_counts_shared_tokens() -> None:
    assert answers.char_f1("上海增长5.5%", references=("上海增5.5%",)) == pytest.approx(2 * 4 / (5 + 4))
    assert answers.char_f1("甲", references=("乙", "甲")) == 1
    assert answers.char_f1("甲", references=("",)) is None


def test_density_and_length_show_dumping() -> None:
    short, long = "占比43.9%", "占比43.9%" + "其他内容" * 100
    assert answers.key_point_density(short, points=POINTS) == pytest.approx(100 / 7)
    assert (answers.key_point_density(long, points=POINTS) or 0) < 1
    assert answers.length_ratio(long, reference=short) == pytest.approx(407 / 7)
    assert answers.length_ratio("甲[1]", reference="甲") == 1


def result(*claims: tuple[str, tuple[int, ...]], quotes: dict[int, str]) -> Result:
    text = "".join(f"{said}{''.join(f'[{n}]' for n in labels)}" for said, labels in claims)
    return Result(
        status="answered",
        answer=text,
        claims=tuple(Claim(text=said, labels=labels) for said, labels in claims),
        citations=tuple(
            Citation(label=n, article_id=f"a{n}", page_id=f"a{n}", quote=quote, start=0, end=len(quote))
            for n, quote in quotes.items()
        ),
        passages=tuple(passage(n, f"a{n}", quote, label=n) for n, quote in quotes.items()),
    )


QUOTES = {1: "2023年占比为43.9%，比上年提高。", 2: "模速空间已有57家企业入驻。", 3: "会议在上海召开。"}


def test_a_sentence_is_supported_verbatim_or_by_its_figures_and_most_of_its_words() -> None:
    def weights() -> dict[str, float]:
        return bigram_weights(list(QUOTES.values()))

    assert supports("占比为４３.９％", by=QUOTES[1], weights=weights)
    assert supports("2023年，占比为43.9%，比上年提高", by=QUOTES[1], weights=weights)
    assert not supports("2023年占比为44.9%，比上年提高。", by=QUOTES[1], weights=weights)
    assert not supports("模速空间由区政府建设", by=QUOTES[2], weights=weights)
    assert not supports("", by=QUOTES[1], weights=weights)


def test_a_reported_quotation_is_tested_without_the_reporting_words() -> None:
    said = "The article says: “2023年占比为43.9%，比上年提高。”"
    assert supports(said, by=QUOTES[1], weights=dict)
    assert not supports(said.replace("43.9", "44.1"), by=QUOTES[1], weights=dict)
    assert not supports("The minister denies: “2023年占比为43.9%，比上年提高。”", by=QUOTES[1], weights=dict)


def test_citation_recall_counts_a_claim_without_citation_as_unsupported() -> None:
    answer = result((QUOTES[1], (1,)), (QUOTES[2], (3,)), (QUOTES[3], ()), quotes=QUOTES)
    assert citations.citation_recall(answer) == pytest.approx(1 / 3)
    assert citations.citation_recall(result(quotes={})) is None


def test_citation_precision_fails_what_is_not_needed_and_what_does_not_support() -> None:
    answer = result((QUOTES[1], (1, 3)), (QUOTES[2], (3,)), quotes=QUOTES)
    assert citations.citation_precision(answer) == pytest.approx(1 / 3)
    assert citations.citation_precision(result(("甲", ()), quotes={})) is None


def test_two_citations_that_support_only_together_are_both_needed() -> None:
    both = QUOTES[2].removesuffix("。") + "，" + QUOTES[3]
    answer = result((both, (2, 3)), quotes=QUOTES)
    assert citations.citation_precision(answer) == 1


def test_a_citation_is_valid_only_with_its_label_its_article_and_its_very_characters() -> None:
    answer = result((QUOTES[1], (1,)), (QUOTES[2], (2,)), quotes={1: QUOTES[1], 2: QUOTES[2]})
    texts = {"a1": QUOTES[1] + "后文", "a2": "前" + QUOTES[2]}
    assert citations.citation_validity(answer, text_of=texts.get) == 0.5
    assert citations.citation_validity(answer, text_of=lambda _: None) == 0
    unlabelled = answer.model_copy(update={"answer": QUOTES[1]})
    assert citations.citation_validity(unlabelled, text_of=texts.get) == 0
    assert citations.citation_validity(result(quotes={}), text_of=texts.get) is None


def test_figures_are_grounded_in_what_the_claim_cites() -> None:
    answer = result(("2023年占比44.1%", (1,)), ("有57家", (1,)), quotes=QUOTES)
    assert citations.figure_grounding(answer) == pytest.approx(1 / 3)
    assert citations.figure_grounding(result(("没有数字", (1,)), quotes=QUOTES)) is None


def test_the_year_of_a_date_may_come_from_the_publication_date() -> None:
    quote = "会议于11月5日召开。"
    cited = result(("会议于2025年11月5日召开", (1,)), quotes={1: quote})
    dated = cited.model_copy(update={"passages": (cited.passages[0].model_copy(update={"published": "2025-11-06"}),)})
    assert citations.figure_grounding(cited) == 0
    assert citations.figure_grounding(dated) == 1


REFUSED = [(True, False), (True, True), (True, False), (False, True), (False, False)]


def test_refusal_recall_and_false_refusals_have_their_own_denominators() -> None:
    assert refusals.refusal_recall(REFUSED) == 0.5
    assert refusals.false_refusals(REFUSED) == pytest.approx(1 / 3)
    assert refusals.refusal_recall([(True, True)]) is None
    assert refusals.false_refusals([(False, True)]) is None


def test_auroc_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    positives, negatives = [0.9, 0.8, 0.4, 0.4], [0.1, 0.4, 0.85]
    theirs = metrics.roc_auc_score([1] * 4 + [0] * 3, positives + negatives)
    assert refusals.auroc(positives, negatives=negatives) == pytest.approx(theirs)
    assert refusals.auroc([], negatives=[0.1]) is None


def test_risk_coverage_area_by_hand() -> None:
    assert refusals.risk_coverage_area([(0.9, True), (0.8, False), (0.7, True)]) == pytest.approx(
        (0 + 1 / 2 + 1 / 3) / 3
    )
    assert refusals.risk_coverage_area([(0.5, True), (0.5, False)]) == pytest.approx(0.5)
    assert refusals.risk_coverage_area([]) is None


def test_percentiles_are_nearest_rank() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert spread.percentile(values, share=0.5) == 3
    assert spread.percentile(values, share=0.95) == 5
    assert spread.percentile(values, share=0.2) == 1
    assert spread.percentile([], share=0.5) is None


def test_ratio_and_determinism() -> None:
    assert spread.ratio(0.4, of=0.8) == 0.5
    assert spread.ratio(0.4, of=0.0) is None
    assert spread.determinism([("a", "a"), ("a", "b")]) == 0.5
    assert spread.determinism([]) is None


def test_gold_spans_are_the_sentences_that_hold_a_form(shelf: Assistant) -> None:
    row = Question(id="q", question="多少？", lang="zh", key_points=(("4.72万亿元",),), gold=(("p1", "p2"),))
    found = gold_spans(row, articles=shelf.page_articles)
    assert [(span.article_id, span.text) for span in found] == [("p1", "全市生产总值4.72万亿元。")]
    assert shelf.article("p1").text[found[0].start : found[0].end] == found[0].text


def test_a_drafted_sentence_that_was_left_out_counts_as_not_held_and_nowhere_else() -> None:
    held = Claim(text="占比43.9%", labels=(1,))
    left_out = Claim(text="占比51.2%", labels=(), supported=False)
    answer = result(("占比43.9%", (1,)), quotes={1: "占比43.9%"}).model_copy(update={"claims": (held, left_out)})
    assert citations.sentences_held(answer) == 0.5
    assert (citations.citation_recall(answer), citations.figure_grounding(answer)) == (1.0, 1.0)
    shown = answer.model_copy(update={"answer": f"{answer.answer} 占比51.2% 〔未核实〕"})
    assert citations.citation_recall(shown) == 0.5
    assert citations.sentences_held(result(quotes={})) is None
