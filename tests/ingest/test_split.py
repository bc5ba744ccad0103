"""Pages into articles, on newspaper and web pages written for these tests."""

from __future__ import annotations

from datetime import date
from typing import Literal

from rag.ingest.identity import article_key
from rag.ingest.split import split_page
from rag.types import Page

HEADED = """
# 市代表团昨抵京

本报讯 出席会议的代表团昨天中午抵达，今天上午举行全体会议。

★聚焦两会

## 老港口，新航线

### ——沿江三港转型调查

三年前，这座港口的年吞吐量不足百万箱；今天，它的自动化码头每小时可以装卸一百二十个集装箱，全部由远程操

作台控制，现场看不到一个工人。

#### 数字先行

码头公司总经理说，改造投入12.5亿元，去年全部完成。

■据新华社南京5月6日电

## 湿地公园 明年开放

记者从园林局获悉，湿地公园将于明年开放。

■据新华社南京5月6日电
"""

BYLINED = """
前沿

工业软件走出实验室

■本报记者 周明

工业软件是制造业的神经。过去一年，本市新增工业软件企业三十二家，其中八家进入了国家级名单，数量居全国前列。

▲工程师在调试设备。 本报记者 林静摄

■本报记者 何云

一家只有十五人的公司，三年里拿下了七项专利。创始人说，秘诀是与医院为邻，近5年企业

医工结合——

小公司敲开大医院的门

订单年均增长三成，客户遍及长三角。

医院愿意把需求讲给工程师听。

读懂“从医院到工厂”的路

新华社评论员

创新不只发生在实验室。从需求出发，才能走得远。

(新华社杭州6月2日电)
"""

WEB = """发布时间:2024-08-15 09:30 原文链接: 园区出台十条措施支持初创企业

　　园区昨天公布十条措施。对首次获得投资的企业,给予不超过50万元的一次性奖励。

相关文章

首批人才公寓交付

近日,园区首批人才公寓交付使用,共有320套,面向在园区工作满一年的......

关于征集示范场景的通知

各有关单位:为推进应用,现征集2025年度示范场景......
"""


def page(text: str, *, markup: Literal["plain", "markdown"] = "plain") -> Page:
    return Page(page_id="p1", own_id=False, text=text, markup=markup, source_path="p1.txt")


def test_headings_of_a_newspaper_page_begin_stories_and_decks_and_subheads_do_not() -> None:
    articles = split_page(page(HEADED), {})
    assert [article.title for article in articles] == ["市代表团昨抵京", "老港口，新航线", "湿地公园 明年开放"]
    assert [article.article_id for article in articles] == ["p1#1", "p1#2", "p1#3"]
    assert "——沿江三港转型调查" in articles[1].text


def test_a_sentence_cut_by_a_column_is_joined_without_a_space() -> None:
    assert "全部由远程操作台控制，现场看不到一个工人。" in split_page(page(HEADED), {})[1].text


def test_bylines_begin_stories_where_there_are_no_headings() -> None:
    articles = split_page(page(BYLINED), {})
    assert [article.title for article in articles] == [
        "工业软件走出实验室",
        "小公司敲开大医院的门",
        "读懂“从医院到工厂”的路",
    ]


def test_a_headline_below_its_byline_is_found_and_the_sentence_around_it_joined() -> None:
    story = split_page(page(BYLINED), {})[1]
    assert "近5年企业订单年均增长三成，客户遍及长三角。" in story.text
    assert story.text.startswith("医工结合——")


def test_a_web_page_is_dated_and_titled_by_its_labels_and_its_teasers_stand_alone() -> None:
    articles = split_page(page(WEB), {})
    assert articles[0].title == "园区出台十条措施支持初创企业"
    assert articles[0].published == date(2024, 8, 15)
    assert [(row.title, row.published, row.flags) for row in articles[1:]] == [
        ("首批人才公寓交付", None, ("teaser",)),
        ("关于征集示范场景的通知", None, ("teaser",)),
    ]


def test_a_markdown_document_with_sections_is_one_article() -> None:
    text = "---\ntitle: 数据条例解读\ndate: 2025-03-01\n---\n# 另一个标题\n\n引言。\n\n## 适用范围\n\n本市行政区域。\n"
    (article,) = split_page(page(text), {})
    assert (article.article_id, article.title, article.published) == ("p1", "数据条例解读", date(2025, 3, 1))
    assert "适用范围" in article.text


def test_markdown_marks_are_taken_off_and_addresses_kept() -> None:
    text = "# 指南\n\n**条件。** 见[平台](https://apply.example/x)，*逾期*不候，`A-1` 类。\n"
    (article,) = split_page(page(text, markup="markdown"), {})
    assert article.text == "条件。 见平台 (https://apply.example/x)，逾期不候，A-1 类。"


def test_an_english_page_is_titled_by_its_first_line_and_dated_by_its_label() -> None:
    text = "Why the city wants shared laboratories of its own now\nPublished: 2025-10-30\n\nA shared laboratory saves money.\n"
    (article,) = split_page(page(text), {})
    assert article.title == "Why the city wants shared laboratories of its own now"
    assert (article.published, article.text) == (date(2025, 10, 30), "A shared laboratory saves money.")


def test_an_article_keeps_its_number_when_another_is_inserted_before_it() -> None:
    before = split_page(page(HEADED), {})
    known = {article_key(row.title, row.text): int(row.article_id.split("#")[1]) for row in before}
    inserted = HEADED.replace("# 市代表团昨抵京", "# 新桥通车\n\n本报讯 新桥今天通车。\n\n# 市代表团昨抵京")
    after = split_page(page(inserted), known)
    assert {row.title: row.article_id for row in after} == {
        "新桥通车": "p1#4",
        "市代表团昨抵京": "p1#1",
        "老港口，新航线": "p1#2",
        "湿地公园 明年开放": "p1#3",
    }


def test_a_record_without_a_body_is_kept_by_its_title_and_flagged() -> None:
    record = Page(
        page_id="9_1", own_id=True, text="\n\n关注我们\n", markup="plain", source_path="e.json",
        title="一图读懂补贴办法", furniture=frozenset({"关注我们"}),
    )  # fmt: skip
    (article,) = split_page(record, {})
    assert (article.title, article.text, article.flags) == ("一图读懂补贴办法", "", ("content_missing",))


def test_an_empty_page_gives_one_empty_article() -> None:
    (article,) = split_page(page("\n \n"), {})
    assert (article.article_id, article.text) == ("p1", "")
