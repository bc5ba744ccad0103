"""The configurations in docs/llms.md are settings that can be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag.answer.llm.openai import OpenAIChat
from rag.config import load_settings

PAGE = Path(__file__).parents[2] / "docs" / "llms.md"
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_there_is_a_configuration_for_each_of_seven_servers() -> None:
    assert len(BLOCKS) == 7


@pytest.mark.parametrize("block", BLOCKS)
def test_a_configuration_opens_a_back_end(block: str, tmp_path: Path) -> None:
    file = tmp_path / "huwen.toml"
    file.write_text(block, "utf-8")
    settings = load_settings(file, environment={"OPENAI_API_KEY": "sk-x"})
    llm = OpenAIChat(
        model=settings.llm.removeprefix("openai:"),
        base_url=settings.llm_base_url,
        api_key=None if settings.llm_api_key is None else settings.llm_api_key.get_secret_value(),
        deadline_s=settings.llm_deadline_s,
    )
    assert llm.name == settings.llm
