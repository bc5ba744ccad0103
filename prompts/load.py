"""Loads the prompt templates that lie beside this file; it fills them in and knows nothing of what they are for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.types import Lang

VERSION_DIGITS = 12

_SECTION = re.compile(r"^=== (\w+) ===\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A template of named sections. `version` is a short hash of its text: other words, another version."""

    name: str
    lang: Lang
    version: str
    sections: Mapping[str, str]

    def fill(self, section: str, values: Mapping[str, str]) -> str:
        """Return a section with every `{{key}}` replaced; a placeholder inside a value stays as it is.

        Raises `ConfigError` where the section is missing, or its placeholders are not exactly the keys of `values`.
        """
        if section not in self.sections:
            raise ConfigError(f"the prompt `{self.name}.{self.lang}` has no section `{section}`; reinstall huwen")
        text = self.sections[section]
        wanted = frozenset(_PLACEHOLDER.findall(text))
        if wanted != values.keys():
            raise ConfigError(
                f"section `{section}` of the prompt `{self.name}.{self.lang}` takes {sorted(wanted)} "
                f"(got {sorted(values)}); reinstall huwen"
            )
        return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


def load_prompt(name: str, *, lang: Lang) -> Prompt:
    """Return the template `name` in one language. Raises `ConfigError` where there is none, or it has no sections."""
    file = resources.files("prompts").joinpath(f"{name}.{lang}.txt")
    try:
        text = file.read_text("utf-8").replace("\r\n", "\n")
    except OSError as error:
        raise ConfigError(f"there is no prompt `{name}` in language `{lang}`; reinstall huwen") from error
    parts = _SECTION.split(text)
    if len(parts) < 3 or parts[0].strip():
        raise ConfigError(
            f"the prompt `{name}.{lang}` must begin with a line such as `=== system ===`; reinstall huwen"
        )
    sections = {title: body.strip("\n") for title, body in zip(parts[1::2], parts[2::2], strict=True)}
    return Prompt(name=name, lang=lang, version=_version(text), sections=sections)


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]
