"""What a claim may change of its source, and what it may not: one true form and one false form of each kind."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.grounding import ground_claim
from rag.types import Passage

TEXT = (
    "记者从市商务局获悉，2024年江州市软件业营业收入达到1260亿元，同比增长12.5%，占全市比重超过两成。"
    "其中，高新区的软件企业有430余家，吸纳就业近6万人。"
    "临港区着重发展工业软件，已建成3个中试平台。"
    "申报单位不得重复享受同类补贴，逾期提交的材料不予受理。"
    "申报截止时间为11月30日17:00，每家企业最高补贴200万元。"
    "江州软件园负责人陈立新表示，去年园区亏损企业减少了18家。"
    "Output of the Riverside plant rose by 4.2 percent to 310,000 tonnes."
)
OTHER = "江州市图书馆今年接待读者210万人次，新增少儿阅览区两处。"


def passage(text: str = TEXT, *, chunk_id: str = "a@0") -> Passage:
    return Passage(
        rank=1, chunk_id=chunk_id, article_id="a", page_id="a", score=1.0, title="软件业收入两位数增长", text=text,
        header="软件业收入两位数增长", start=0, lang="zh", source="江州日报", published=date(2025, 2, 11),
    )  # fmt: skip


def problems(claim: str, text: str = TEXT) -> list[str]:
    return [row.split(":")[0] for row in ground_claim(claim, [passage(text)]).problems]


TRUE = [
    "2024年江州市软件业营业收入达到1260亿元，同比增长12.5%。",
    "江州市软件业2024年营业收入为0.126万亿元，增长12.5%。",
    "去年江州市软件业营业收入约1260亿元的同比增速是12.5%。".replace("约", ""),
    "高新区有430余家软件企业，就业近6万人。",
    "申报单位不得重复享受同类补贴。",
    "申报11月30日17:00截止，每家企业最高补贴200万元。",
    "据《江州日报》报道，去年园区亏损企业减少了18家。".replace("《", "").replace("》", ""),
    "The article says: “临港区着重发展工业软件，已建成3个中试平台。”",
    "Riverside plant output rose 4.2 percent to 310,000 tonnes.",
]
FALSE = [
    ("2024年江州市软件业营业收入达到1280亿元，同比增长12.5%。", "figure_not_in_source"),
    ("2024年江州市软件业营业收入达到1260万元，同比增长12.5%。", "figure_not_in_source"),
    ("2024年江州市软件业营业收入达到1260亿美元，同比增长12.5%。", "figure_not_in_source"),
    ("2024年江州市软件业营业收入达到1260亿元，同比增长12.5个百分点。", "figure_not_in_source"),
    ("2023年江州市软件业营业收入达到1260亿元，同比增长12.5%。", "date_not_in_source"),
    ("2024年江州市软件业营业收入达到1260亿元，环比增长12.5%。", "direction_differs"),
    ("2024年江州市软件业营业收入达到1260亿元，同比下降12.5%。", "direction_differs"),
    ("高新区的软件企业有430家，吸纳就业近6万人。", "qualifier_differs"),
    ("高新区的软件企业不到430家，吸纳就业近6万人。", "qualifier_differs"),
    ("申报单位可以重复享受同类补贴。", "opposite_of_source"),
    ("申报单位不得重复享受同类补贴，逾期提交的材料予以受理。", "negation_differs"),
    ("高新区着重发展工业软件，已建成3个中试平台。", "other_than_source"),
    ("松江区着重发展工业软件，已建成3个中试平台。", "name_not_in_source"),
    ("江州软件园负责人王建国表示，去年园区亏损企业减少了18家。", "name_not_in_source"),
    ("据国家统计局数据，去年园区亏损企业减少了18家。", "origin_not_in_source"),
    ("申报截止时间为11月20日17:00，每家企业最高补贴200万元。", "date_not_in_source"),
    ("申报截止时间为11月30日18:00，每家企业最高补贴200万元。", "date_not_in_source"),
    ("Output of the Riverside plant fell by 4.2 percent to 310,000 tonnes.", "direction_differs"),
]


@pytest.mark.parametrize("claim", TRUE)
def test_what_the_source_says_holds_in_other_words_too(claim: str) -> None:
    assert problems(claim) == []


@pytest.mark.parametrize(("claim", "problem"), FALSE)
def test_a_changed_claim_fails_and_says_in_what(claim: str, problem: str) -> None:
    assert problem in problems(claim)


@pytest.mark.parametrize("claim", TRUE)
def test_a_true_claim_fails_on_a_passage_that_does_not_say_it(claim: str) -> None:
    assert problems(claim, OTHER) != []


def test_a_clause_cut_off_at_its_not_is_no_quotation() -> None:
    assert problems("得重复享受同类补贴，逾期提交的材料不予受理。") != []


def test_a_claim_may_count_what_it_lists_itself() -> None:
    text = "参赛的有红星厂、前进厂、东风厂。"
    assert problems("三家：红星厂、前进厂、东风厂。", text) == []
    assert "figure_not_in_source" in problems("四家：红星厂、前进厂、东风厂。", text)
