"""Questions for all there is: each likely article has its say, and no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rag.answer.overview import is_gathering, is_overview
from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.types import Question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.answer.assistant import Assistant

ARTICLES = (
    (
        "lamp-3",
        "2025-03-09",
        "灯塔湾港三月动态",
        "3月8日，灯塔湾港新增一条集装箱航线。航线每周两班。码头工人说忙得很。",
    ),
    ("lamp-1", "2025-01-12", "灯塔湾港开年", "1月10日，灯塔湾港完成首船装卸。首船载有四百个集装箱。"),
    ("lamp-2", "2025-02-15", "灯塔湾港智能化", "2月14日，灯塔湾港启用无人集卡。首批二十辆上路。"),
    ("tea", "2025-02-20", "茶山镇春茶开采", "2月18日，茶山镇春茶开采，今年预计产量四十吨。"),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("overview")
    rows = [{"id": key, "date": day, "title": title, "text": text} for key, day, title, text in ARTICLES]
    (folder / "articles").mkdir()
    (folder / "articles" / "shelf.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    settings = Settings(index=folder / "index")
    sync_index(settings, [folder / "articles"], progress=lambda _: None)
    with open_assistant(settings) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("text", "overview", "gathering"),
    [
        ("灯塔湾港最近有什么动态？", True, True),
        ("把参展企业全列出来", False, True),
        ("灯塔湾港有几条航线？", False, False),
        ("Give me a digest of the port's news", True, True),
        ("List all of the winners", False, True),
        ("How many winners were there?", False, False),
    ],
)
def test_a_question_for_all_there_is_is_told_by_its_words(text: str, *, overview: bool, gathering: bool) -> None:
    question = Question(text=text, lang="zh")
    assert (is_overview(question), is_gathering(question)) == (overview, gathering)


def test_each_article_about_it_has_its_say_by_date_and_no_other(shelf: Assistant) -> None:
    answer = shelf.ask("梳理一下灯塔湾港今年的动态")
    assert answer.status == "answered"
    cited = [row.article_id for row in answer.citations]
    assert list(dict.fromkeys(cited)) == ["lamp-1", "lamp-2", "lamp-3"]


def test_a_question_for_one_thing_stays_short(shelf: Assistant) -> None:
    answer = shelf.ask("灯塔湾港首船载有多少个集装箱？")
    assert "四百个集装箱" in answer.text
    assert {row.article_id for row in answer.citations} == {"lamp-1"}
