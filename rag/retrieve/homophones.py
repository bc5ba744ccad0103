"""Characters that are read alike, by a table of syllables without tones; near sounds that typists confuse count as one."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = "pinyin.txt"
# Flat and curled tongue, front and back nasals: zhang and zan, qing and qin.
_RETROFLEX = re.compile("^([zcs])h")
_NASAL = re.compile("(?<=[aei])ng$")


def homophones(char: str) -> tuple[str, ...]:
    """Return the other characters that may be read as `char` is, in the order of their code points."""
    table, readings = _characters(), _syllables().get(char, ())
    return tuple(sorted({other for syllable in readings for other in table[syllable]} - {char}))


@cache
def _characters() -> Mapping[str, str]:
    """Map loosened syllables to their characters."""
    found: dict[str, str] = {}
    for line in files("rag.retrieve").joinpath(TABLE).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            syllable, characters = line.split()
            loose = _NASAL.sub("n", _RETROFLEX.sub(r"\1", syllable))
            found[loose] = found.get(loose, "") + characters
    return found


@cache
def _syllables() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _characters().items():
        for char in characters:
            found[char] = (*found.get(char, ()), syllable)
    return found
