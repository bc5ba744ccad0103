"""Editions: what a question names, and what the passages speak of."""

from __future__ import annotations

import pytest

from rag.answer.editions import other_editions
from rag.types import Passage


def passage(text: str) -> Passage:
    return Passage(
        rank=1,
        chunk_id="a@0",
        article_id="a",
        page_id="a",
        score=0.9,
        title="",
        header="",
        text=text,
        start=0,
        lang="zh",
    )


@pytest.mark.parametrize(
    ("question", "text", "absent"),
    [
        ("第九届灯会几号开", "第八届灯会11月5日开幕。", ("第9届",)),
        ("第九届灯会几号开", "第9届灯会11月5日开幕。", ()),
        ("第二期培训请了谁", "二期培训请来两位讲师，第三期另行通知。", ()),
        ("第二期培训请了谁", "培训请来两位讲师。", ()),
        ("2026年度申报几月启动", "现启动2025年度申报。", ("2026年度",)),
        ("2026年度申报几月启动", "2025年度申报结束，2026年的申报三月启动。", ()),
        ("第十二批名单有几家", "第十一批名单公布。", ("第12批",)),
        ("灯会几号开", "第八届灯会11月5日开幕。", ()),
    ],
)
def test_an_edition_is_absent_where_only_others_of_its_kind_are_named(
    question: str, text: str, absent: tuple[str, ...]
) -> None:
    assert other_editions(question, [passage(text)]) == absent
