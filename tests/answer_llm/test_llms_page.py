"""The configurations in docs/llms.md are settings that can be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from rag.assembly import open_llm
from rag.config import load_settings, settings_json
from rag.errors import ConfigError
from rag.presets import PRESETS

PAGE = Path(__file__).parents[2] / "docs" / "llms.md"
KEYS = {"OPENAI_API_KEY": "sk-x", "DEEPSEEK_API_KEY": "sk-y", "DASHSCOPE_API_KEY": "sk-z"}
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_there_is_a_configuration_for_each_of_seven_servers() -> None:
    assert len(BLOCKS) == 7


@pytest.mark.parametrize("block", BLOCKS)
def test_a_configuration_opens_a_back_end(block: str, tmp_path: Path) -> None:
    file = tmp_path / "huwen.toml"
    file.write_text(block, "utf-8")
    settings = load_settings(file, environment=KEYS)
    assert open_llm(settings).name == settings.llm


def test_each_preset_has_a_configuration() -> None:
    named = [re.search(r'llm = "(\w+):', block) for block in BLOCKS]
    assert [found[1] for found in named if found is not None] == list(PRESETS)


def test_a_key_goes_to_its_own_server_only() -> None:
    settings = load_settings(None, environment=KEYS | {"HUWEN_LLM": "deepseek:deepseek-chat"})
    key = settings.llm_keys["deepseek"].reveal()
    assert key == "sk-y"
    with pytest.raises(ConfigError, match="`dashscope:qwen-plus` needs a key"):
        open_llm(load_settings(None, environment={"OPENAI_API_KEY": "sk-x", "HUWEN_LLM": "dashscope:qwen-plus"}))


def test_no_key_is_printed_with_the_settings() -> None:
    settings = load_settings(None, environment=KEYS)
    assert not [key for key in KEYS.values() if key in repr(settings) + json.dumps(settings_json(settings))]


def test_an_unknown_server_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match=r"`ollama:MODEL`.*`nowhere:x`"):
        open_llm(load_settings(None, environment={"HUWEN_LLM": "nowhere:x"}))
