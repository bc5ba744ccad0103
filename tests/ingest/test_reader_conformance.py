"""What every reader promises: pages with text, the same ids each time, and nothing but an error with path and reason."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from rag.errors import InputError
from rag.ingest.read import read_pages
from tests.ingest.formats.written_files import FORMATS, TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from rag.types import Page

NAMES = tuple(FORMATS)
GARBAGE = {
    "nothing": b"",
    "blanks": b" \n\t\r\n",
    "noise": random.Random(7).randbytes(5000),
    "zeros": bytes(3000),
    "brackets": b"[" * 50_000,
    "braces": b'{"a":' * 50_000,
    "tags": b"<div>" * 20_000,
    "marks": b"\xff\xfe\xfd" * 700,
    "zip mark": b"PK\x03\x04" + bytes(200),
    "pdf mark": b"%PDF-1.7\n" + b"1 0 obj << /Kids [1 0 R] >> endobj\n" * 50,
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
}


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def pages_or_error(path: Path) -> tuple[list[Page], str | None]:
    """Read a file to its end: the pages that came, and the error that came after them."""
    pages: list[Page] = []
    try:
        for page in read_pages(path):
            pages.append(page)  # noqa: PERF402 - what came before an error counts
    except InputError as error:
        return pages, str(error)
    return pages, None


@pytest.mark.parametrize("name", NAMES)
def test_a_good_file_gives_pages_with_text_that_name_their_file(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, FORMATS[name]())
    pages, error = pages_or_error(path)
    assert error is None
    assert pages
    assert all(TEXT in page.text and page.page_id and page.source_path.startswith(str(path)) for page in pages)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_the_same_each_time_and_differ_within_a_file(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, FORMATS[name]())
    ids = [page.page_id for page in read_pages(path)]
    assert ids == [page.page_id for page in read_pages(path)]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_one_page_of_its_own_is_named_by_its_stem(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, FORMATS[name]())
    named = [page.page_id for page in read_pages(path) if not page.own_id]
    assert all(name == path.stem or name.startswith(f"{path.stem}!") for name in named)


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("name", NAMES)
def test_garbage_is_an_error_that_names_path_and_reason(tmp_path: Path, name: str, garbage: str) -> None:
    path = written(tmp_path, name, GARBAGE[garbage])
    pages, error = pages_or_error(path)
    if error is None:
        assert "".join(page.text for page in pages).strip()
    else:
        assert f"`{path}" in error
        assert len(error) > len(str(path)) + 15


@pytest.mark.parametrize("name", NAMES)
def test_half_a_file_gives_what_is_in_it_or_an_error(tmp_path: Path, name: str) -> None:
    content = FORMATS[name]()
    for share in (0.1, 0.5, 0.9):
        path = written(tmp_path, name, content[: int(len(content) * share)])
        pages, error = pages_or_error(path)
        assert error is None or str(path) in error
        assert error is not None or "".join(page.text for page in pages).strip()


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".pdf", ".docx", ".zip", ".html", ".rss"))])
def test_a_file_that_shows_its_format_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    content = FORMATS[name]()
    right = [page.text for page in read_pages(written(tmp_path, name, content))]
    assert [page.text for page in read_pages(written(tmp_path, "misnamed.txt", content))] == right


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".zip", ".rss", ".json", ".jsonl", ".csv"])
def test_plain_text_under_another_formats_name_is_an_error_or_read_as_text(tmp_path: Path, suffix: str) -> None:
    pages, error = pages_or_error(written(tmp_path, f"text{suffix}", TEXT.encode()))
    assert pages == []
    assert error is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_file_beyond_the_limit_is_an_error_before_it_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.write(FORMATS[name]())
        file.truncate(1024**3)
    _, error = pages_or_error(path)
    assert error is not None
    assert "MiB" in error


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_an_error_of_every_reader(tmp_path: Path, name: str) -> None:
    _, error = pages_or_error(tmp_path / name)
    assert error is not None
    assert "cannot be read" in error
