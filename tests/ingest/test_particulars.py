"""What an article says that programs can use: days by what they are for, contacts, addresses, attachments, origins."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.contract import article_json
from rag.index.particulars import NOTHING, particulars_of_text, particulars_text
from rag.ingest.particulars import particulars_of
from rag.ingest.provenance import wire_of
from rag.types import Particulars

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import Event

DAY = date(2025, 6, 10)
NOTICE = """关于征集江州市绿色工厂的通知
各有关单位：
现启动2025年度绿色工厂征集工作。
一、申报条件
近三年未发生环保事故。
二、申报时间
6月16日9:00—7月4日17:00
三、申报方式
登录http://10.8.0.3:8080填报，也可发送至green@jiangzhou.example。
四、联系方式
联系人：林晓舟，电话：0571-81234567、81234568
附件：1.申报书.docx
2.承诺书.pdf
江州市工业局
2025年6月9日"""


def events(text: str, *, published: date | None = DAY) -> list[tuple[str, str, str]]:
    return [(row.kind, row.first.isoformat(), row.last.isoformat()) for row in _events(text, published)]


def _events(text: str, published: date | None) -> tuple[Event, ...]:
    return particulars_of(text, published=published).events


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请于7月4日前提交材料。", ("deadline", "2025-07-04", "2025-07-04")),
        ("报名截止时间：6月30日。", ("deadline", "2025-06-30", "2025-06-30")),
        ("申报时间\n6月16日9:00—7月4日17:00", ("deadline", "2025-06-16", "2025-07-04")),
        ("公示期为6月11日至6月17日。", ("deadline", "2025-06-11", "2025-06-17")),
        ("Applications must be submitted by 4 July 2025.", ("deadline", "2025-07-04", "2025-07-04")),
        ("昨天下午，论坛在江州开幕。", ("event", "2025-06-09", "2025-06-09")),
        ("博览会将于9月3-6日举行。", ("event", "2025-09-03", "2025-09-06")),
        ("今年前5个月，产值增长6%。", ("period", "2025-01-01", "2025-05-31")),
        ("去年出口12亿元。", ("period", "2024-01-01", "2024-12-31")),
        ("截至5月31日，已受理申报120家。", ("event", "2025-05-31", "2025-05-31")),
        ("特此通知。\n江州市工业局\n2025年6月9日", ("signature", "2025-06-09", "2025-06-09")),
    ],
)
def test_a_day_is_told_by_what_it_is_for(text: str, expected: tuple[str, str, str]) -> None:
    assert events(text) == [expected]


def test_a_deadline_keeps_its_hours_and_its_place() -> None:
    found = particulars_of(NOTICE, published=DAY)
    assert found.deadline is not None
    assert found.deadline.minutes == (9 * 60, 17 * 60)
    assert NOTICE[found.deadline.span.start : found.deadline.span.end] == "6月16日9:00—7月4日17:00"


def test_a_year_that_is_not_written_is_the_one_nearest_to_the_articles_own_day() -> None:
    assert events("活动于12月30日举行。", published=date(2025, 1, 4)) == [("event", "2024-12-30", "2024-12-30")]


def test_without_a_day_of_its_own_an_article_has_only_days_with_their_year() -> None:
    assert events("昨天开幕，5月1日闭幕；上一届于2023年5月2日举行。", published=None) == [
        ("event", "2023-05-02", "2023-05-02")
    ]


def test_a_notice_says_whom_to_turn_to_where_and_with_what() -> None:
    found = particulars_of(NOTICE, published=DAY)
    assert [(row.kind, row.value) for row in found.contacts] == [
        ("email", "green@jiangzhou.example"),
        ("person", "林晓舟"),
        ("phone", "0571-81234567"),
        ("phone", "81234568"),
    ]
    assert all(NOTICE[row.span.start : row.span.end] == row.value for row in found.contacts)
    assert found.urls == ("http://10.8.0.3:8080",)
    assert found.attachments == ("申报书.docx", "承诺书.pdf")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("■据新华社江州6月3日电", "新华社"),
        ("（中新社江州6月3日电）展会开幕。", "中新社"),
        ("新华社江州6月3日电（记者 林晓舟）展会开幕。", "新华社"),
        ("合作社6月3日通电。", None),
    ],
)
def test_the_agency_of_a_dateline_is_the_origin(text: str, origin: str | None) -> None:
    assert wire_of(text) == origin


def test_particulars_come_back_from_the_store_as_they_went_in() -> None:
    found = particulars_of(NOTICE, published=DAY)
    assert particulars_of_text(particulars_text(found)) == found
    assert particulars_text(Particulars()) == NOTHING


def test_an_indexed_article_shows_its_particulars(tmp_path: Path) -> None:
    (tmp_path / "notice.txt").write_text(f"发布日期：2025-06-10\n来源：江州发布\n{NOTICE}", "utf-8")
    settings = Settings(index=tmp_path / "index")
    sync_index(settings, [tmp_path / "notice.txt"], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        form = article_json(assistant.article("notice"))
    text = str(form["text"])
    assert form["origin"] == "江州发布"
    shown = form["events"]
    assert isinstance(shown, list)
    deadline = next(row for row in shown if row["kind"] == "deadline")
    assert (deadline["last"], deadline["until"]) == ("2025-07-04", "17:00")
    assert text[deadline["start"] : deadline["end"]] == "6月16日9:00—7月4日17:00"
