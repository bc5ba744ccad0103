"""Records of any export to pages: which fields count, what is left out and why; parses no format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.markup import plain_lines
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from rag.ingest.readers.columns import ColumnMapping

# A line is furniture when it stands in most records of an export that is large enough to tell.
FURNITURE_SHARE = 0.5
FURNITURE_RECORDS = 5
# No furniture is longer; and no more different lines than these are counted at a time.
FURNITURE_LINE = 300
FURNITURE_LINES = 200_000
# Failures that a message lists one by one.
NAMED_FAILURES = 10
DIGEST_BYTES = 6

# 1, 2, 3: unique in one file only.
_COUNTER = re.compile(r"\d{1,7}")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
_COMPACT_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_SECONDS = range(315_532_800, 4_102_444_800)
MILLI = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: its fields, or why it has none. `number` is its row, line or place, from 1."""

    number: int
    fields: Mapping[str, object] | str


def record_pages(records: Callable[[], Iterator[Record]], *, path: Path, columns: ColumnMapping) -> Iterator[Page]:
    """Yield one page a record, in order; then raise `InputError` if some could not be used.

    `records` is called twice, first for the lines that repeat; only ids are held, so a file may have any length.
    """
    guessed = _Guessed(columns)
    furniture = _furniture(_bodies(records(), guessed))
    seen: set[str] = set()
    left_out = _LeftOut()
    total = 0
    for record in records():
        total += 1
        found = _page(record.fields, path=path, guessed=guessed)
        if isinstance(found, Page) and (key := _digest(found.page_id)) not in seen:
            seen.add(key)
            yield replace(found, furniture=furniture)
        else:
            left_out.add(record.number, "the same id as an earlier one" if isinstance(found, Page) else found)
    if total == 0:
        raise InputError(f"`{path}` holds no records; export it again")
    if left_out.count:
        raise InputError(left_out.message(path, total=total))


def day_of(value: object) -> date | None:
    """Return the day that a field names: a date in figures, or seconds or milliseconds since 1970 (in UTC)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _day_of_number(value)
    if not isinstance(value, str):
        return None
    found = _DAY.search(value) or _COMPACT_DAY.search(value)
    if found is None:
        return _day_of_number(float(value)) if re.fullmatch(r"\d{9,13}", value.strip(), re.ASCII) else None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def derived_id(*parts: str, prefix: str) -> str:
    """Return an id for a record that has none of its own: the same for the same parts, wherever it stands."""
    return f"{prefix}-{_digest(*parts)}"


class _Guessed:
    """The mapping of the records of one file: guessed anew only where a record has other fields than the one before."""

    def __init__(self, given: ColumnMapping) -> None:
        self._given = given
        self._names: tuple[str, ...] | None = None
        self._columns = given

    def of(self, fields: Mapping[str, object]) -> ColumnMapping:
        names = tuple(fields)
        if names != self._names:
            self._names, self._columns = names, self._given.completed(names)
        return self._columns


class _LeftOut:
    """What could not be used, counted; only the first few are held."""

    def __init__(self) -> None:
        self.count = 0
        self._numbers: list[str] = []
        self._reasons: dict[str, None] = {}

    def add(self, number: int, reason: str) -> None:
        self.count += 1
        if len(self._numbers) < NAMED_FAILURES:
            self._numbers.append(str(number))
        if len(self._reasons) < NAMED_FAILURES:
            self._reasons[reason] = None

    def message(self, path: Path, *, total: int) -> str:
        return (
            f"`{path}`: {self.count} of {total} records were left out (number {', '.join(self._numbers)}): "
            f'{"; ".join(self._reasons)}; name the fields in huwen.toml, for example `columns = {{text = "正文"}}`'
        )


def _bodies(records: Iterator[Record], guessed: _Guessed) -> Iterator[str]:
    """Yield the texts of the records that can be read; the second reading says what is wrong with the others."""
    try:
        for record in records:
            if not isinstance(record.fields, str):
                name = guessed.of(record.fields).text
                text = None if name is None else record.fields.get(name)
                if isinstance(text, str):
                    yield plain_lines(text)
    except InputError:
        return


def _furniture(texts: Iterable[str]) -> frozenset[str]:
    """Return the lines that most records repeat; none where there are too few records to tell."""
    counts: Counter[str] = Counter()
    total = 0
    for total, text in enumerate(texts, 1):
        counts.update({line.strip() for line in text.split("\n") if len(line) <= FURNITURE_LINE})
        if len(counts) > FURNITURE_LINES:
            counts = Counter({line: count for line, count in counts.items() if count >= FURNITURE_SHARE * total})
    if total < FURNITURE_RECORDS:
        return frozenset()
    return frozenset(line for line, count in counts.items() if line and count >= FURNITURE_SHARE * total)


def _page(fields: Mapping[str, object] | str, *, path: Path, guessed: _Guessed) -> Page | str:
    """Return the record as a page, or why it cannot be one."""
    if isinstance(fields, str):
        return fields
    columns = guessed.of(fields)
    text = None if columns.text is None else fields.get(columns.text)
    title = " ".join(plain_lines(_value(fields, columns.title) or "").split()) or None
    # An article of images has a title and no text.
    body = plain_lines(text) if isinstance(text, str) else None
    if body is None or not (body.strip() or title):
        return "no field that holds the text" if columns.text is None else f"no text in `{columns.text}`"
    url = _value(fields, columns.url)
    return Page(
        page_id=_id(_value(fields, columns.id), url=url, title=title, text=body, path=path),
        own_id=True,
        text=body,
        markup="plain",
        source_path=str(path),
        title=title,
        source=_value(fields, columns.source),
        published=day_of(None if columns.published is None else fields.get(columns.published)),
        url=url,
    )


def _id(own: str | None, *, url: str | None, title: str | None, text: str, path: Path) -> str:
    if own is not None:
        return f"{path.stem}-{own}" if _COUNTER.fullmatch(own) else own
    return derived_id(*([url] if url is not None else [title or "", text]), prefix=path.stem)


def _value(fields: Mapping[str, object], name: str | None) -> str | None:
    """Return a field as text; `None` where it is not there, empty, or neither text nor a number."""
    value = None if name is None else fields.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _day_of_number(value: float) -> date | None:
    for seconds in (value, value // MILLI):
        if _SECONDS.start <= seconds < _SECONDS.stop:
            return datetime.fromtimestamp(seconds, UTC).date()
    return None


def _digest(*parts: str) -> str:
    return blake2b("\n".join(parts).encode(errors="replace"), digest_size=DIGEST_BYTES).hexdigest()
