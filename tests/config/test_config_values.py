"""Settings: what is taken, what is refused and how it is said, and what never shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from api.language.errors import in_language
from rag.config import Settings, load_settings, settings_json, with_changes
from rag.config_values import Secret
from rag.errors import ConfigError


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("candidates", "120", 120),
        ("dense_weight", "0.25", 0.25),
        ("index", "somewhere", Path("somewhere")),
        ("embedder_dimensions", "64", 64),
        ("unsupported", "mark", "mark"),
    ],
)
def test_the_environment_gives_texts_that_become_values(key: str, value: str, expected: object) -> None:
    assert getattr(load_settings(None, environment={f"HUWEN_{key.upper()}": value}), key) == expected


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("candidates", "49", "must be at least 50"),
        ("candidates", "many", "must be a whole number"),
        ("candidates", "60.5", "must be a whole number"),
        ("dense_weight", "nan", "must be a number"),
        ("dense_weight", "1.5", "must be at most 1"),
        ("llm_deadline_s", "0", "must be more than 0"),
        ("unsupported", "keep", "must be one of `drop`, `mark`"),
        ("columns", "text", "must be a table of names and values"),
        ("llm_helps", "condense", "must be a list"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_it_must_be(key: str, value: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(None, environment={f"HUWEN_{key.upper()}": value})
    assert str(caught.value) == f"settings from the environment cannot be used: `{key}`: {reason} (got '{value}')"
    assert reason not in in_language(str(caught.value), "zh")


def test_a_file_gives_lists_and_tables_and_unknown_keys_are_named(tmp_path: Path) -> None:
    file = tmp_path / "huwen.toml"
    file.write_text('llm_helps = ["split"]\ndense_weight = 1\n[columns]\ntext = "正文"\n', "utf-8")
    settings = load_settings(file, environment={})
    assert (settings.llm_helps, settings.dense_weight, settings.columns) == (("split",), 1.0, {"text": "正文"})
    file.write_text("passsages = 9\ncandidates = true\n", "utf-8")
    with pytest.raises(ConfigError, match=r"`passsages` is not a setting.*`candidates`: must be a whole number"):
        load_settings(file, environment={})


def test_changes_are_checked_and_none_changes_nothing() -> None:
    settings = Settings()
    assert with_changes(settings, {"index": None}) is settings
    assert with_changes(settings, {"llm": "ollama:x"}).llm == "ollama:x"
    with pytest.raises(ConfigError, match="the options"):
        with_changes(settings, {"passages": 1})


def test_a_secret_shows_nowhere() -> None:
    settings = Settings(llm_api_key=Secret("sk-planted"), llm_keys={"openai": Secret("sk-planted")})
    shown = repr(settings) + json.dumps(settings_json(settings)) + str(settings.llm_api_key)
    assert "sk-planted" not in shown
    with pytest.raises(ConfigError) as caught:
        Settings(llm_api_key=["sk-planted"])  # type: ignore[arg-type]
    assert "sk-planted" not in str(caught.value)
