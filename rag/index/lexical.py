"""Lexical search over one Tantivy generation; scores are shares of the query's idf mass."""

from __future__ import annotations

import math
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tantivy

from rag.errors import ConfigError
from rag.index.disk import damaged, file_checksum, reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.index.layout import Layout
    from rag.index.manifest import GenerationRecord
    from rag.search_types import Choice, Group
    from rag.types import Filters

KEY, PAGE, BODY, DAY, SOURCE, LANG = "key", "page", "body", "day", "source", "lang"
ANALYSER = "words"

# Tantivy's BM25: a term adds idf * (K1 + 1) * tf / (tf + norm), so that (K1 + 1) times the idf mass is never reached.
K1 = 1.2
# Tantivy adds in single precision and in an order that differs between segments: scores this close are the same.
SAME = 2e-6
DIGITS = 6
SPARE = 16


def new_schema() -> tantivy.Schema:
    """Return the fields of a chunk. Words are searched, never stored; the key is read from a fast column."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(KEY, fast=True)
    builder.add_integer_field(PAGE, indexed=True)
    builder.add_text_field(BODY, tokenizer_name=ANALYSER, index_option="freq")
    builder.add_integer_field(DAY, indexed=True, fast=True)
    builder.add_text_field(SOURCE, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(LANG, tokenizer_name="raw", index_option="basic")
    return builder.build()


def open_tantivy(path: Path) -> tantivy.Index:
    """Open a generation's folder with our analyser, which Tantivy does not remember."""
    index = tantivy.Index.open(str(path))
    register_analyser(index)
    return index


