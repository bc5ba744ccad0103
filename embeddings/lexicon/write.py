"""Writes the lexicon's two files: sorted lines of a word, a tab, and its counterparts with their shares in per cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Side = Mapping[str, Sequence[tuple[str, float]]]

ENGLISH, CHINESE = "en.txt", "zh.txt"


def write_lexicon(folder: Path, *, english: Side, chinese: Side) -> None:
    """Write both directions, each line between line breaks, so that a word is found by what stands around it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, side in ((ENGLISH, english), (CHINESE, chinese)):
        lines = [f"{word}\t{_options(side[word])}" for word in sorted(side)]
        (folder / name).write_text("\n" + "\n".join(lines) + "\n", "utf-8")


def _options(options: Sequence[tuple[str, float]]) -> str:
    return "|".join(f"{word} {max(round(100 * share), 1)}" for word, share in options)
