"""Reads exports of WeChat public accounts: a JSON array with one record an article."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.ingest.readers.files import read_text
from rag.types import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ID, TITLE, URL, TIME, ACCOUNT, BODY = "文章标识符aid", "标题title", "链接url", "时间time", "公众号名称", "finalContent"

# A line is furniture when it stands in most records of an export that is large enough to tell.
FURNITURE_SHARE = 0.5
FURNITURE_RECORDS = 5

_JSON_HEAD = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*(?:\{|\]|$)|\{\s*["}])')
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


class WechatReader:
    """Takes JSON files, by suffix or by how they begin (exports are often saved as `.txt`)."""

    def accepts(self, path: Path, head: bytes) -> bool:
        """Tell by the suffix or the first bytes."""
        return path.suffix.lower() == ".json" or _JSON_HEAD.match(head) is not None

    def read(self, path: Path) -> Iterator[Page]:
        """Yield one page a record, in file order; then raise `InputError` if some records could not be used."""
        records = _records(path)
        good = [record for record in records if _usable(record)]
        furniture = _furniture([str(record[BODY]) for record in good])
        for record in good:
            yield _page(record, path, furniture)
        if len(good) < len(records):
            bad = [str(number) for number, record in enumerate(records, 1) if not _usable(record)]
            raise InputError(
                f"`{path}`: {len(bad)} of {len(records)} records were left out (number {', '.join(bad[:10])}); "
                f"each needs the keys `{ID}`, `{TITLE}` and `{BODY}` with text in them"
            )


def _records(path: Path) -> list[Mapping[str, object]]:
    try:
        loaded = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(
            f"`{path}` is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}; export it again"
        ) from error
    except RecursionError as error:
        raise InputError(f"`{path}` is not an export: its JSON is nested too deep") from error
    if not isinstance(loaded, list) or not all(isinstance(record, dict) for record in loaded):
        raise InputError(f"`{path}` is not an export: expected a JSON array of objects, got {type(loaded).__name__}")
    return loaded


def _usable(record: Mapping[str, object]) -> bool:
    if not all(isinstance(record.get(key), str) for key in (ID, TITLE, BODY)):
        return False
    return bool(str(record[ID]).strip())


def _page(record: Mapping[str, object], path: Path, furniture: frozenset[str]) -> Page:
    return Page(
        page_id=str(record[ID]).strip(),
        own_id=True,
        text=lines_of_body(str(record[BODY])),
        markup="plain",
        source_path=str(path),
        title=" ".join(html.unescape(str(record[TITLE])).split()),
        source=_text_or_none(record.get(ACCOUNT)),
        published=_day(record.get(TIME)),
        url=_text_or_none(record.get(URL)),
        furniture=furniture,
    )


def lines_of_body(body: str) -> str:
    """Return a body with its entities decoded and carriage returns, its only line separators, as line feeds."""
    return html.unescape(body).replace("\r\n", "\n").replace("\r", "\n")


def _furniture(bodies: Sequence[str]) -> frozenset[str]:
    if len(bodies) < FURNITURE_RECORDS:
        return frozenset()
    counts = Counter(line for body in bodies for line in {line.strip() for line in lines_of_body(body).split("\n")})
    return frozenset(line for line, count in counts.items() if line and count >= FURNITURE_SHARE * len(bodies))


def _text_or_none(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _day(value: object) -> date | None:
    found = _DAY.search(value) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
