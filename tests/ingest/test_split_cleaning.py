"""What cleaning takes away, and what it must leave."""

from __future__ import annotations

import pytest

from rag.ingest.clean import clean_paragraphs, without_space_inside
from rag.ingest.furniture import is_furniture, without_furniture
from rag.ingest.introductions import without_introduction
from rag.ingest.provenance import take_source


@pytest.mark.parametrize(
    "line",
    [
        "欢迎转载，请注明来源“江湾发布”",
        "未经授权不得转载",
        "喜欢就点赞、转发吧！",
        "觉得好看请点个“在看”",
        "点击上方蓝字关注我们",
        "长按二维码关注江湾发布",
        "点击“阅读原文”了解报名方式",
        "＞＞左右滑动查看更多",
        "<滑动查看更多>",
        "-END-",
        "责任编辑：魏东",
        "首页 > 新闻中心 > 正文",
        "第03版 要闻 2025年5月6日 星期二",
        "（下转第四版）",
        "晒场变成了大舞台 02版",
        "1 2 3 4",
        "Read more",
    ],
)
def test_notices_and_buttons_are_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "他点赞了这项改革，认为它让企业少跑了三次。",
        "转发功能上线首日，使用人数超过十万。",
        "滑动轴承的寿命提高了三成。",
        "请扫描下图二维码，登录申报平台填写材料。",
        "编辑部搬到了老厂房。",
        "分享会上，三位创业者讲了自己的失败。",
        "2025年5月6日",
        "关注重点人群用工",
        "发布会将于5月6日举行，地点是北楼",
    ],
)
def test_lines_that_say_something_are_not(line: str) -> None:
    assert not is_furniture(line)


def test_the_pages_of_a_gallery_go_and_the_numbers_of_sections_stay() -> None:
    lines = ["01", "第一节", "1", "2", "3", "图后文字。", "02", "第二节"]
    assert without_furniture(lines) == ["01", "第一节", "图后文字。", "02", "第二节"]


def test_a_source_line_is_taken_off_and_told() -> None:
    assert take_source(["转载自：江湾日报", "正文。"]) == ("江湾日报", ["正文。"])
    assert take_source(["正文。", "来源:综合自江湾、北岭两报"]) == ("综合自江湾、北岭两报", ["正文。"])


def test_a_source_glued_to_the_first_sentence_is_cut_off_it() -> None:
    assert take_source(["转载自：江湾网今年6月，新桥通车。"]) == ("江湾网", ["今年6月，新桥通车。"])


def test_a_sentence_about_sources_is_kept() -> None:
    lines = ["经费来源：由市财政和企业各承担一半，企业部分可以分三年到位。", "正文。"]
    assert take_source(lines) == (None, lines)


def test_a_series_introduction_goes_and_what_it_introduces_stays() -> None:
    intro = "为展示青年风采，本区与江湾日报联合推出“江湾新青年”专栏，讲述他们的故事。"
    lines = ["青年是江湾的未来。", intro, "骆宁今年三十一岁。", "她做了一台显微镜。"]
    assert without_introduction(lines, title="口袋里的显微镜｜江湾新青年") == lines[2:]
    assert without_introduction(lines, title="口袋里的显微镜") == lines


def test_an_editors_note_goes_with_its_paragraph() -> None:
    lines = ["编者按：", "近年来，本区持续引育人才。", "骆宁今年三十一岁。"]
    assert without_introduction(lines, title="口袋里的显微镜") == lines[2:]


def test_a_note_is_kept_where_nothing_else_would_be_left() -> None:
    assert without_introduction(["编者按：", "近年来，本区引育人才。"], title="x") == [
        "编者按：",
        "近年来，本区引育人才。",
    ]


def test_a_paragraph_pasted_twice_is_kept_once_and_its_going_on_is_not_lost() -> None:
    first = "为进一步促进数据产品的创新发展和规范应用，区数据局按照管理办法的要求，有序开展登记工作。"
    text = f"{first}\n{first}截至昨天，新增登记八件。"
    assert clean_paragraphs(text, furniture=()) == (f"{first}截至昨天，新增登记八件。",)


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("全市新添15座 口袋公园", "全市新添15座口袋公园"),
        ("让老街成为孩子的 课堂", "让老街成为孩子的课堂"),
        ("湿地公园 明年开放", "湿地公园 明年开放"),
        ("Harbour opens 3 piers", "Harbour opens 3 piers"),
    ],
)
def test_a_title_broken_inside_a_phrase_is_joined_and_other_spaces_stay(title: str, whole: str) -> None:
    assert without_space_inside(title) == whole