def register_analyser(index: tantivy.Index) -> None:
    """Make the analyser of the body known: our own words, joined by spaces."""
    index.register_tokenizer(ANALYSER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def check_generation(layout: Layout, record: GenerationRecord) -> None:
    """Read every byte of a generation. Raises `IndexDamagedError` naming the file that changed."""
    for file in record.files:
        path = layout.lexical / record.name / file.name
        with reading(layout.folder):
            same = path.stat().st_size == file.bytes and file_checksum(path) == file.crc
        if not same:
            raise damaged(layout.folder, f"`lexical/{record.name}/{file.name}` does not match its checksum")


class LexicalSearch:
    """One generation, open for searching; safe to share between threads."""

    def __init__(self, layout: Layout, record: GenerationRecord) -> None:
        check_generation(layout, record)
        self._documents = record.documents
        self._shadow: tempfile.TemporaryDirectory[str] | None = None
        with reading(layout.folder):
            index = self._open(layout.lexical / record.name)
        index.config_reader(reload_policy="manual")
        self._schema = index.schema
        self._searcher = index.searcher()

    def close(self) -> None:
        """Remove what was written to read a folder that cannot be written to."""
        if self._shadow is not None:
            self._shadow.cleanup()

    def count(self) -> int:
        """Return how many chunks the generation really holds."""
        held: int = self._searcher.num_docs
        return held

    def idf(self, token: str) -> float:
        """Return BM25's idf, ln(1 + (N - n + 0.5) / (n + 0.5)), over all documents of the generation."""
        return idf(self._searcher.doc_freq(BODY, token), documents=self._documents)

    def best(self, tokens: Sequence[str], *, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order.

        A token counts once however often the question holds it. share = BM25 / ((K1 + 1) * sum of the tokens' idf).
        """
        distinct = list(dict.fromkeys(tokens))
        mass = (K1 + 1) * sum(map(self.idf, distinct))
        known = [token for token in distinct if self._searcher.doc_freq(BODY, token)]
        if not known:
            return []
        words = [self._term(BODY, token) for token in known]
        return self._best(self._query(words, filters), mass=mass, k=k)

    def best_choices(self, groups: Sequence[Group], *, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Return (key, share) of the best k chunks and of all that tie with the last of them, in no order.

        A chunk gets from each group what its best choice gives: weight * BM25 of its tokens. share = the sum of it / the most
        that it could be.
        """
        known = [group for group in groups if any(map(self._holds_all, group.choices))]
        mass = (K1 + 1) * sum(max(map(self._mass, group.choices)) for group in known)
        if not mass:
            return []
        return self._best(self._query([self._either(group) for group in known], filters), mass=mass, k=k)

    def _holds_all(self, choice: Choice) -> bool:
        return bool(choice.tokens) and all(self._searcher.doc_freq(BODY, token) for token in choice.tokens)

    def _mass(self, choice: Choice) -> float:
        return choice.weight * sum(map(self.idf, choice.tokens)) if self._holds_all(choice) else 0.0

    def _either(self, group: Group) -> tantivy.Query:
        choices = [self._weighed(choice) for choice in group.choices if self._holds_all(choice)]
        return choices[0] if len(choices) == 1 else tantivy.Query.disjunction_max_query(choices)

    def _weighed(self, choice: Choice) -> tantivy.Query:
        words = [(tantivy.Occur.Should, self._term(BODY, token)) for token in choice.tokens]
        return tantivy.Query.boost_query(tantivy.Query.boolean_query(words), choice.weight)

    def _best(self, query: tantivy.Query, *, mass: float, k: int) -> list[tuple[int, float]]:
        fetch = k + SPARE
        while True:
            hits = self._searcher.search(query, limit=fetch, count=False).hits
            shares = [score / mass for score, _ in hits]
            if len(hits) < fetch or shares[k - 1] - shares[-1] > SAME:
                break
            fetch *= 4
        keys: Any = self._searcher.fast_field_values(KEY, [address for _, address in hits])
        return best_with_ties(list(zip(keys, shares, strict=True)), k)

    def _query(self, wanted: Sequence[tantivy.Query], filters: Filters) -> tantivy.Query:
        words = [(tantivy.Occur.Should, one) for one in wanted]
        limits = [(tantivy.Occur.Must, tantivy.Query.const_score_query(limit, 0.0)) for limit in self._limits(filters)]
        return tantivy.Query.boolean_query([*limits, *words], minimum_number_should_match=1)

    def _limits(self, filters: Filters) -> list[tantivy.Query]:
        limits = []
        if filters.since is not None or filters.until is not None:
            limits.append(self._days(filters.since, filters.until))
        if filters.source is not None:
            limits.append(self._term(SOURCE, filters.source))
        if filters.lang is not None:
            limits.append(self._term(LANG, filters.lang))
        return limits

    def _days(self, since: date | None, until: date | None) -> tantivy.Query:
        first = 0 if since is None else since.toordinal()
        last = (1 << 31) if until is None else until.toordinal()
        return tantivy.Query.range_query(self._schema, DAY, tantivy.FieldType.Integer, first, last)

    def _term(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, index_option="freq" if field == BODY else "basic")

    def _open(self, path: Path) -> tantivy.Index:
        with suppress(ValueError, OSError):
            return open_tantivy(path)
        # Tantivy takes a lock file even to read: where it cannot, it reads links in a folder of its own.
        try:
            self._shadow = tempfile.TemporaryDirectory(prefix="huwen-")
        except FileNotFoundError as error:
            raise ConfigError(
                f"the index `{path.parent.parent}` cannot be written to, and then a search needs a folder for temporary files; "
                "set TMPDIR to one that can be"
            ) from error
        for file in path.iterdir():
            if file.suffix != ".lock":
                (Path(self._shadow.name) / file.name).symlink_to(file.absolute())
        try:
            return open_tantivy(Path(self._shadow.name))
        except ValueError as error:
            raise OSError(str(error)) from error


def idf(frequency: int, *, documents: int) -> float:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5)), which is positive for every n up to N."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def best_with_ties(found: list[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """Return the best k pairs and all that tie with the last: scores that are the same but for rounding get one value."""
    ordered = sorted(found, key=lambda pair: -pair[1])
    kept: list[tuple[int, float]] = []
    last = value = math.inf
    for key, share in ordered:
        if last - share > SAME:
            if len(kept) >= k:
                break
            value = round(share, DIGITS)
        last = share
        kept.append((key, value))
    return kept
