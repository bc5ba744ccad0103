"""What was found for a question in the statements of its passages: how likely each is, and the values asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.answer.coverage import units_of
from rag.answer.evidence import Evidence
from rag.answer.features import Value, feature_rows
from rag.answer.parts import read_parts
from rag.answer.reading import best_of, statements_of, values_in
from rag.answer.scoring import load_scorer
from rag.retrieve.followup import completed
from rag.types import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from rag.answer.coverage import Unit
    from rag.answer.parts import Part
    from rag.answer.reading import Reading, Statement
    from rag.answer.sheet import Reader, Row
    from rag.types import Question

_Place = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The statements in reading order, the same ranked best first, and a reading for each part that asks for a value."""

    statements: tuple[Statement, ...]
    ranked: tuple[Evidence, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question with what it is looked up by."""

    question: Question
    units: Sequence[Unit]
    parts: Sequence[Part]
    idf: Callable[[Sequence[str]], list[float]]
    reader: Reader


def lookup_of(question: Question, *, idf: Callable[[Sequence[str]], list[float]], reader: Reader) -> Lookup:
    """Return a question with the units of it and of its parts."""
    units = units_of(question, idf=idf)
    return Lookup(question=question, units=units, parts=read_parts(question, idf=idf), idf=idf, reader=reader)


def look_up(lookup: Lookup, sheet: Sequence[Row]) -> Findings:
    """Return what the sheet's rows say to a question."""
    unscored = _unscored(lookup, sheet)
    statements = statements_of(unscored)
    values = values_in(lookup.question, statements, idf=lookup.idf)
    rows = _rows(lookup, sheet, unscored, values)
    shares = load_scorer().scores(rows).tolist()
    scored = {
        _place(row): replace(row, score=share, features=tuple(features))
        for row, share, features in zip(unscored, shares, rows.tolist(), strict=True)
    }
    return Findings(
        statements=tuple(replace(statement, row=scored[_place(statement.row)]) for statement in statements),
        ranked=tuple(sorted(scored.values(), key=rank_key, reverse=True)),
        readings=tuple(best_of(list(_with_scores(found, scored))) for found in values),
    )


def features_of(lookup: Lookup, sheet: Sequence[Row]) -> NDArray[np.float64]:
    """Return what the rows are scored by, an array of shape (rows, FEATURES)."""
    unscored = _unscored(lookup, sheet)
    values = values_in(lookup.question, statements_of(unscored), idf=lookup.idf)
    return _rows(lookup, sheet, unscored, values)


def rank_key(row: Evidence) -> tuple[float, int, int]:
    """Sort by this, the greatest first."""
    return (row.score, -row.passage.rank, -row.span.start)


def _unscored(lookup: Lookup, sheet: Sequence[Row]) -> list[Evidence]:
    cosines = lookup.reader.likeness(completed(lookup.question), sheet)
    return [_evidence(row, cosine) for row, cosine in zip(sheet, cosines, strict=True)]


def _evidence(row: Row, cosine: float) -> Evidence:
    start = row.page.passage.start
    return Evidence(
        page=row.page, line=row.line, span=Span(start + row.span.start, start + row.span.end), cosine=cosine
    )


def _rows(
    lookup: Lookup, sheet: Sequence[Row], unscored: Sequence[Evidence], values: Sequence[Sequence[Reading]]
) -> NDArray[np.float64]:
    best: dict[_Place, Reading] = {}
    for reading in (reading for found in values for reading in found):
        if reading.row is not None:
            place = _place(reading.row)
            best[place] = max(best.get(place, reading), reading, key=lambda one: one.worth)
    found = [best.get(_place(row)) for row in unscored]
    return feature_rows(
        lookup.question,
        sheet,
        cosines=[row.cosine for row in unscored],
        values=[Value() if row is None else Value(stated=row.stated, worth=row.worth) for row in found],
        units=lookup.units,
        parts=lookup.parts,
    )


def _with_scores(found: Sequence[Reading], scored: Mapping[_Place, Evidence]) -> Iterator[Reading]:
    for reading in found:
        yield reading if reading.row is None else replace(reading, row=scored[_place(reading.row)])


def _place(row: Evidence) -> _Place:
    return (row.passage.chunk_id, row.span.start)
