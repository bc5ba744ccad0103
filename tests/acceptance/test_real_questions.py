"""The first answers over real documents: figures, a deadline, a refusal, each asked in several ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rag.answer.assistant import Assistant

SHARE = (
    "2023年上海工业战略性新兴产业总产值占规上工业的比重是多少？",
    "2023年上海战新产业占规上工业总产值多大比重",
    "上海市2023年战略性新兴产业总产值的占比",
    "去年（2023年）上海工业里战略性新兴产业占多少比例",
    "2023年战略性新兴产业产值占上海规模以上工业的百分之几",
    "上海2023年战新产业产值占比？",
)
GDP = (
    "前三季度上海GDP是多少？",
    "今年前三季度上海市生产总值达到多少",
    "2025年前三季度上海市GDP",
    "上海今年前三季度的地区生产总值",
    "今年1-9月上海生产总值多少亿元",
    "2025年前三个季度，上海的GDP总量达到了多少？",
)
DEADLINE = (
    "时尚消费品产业项目网上申报截止到什么时候？",
    "时尚消费品项目的申报截止时间是哪天",
    "时尚消费品专项的网上申报截止时间",
    "时尚消费品项目网上申报时间到哪天为止",
    "时尚消费品产业项目网上申报什么时候截止",
    "时尚消费品产业项目，网上申报的截止日期和时间？",
)
REFUSED = (
    "上海2030年的GDP目标是多少？",
    "到2030年上海GDP要达到多少亿元？",
    "上海市2030年GDP目标",
    "2030年上海GDP预计达到多少",
    "请问上海2030年GDP目标值是多少万亿",
    "上海2030年生产总值目标",
)
SHARE_PAGES = ("000_", "001_", "002_", "003_")


@pytest.fixture(scope="module")
def real(corpus_index: Path) -> Iterator[Assistant]:
    with open_assistant(Settings(index=corpus_index)) as opened:
        yield opened


def test_every_record_of_the_real_corpus_is_indexed(real: Assistant) -> None:
    status = real.status()
    assert (status.pages, status.skipped) == (101, ())


@pytest.mark.parametrize("question", SHARE)
def test_the_share_of_2023_is_answered_from_a_page_that_states_it(real: Assistant, question: str) -> None:
    answer = real.ask(question)
    assert "43.9%" in answer.text
    assert any(row.page_id.startswith(SHARE_PAGES) for row in answer.citations)


@pytest.mark.parametrize("question", GDP)
def test_the_product_of_nine_months_is_answered(real: Assistant, question: str) -> None:
    assert "40721.17亿元" in real.ask(question).text


@pytest.mark.parametrize("question", DEADLINE)
def test_a_deadline_is_answered_with_its_hour(real: Assistant, question: str) -> None:
    assert "11月9日17:00" in real.ask(question).text


@pytest.mark.parametrize("question", REFUSED)
def test_a_target_that_nobody_stated_is_refused(real: Assistant, question: str) -> None:
    answer = real.ask(question)
    assert (answer.status, answer.reason) == ("refused", "outside_dates")
    assert answer.nearest


@pytest.mark.parametrize("question", [*SHARE, *GDP, *DEADLINE, *REFUSED])
def test_quotes_are_exact_and_passages_keep_their_promises(real: Assistant, question: str) -> None:
    answer = real.ask(question)
    for row in answer.citations:
        assert real.article(row.article_id).text[row.start : row.end] == row.quote
    assert len(answer.passages) >= 5
    assert sum(len(row.text) for row in answer.passages[:5]) <= 2500
