"""Templates are found, versioned by their text, and filled in without surprises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prompts.load import Prompt, load_prompt
from rag.errors import ConfigError

if TYPE_CHECKING:
    from rag.types import Lang

BOTH: tuple[Lang, ...] = ("zh", "en")


def a_prompt(text: str) -> Prompt:
    return Prompt(name="x", lang="en", version="0", sections={"part": text})


@pytest.mark.parametrize("lang", BOTH)
def test_the_answer_prompt_has_the_same_sections_and_placeholders_in_both_languages(lang: Lang) -> None:
    ours, other = load_prompt("answer", lang=lang), load_prompt("answer", lang="en")
    assert ours.sections.keys() == other.sections.keys() == {"system", "passage", "history", "question"}
    for name in ours.sections:
        assert sorted(part.split("}}")[0] for part in ours.sections[name].split("{{")[1:]) == sorted(
            part.split("}}")[0] for part in other.sections[name].split("{{")[1:]
        )


@pytest.mark.parametrize("lang", BOTH)
def test_the_fixed_part_has_no_placeholder_so_that_servers_can_cache_it(lang: Lang) -> None:
    assert "{{" not in load_prompt("answer", lang=lang).sections["system"]


@pytest.mark.parametrize("lang", BOTH)
@pytest.mark.parametrize("line", ["no_evidence", "weak_evidence", "content_missing", "false_premise"])
def test_the_refusal_lines_are_prescribed(lang: Lang, line: str) -> None:
    assert f"REFUSE: {line}" in load_prompt("answer", lang=lang).sections["system"]


def test_the_version_is_a_short_hash_that_differs_between_texts() -> None:
    versions = {load_prompt("answer", lang=lang).version for lang in BOTH}
    assert len(versions) == 2
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in versions)
    assert load_prompt("answer", lang="zh").version == load_prompt("answer", lang="zh").version


def test_a_missing_prompt_is_named() -> None:
    with pytest.raises(ConfigError, match="no prompt `nothing` in language `zh`"):
        load_prompt("nothing", lang="zh")


def test_a_placeholder_inside_a_value_is_not_replaced() -> None:
    assert a_prompt("{{a}} {{b}}").fill("part", {"a": "{{b}}", "b": "2"}) == "{{b}} 2"


@pytest.mark.parametrize("values", [{}, {"a": "1"}, {"a": "1", "b": "2", "c": "3"}])
def test_values_must_be_exactly_the_placeholders(values: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match=r"takes \['a', 'b'\]"):
        a_prompt("{{a}} {{b}}").fill("part", values)


def test_a_missing_section_is_named() -> None:
    with pytest.raises(ConfigError, match="no section `other`"):
        a_prompt("text").fill("other", {})
