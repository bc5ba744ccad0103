"""Claims that say what their passage says in other words: none may be dropped for how it is told."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answer.grounding import ground_claim
from rag.types import Passage

CITY = (
    "记者从江州市商务局获悉，2024年全市软件业营业收入达到1260亿元，同比增长12.5%，占全市比重超过两成。"
    "其中，高新区的软件企业有430余家，吸纳就业近6万人。市商务局近日发布了新一轮扶持政策，支持企业加快技术改造。"
    "今年3月，江州软件园将举办首届工业软件大会，预计吸引300家企业参加。申报截止时间为11月30日17:00，每家企业最高补贴200万元。"
    "园区负责人陈立新表示，去年亏损企业减少了18家，园区计划在2026年建成第二期厂房。"
)
PLANT = (
    "Output of the Riverside plant rose by 4.2 percent to 310,000 tonnes in 2024. The company plans to open a second line "
    "in Harbour City next year. Applicants must register before 30 November and may apply for up to 2 million yuan."
)
SAME = [
    (CITY, "江州市2024年软件业营业收入为1260亿元，比上年增长12.5%。"),
    (CITY, "2024年，全市软件业营收达1260亿元，同比增长12.5%。"),
    (CITY, "高新区共有430余家软件企业，就业人数近6万人。"),
    (CITY, "高新区的软件企业超过430家，吸纳近6万人就业。"),
    (CITY, "市商务局近日公布了新一轮扶持政策，支持企业加快技术改造。"),
    (CITY, "市商务局最近发布新一轮扶持政策，支持企业加快技术改造。"),
    (CITY, "江州软件园将于2025年3月举行首届工业软件大会，预计有300家企业参加。"),
    (CITY, "2025年3月，江州软件园将举办首届工业软件大会，预计吸引300家企业参加。"),
    (CITY, "申报截止到11月30日17:00，每家企业最多可获200万元补贴。"),
    (CITY, "申报的截止时间是11月30日17:00。"),
    (CITY, "陈立新介绍，2024年亏损企业减少了18家。"),
    (CITY, "园区负责人陈立新说，去年亏损企业减少了18家，园区计划2026年建成第二期厂房。"),
    (CITY, "据江州日报报道，去年亏损企业减少了18家。"),
    (CITY, "根据江州日报的报道，高新区的软件企业有430余家。"),
    (CITY, "园区打算在2026年建成第二期厂房。"),
    (PLANT, "Riverside plant output rose 4.2% to 310,000 tonnes in 2024."),
    (PLANT, "In 2024, output of the Riverside plant increased by 4.2 percent to 310,000 tonnes."),
    (PLANT, "The company intends to open a second line in Harbour City next year."),
    (PLANT, "According to the Riverside Herald, the company plans to open a second line in Harbour City next year."),
    (PLANT, "Overall, output of the Riverside plant rose by 4.2 percent to 310,000 tonnes in 2024."),
    (PLANT, "Applicants must register before 30 November and may apply for at most 2 million yuan."),
    (PLANT, "Applicants have to register before 30 November and can apply for up to 2 million yuan."),
]


@pytest.mark.parametrize(("text", "claim"), SAME)
def test_a_true_claim_holds_in_other_words(text: str, claim: str) -> None:
    is_chinese = text == CITY
    passage = Passage(
        rank=1, chunk_id="a@0", article_id="a", page_id="a", score=1.0, title="一年回顾" if is_chinese else "A year",
        header="一年回顾" if is_chinese else "A year", text=text, start=0, lang="zh" if is_chinese else "en",
        source="江州日报" if is_chinese else "Riverside Herald", published=date(2025, 2, 11),
    )  # fmt: skip
    assert ground_claim(claim, [passage]).problems == ()
