"""What stands below an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.cli.sources import sources_text

if TYPE_CHECKING:
    from rag.answer.assistant import Assistant


def test_two_passages_of_one_article_give_its_address_once(assistant: Assistant) -> None:
    answer = assistant.ask("前三季度上海GDP是多少？")
    [row] = answer.citations
    assert row.url is not None
    below = sources_text(replace(answer, citations=(row, replace(row, label=2))), columns=None)
    assert below.count(row.url) == 1
    assert "[1] " in below
    assert "[2] " in below
