"""What articles are told to be and to lack, and the day they get without a date line."""

from __future__ import annotations

from datetime import date

import pytest

from rag.ingest.announced import is_list_missing
from rag.ingest.doctype import document_type
from rag.ingest.split import split_page
from rag.types import Page

CLAUSES = "第一条 为了发展。\n第二条 对企业给予奖励。\n第三条 自发布之日起施行。"


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("关于征集2025年度示范场景的通知", "各有关单位：", "notice"),
        ("青年创客训练营（第三期）报名启动", "", "notice"),
        ("江湾科创一周要闻（6月2日-6月8日）", "6月3日，产业园开园。", "digest"),
        ("园区动态", "开园。\n【更多】\n开赛。\n【更多】\n签约。\n【更多】", "digest"),
        ("江湾区促进首发经济若干措施", CLAUSES, "plan"),
        ("江湾区出台若干措施", CLAUSES, None),
        ("促进首发经济若干措施", "区里正在起草。", None),
        ("骆宁：把显微镜装进口袋", "骆宁说。骆宁做。骆宁想。骆宁笑。", "profile"),
        ("快评：不要急", "慢慢来。", None),
        ("口袋显微镜问世｜江湾青年", "它很小。", "profile"),
        ("新桥通车", "新桥昨天通车。", None),
    ],
)
def test_the_kind_of_a_document_is_told_by_its_title_and_build(title: str, text: str, code: str | None) -> None:
    assert document_type(title, text) == code


@pytest.mark.parametrize(
    "text",
    [
        "江湾区入围名单如下：\n本次评选共收到申请九十份，经过三轮评审，最终确定七家企业，占全市的三分之一。",
        "现将名单公布如下：",
        "请于9月30日前提交。\n附件：1.申报表.docx",
        "申报表.xlsx",
        "更多安排详见下图。",
        "现将登记信息予以公告。\n截至昨天，新增登记八件，累计登记一百二十件。",
    ],
)
def test_what_is_announced_and_not_there_is_told(text: str) -> None:
    assert is_list_missing(text)


@pytest.mark.parametrize(
    "text",
    [
        "入围名单如下：\n江湾电机\n北岭材料",
        "获奖名单如下：\n1.江湾电机有限公司的新型低温电机；",
        "附近的居民说，下图书馆开放了。",
        "申报材料包括营业执照和财务报告。",
    ],
)
def test_a_list_that_follows_is_not_missing(text: str) -> None:
    assert not is_list_missing(text)


def page(text: str) -> Page:
    return Page(page_id="p", own_id=False, text=text, markup="plain", source_path="p.txt")


STORIES = """## 老港口新航线

今年，第十四届全国人大三次会议在京举行，代表们谈到了老港口的新航线，以及它给沿江城市带来的变化。

■据新华社江湾3月7日电

## 湿地公园明年开放

记者获悉，湿地公园将于明年开放，全园步道总长十二公里，市民可以免费进入。

■据新华社江湾3月8日电
"""


def test_a_page_without_a_date_line_takes_its_datelines_day_and_the_year_of_a_counted_session() -> None:
    assert [row.published for row in split_page(page(STORIES), {})] == [date(2025, 3, 7), date(2025, 3, 8)]


def test_without_a_stated_year_there_is_no_day() -> None:
    assert {row.published for row in split_page(page(STORIES.replace("三次", "")), {})} == {None}


def test_two_years_are_no_year() -> None:
    assert {row.published for row in split_page(page(f"★聚焦2021春天\n\n{STORIES}"), {})} == {None}
