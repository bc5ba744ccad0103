"""Refusals, corrections, conflicts and deadlines over a small shelf of articles written for these tests."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant, sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.answer.assistant import Assistant
    from rag.types import Answer

ARTICLES = (
    (
        "bridge",
        "2025-06-12",
        "青屿大桥主塔封顶",
        (
            "6月11日，青屿大桥主塔封顶。大桥全长3.6公里，由青屿区和对岸的鹿鸣镇共同建设，计划2027年10月通车。"
            "项目负责人郑岚介绍，大桥采用双向六车道，设计时速80公里，桥面两侧设有慢行道。"
        ),
    ),
    (
        "factory",
        "2025-08-03",
        "鹿鸣镇食品厂换上新产线",
        (
            "鹿鸣镇食品厂8月1日启用第二条自动产线。该厂2024年产量为1.8万吨，同比下降6.5%，主要受旧产线检修影响。"
            "厂长周祺说，新产线投入4200万元，每小时可包装1.2万袋。"
        ),
    ),
    (
        "grant",
        "2025-09-02",
        "关于申报2025年青屿区绿色改造项目的通知",
        (
            "青屿区企业可申报绿色改造项目。申报条件：在区内注册满两年，近三年无重大安全事故。每个申报单位可牵头申报2个项目。"
            "申报时间：9月8日9:00至9月30日17:00，逾期不再受理。申报材料见附件1，入库项目清单见附件2。"
        ),
    ),
    (
        "contest",
        "2025-07-20",
        "青屿区龙舟赛落幕",
        "7月19日，青屿区龙舟赛在镜湖举行，18支队伍参赛。石桥村队夺得冠军，鹿鸣镇队获得亚军，青屿中学队获得季军。",
    ),
    (
        "visitors-early",
        "2025-05-06",
        "镜湖公园五一人气旺",
        "青屿区文旅局初步统计，2025年五一假期镜湖公园接待游客12.4万人次。",
    ),
    (
        "visitors-final",
        "2025-05-20",
        "镜湖公园五一客流核定",
        "青屿区文旅局公布核定结果，2025年五一假期镜湖公园接待游客13.1万人次。",
    ),
    (
        "mayor",
        "2025-03-01",
        "青屿区调研老旧厂房",
        "2月27日，青屿区区长沈柏舟调研老旧厂房改造，要求年内完成首批试点。",
    ),
    ("poster", "2025-10-10", "一图读懂：青屿区托育补贴怎么领", "点击图片查看"),
    (
        "designer",
        "2025-04-11",
        "青年设计师许砚秋",
        "许砚秋是海川大学建筑学院的副教授，她设计的镜湖驿站去年建成，建筑面积420平方米。",
    ),
    (
        "english",
        "2025-06-30",
        "Qingyu opens a night market",
        "Qingyu District opened its first night market on 28 June. The market has 96 stalls and runs until the end of October.",
    ),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("refusals")
    rows = [
        {"id": key, "title": title, "date": day, "source": "青屿新闻", "text": text}
        for key, day, title, text in ARTICLES
    ]
    articles = folder / "articles"
    articles.mkdir()
    (articles / "shelf.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    settings = Settings(index=folder / "index")
    sync_index(settings, [articles], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "attribute"),
    [
        ("青屿大桥总投资多少？", "投资额"),
        ("鹿鸣镇食品厂有多少员工？", "员工人数"),
        ("鹿鸣镇食品厂2024年净利润是多少？", "利润"),
        ("青屿区龙舟赛冠军奖金是多少？", "奖金"),
        ("青屿区龙舟赛决赛最后打了几比几？", "比分"),
        ("绿色改造项目的咨询电话是多少？", "电话"),
    ],
)
def test_the_right_article_without_the_attribute_is_refused_by_its_name(
    shelf: Assistant, question: str, attribute: str
) -> None:
    answer = shelf.ask(question)
    assert (answer.status, answer.reason) == ("refused", "weak_evidence")
    assert answer.missing == (attribute,)
    assert attribute in answer.text
    assert "没有写明" in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("青屿大桥全长多少公里？", "3.6公里"),
        ("鹿鸣镇食品厂新产线投入多少钱？", "4200万元"),
        ("青屿区龙舟赛有多少支队伍参赛？", "18支"),
        ("绿色改造项目申报截止到什么时候？", "9月30日17:00"),
        ("镜湖驿站的建筑面积是多少？", "420平方米"),
        ("How many stalls does the Qingyu night market have?", "96 stalls"),
    ],
)
def test_what_an_article_states_is_answered(shelf: Assistant, question: str, said: str) -> None:
    answer = shelf.ask(question)
    assert answer.status == "answered"
    assert said in answer.text


def test_a_year_of_which_no_article_speaks_is_refused_with_the_closest(shelf: Assistant) -> None:
    answer = shelf.ask("2031年鹿鸣镇食品厂产量是多少？")
    assert (answer.status, answer.reason) == ("refused", "outside_dates")
    assert "2031年" in answer.text
    assert "2025-08-03" in answer.text


def test_an_article_whose_content_is_a_picture_is_named_as_such(shelf: Assistant) -> None:
    answer = shelf.ask("青屿区托育补贴怎么领？")
    assert (answer.status, answer.reason) == ("refused", "content_missing")
    assert "托育补贴" in answer.text


def test_what_nothing_is_about_is_no_evidence(shelf: Assistant) -> None:
    answer = shelf.ask("火星基地的氧气循环靠什么细菌？")
    assert (answer.status, answer.reason) == ("refused", "no_evidence")


@pytest.mark.parametrize(
    ("question", "correction"),
    [
        ("鹿鸣镇食品厂2024年产量为什么增长？", "同比下降6.5%"),
        ("绿色改造项目申报截止到10月15日对吧？", "9月30日17:00"),
        ("每个申报单位可以牵头申报5个项目，对吧？", "2个项目"),
        ("鹿鸣镇队拿了龙舟赛冠军，一共多少支队伍参赛？", "鹿鸣镇队获得亚军"),
        ("东林集团的许砚秋设计过什么？", "海川大学"),
    ],
)
def test_a_false_premise_is_answered_with_its_correction_cited(
    shelf: Assistant, question: str, correction: str
) -> None:
    answer = shelf.ask(question)
    assert (answer.status, answer.reason) == ("refused", "false_premise")
    assert correction in answer.claims[0].text
    assert answer.citations
    assert answer.notice is not None


@pytest.mark.parametrize(
    "question",
    [
        "鹿鸣镇食品厂2024年产量为什么下降？",
        "绿色改造项目申报截止到9月30日对吧？",
        "每个申报单位可以牵头申报2个项目，对吧？",
        "石桥村队拿了龙舟赛冠军，一共多少支队伍参赛？",
        "海川大学的许砚秋设计过什么？",
    ],
)
def test_a_true_premise_is_not_corrected(shelf: Assistant, question: str) -> None:
    answer = shelf.ask(question)
    assert answer.reason != "false_premise"


def test_values_of_one_time_that_differ_are_listed_and_the_later_is_named(shelf: Assistant) -> None:
    answer = shelf.ask("2025年五一假期镜湖公园接待游客多少人次？")
    assert answer.status == "answered"
    (conflict,) = answer.conflicts
    assert [row.value for row in conflict.values] == ["13.1万人次", "12.4万人次"]
    assert [row.published for row in conflict.values] == [date(2025, 5, 20), date(2025, 5, 6)]
    assert all(row.label is not None for row in conflict.values)
    assert not conflict.over_time
    assert answer.notice is not None
    assert "较新的是13.1万人次" in answer.notice


def test_values_of_other_measures_are_no_conflict(shelf: Assistant) -> None:
    assert shelf.ask("青屿大桥全长多少公里？").conflicts == ()


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (date(2025, 9, 28), "还有2天"),
        (date(2025, 9, 30), "今天（2025-09-30）截止"),
        (date(2025, 10, 2), "已过去2天"),
    ],
)
def test_a_deadline_is_counted_from_the_day_of_the_question(shelf: Assistant, as_of: date, said: str) -> None:
    answer = shelf.ask("绿色改造项目申报截止到什么时候？", as_of=as_of)
    assert answer.notice is not None
    assert said in answer.notice


def test_a_post_is_given_as_of_its_article(shelf: Assistant) -> None:
    answer = shelf.ask("青屿区区长是谁？")
    assert "沈柏舟" in answer.text
    assert answer.notice is not None
    assert "2025-03-01" in answer.notice


def test_a_question_that_is_answered_in_part_names_the_rest(shelf: Assistant) -> None:
    answer = shelf.ask("青屿大桥全长多少公里？总投资多少？")
    assert answer.status == "answered"
    assert "3.6公里" in answer.text
    assert answer.missing == ("投资额",)


def test_every_decision_is_explained(shelf: Assistant) -> None:
    answer = shelf.ask("青屿大桥总投资多少？")
    assert answer.explain["reason"] == "weak_evidence"
    assert answer.explain["readings"] == [
        {
            "part": "青屿大桥总投资多少？",
            "kind": "money",
            "attribute": "投资额",
            "stated": 0.0,
            "subject": 0.0,
            "statement": None,
            "article_id": None,
        }
    ]


def test_the_nearest_articles_of_a_refusal_are_named(shelf: Assistant) -> None:
    answer: Answer = shelf.ask("鹿鸣镇食品厂有多少员工？")
    assert answer.nearest[0].title == "鹿鸣镇食品厂换上新产线"
