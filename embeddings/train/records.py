"""Reads the public data sets (gzipped JSON lines under one folder) into tuples of text; changes no character."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """One item of the evening news; `date` is `YYYYMMDD`."""

    date: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dictionary entry; `traditional` is empty where it is written like `simplified`."""

    simplified: str
    traditional: str
    glosses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions with the number of the paragraph that answers each: `paragraphs[gold[i]]` answers `questions[i]`."""

    paragraphs: tuple[str, ...]
    questions: tuple[str, ...]
    gold: tuple[int, ...]


def broadcasts(data: Path) -> list[Broadcast]:
    """Return `news/lianbo` in file order."""
    return [
        Broadcast(date=str(row["date"]), title=str(row["title"]), text=str(row["text"]))
        for row in _rows(data, "news/lianbo")
    ]


def articles(data: Path) -> list[str]:
    """Return the texts of `news/crud_news` in file order."""
    return [str(row["text"]) for row in _rows(data, "news/crud_news")]


def question_set(data: Path, name: str) -> QuestionSet:
    """Return one of `qa/*`, such as `drcd_dev`."""
    paragraphs = {row["id"]: str(row["text"]) for row in _rows(data, f"qa/{name}.paras")}
    place = {key: at for at, key in enumerate(paragraphs)}
    rows = list(_rows(data, f"qa/{name}.qs"))
    return QuestionSet(
        paragraphs=tuple(paragraphs.values()),
        questions=tuple(str(row["q"]) for row in rows),
        gold=tuple(place[row["pid"]] for row in rows),
    )


def english_pairs(data: Path) -> list[Pair]:
    """Return (question, sentence) pairs of `qa/squad_question_sentence`."""
    return [(str(row["a"]), str(row["b"])) for row in _rows(data, "qa/squad_question_sentence")]


def translations(data: Path, name: str) -> list[Pair]:
    """Return (English, Chinese) pairs of `parallel/*`, such as `zh_en_segments`."""
    return [(str(row["en"]), str(row["zh"])) for row in _rows(data, f"parallel/{name}")]


def sourced_translations(data: Path, name: str) -> list[tuple[str, str, str]]:
    """Return (source, English, Chinese) of `parallel/*`; the source is a short name such as `tatoeba`."""
    return [(str(row["src"]), str(row["en"]), str(row["zh"])) for row in _rows(data, f"parallel/{name}")]


def dictionary(data: Path) -> list[Entry]:
    """Return `lexicon/cedict` in file order."""
    return [
        Entry(simplified=str(row["zh"]), traditional=str(row["tr"]), glosses=_strings(row["en"]))
        for row in _rows(data, "lexicon/cedict")
    ]


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _rows(data: Path, name: str) -> Iterator[Mapping[str, object]]:
    path = data / f"{name}.jsonl.gz"
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except FileNotFoundError as error:
        raise InputError(f"no data set at `{path}`; give the folder of the public sets with --data") from error
