"""Readers: what they make of good files, and what they say of bad ones."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.errors import InputError
from rag.ingest.read import read_pages

if TYPE_CHECKING:
    from pathlib import Path

FOOTER = "转发请注明来自“浦江观察”"


def record(number: int, body: str, **changes: object) -> dict[str, object]:
    return {
        "文章标识符aid": f"77{number}_1",
        "标题title": f"第{number}号通知&amp;说明",
        "链接url": f"https://weixin.example/{number}",
        "时间time": "2025-06-0" + str(number),
        "公众号名称": "浦江观察",
        "finalContent": body,
    } | changes


def written(path: Path, records: object) -> Path:
    path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    return path


def test_an_export_gives_one_page_a_record_with_entities_and_line_ends_decoded(tmp_path: Path) -> None:
    path = written(tmp_path / "export.json", [record(1, "第一段&nbsp;甲\r\r第二段&lt;乙&gt;")])
    (page,) = read_pages(path)
    assert (page.page_id, page.own_id, page.source) == ("771_1", True, "浦江观察")
    assert page.title == "第1号通知&说明"
    assert page.published == date(2025, 6, 1)
    assert page.text == "第一段\xa0甲\n\n第二段<乙>"


def test_an_export_saved_as_txt_is_read_as_an_export(tmp_path: Path) -> None:
    path = written(tmp_path / "export.txt", [record(1, "正文")])
    assert [page.own_id for page in read_pages(path)] == [True]


def test_a_text_that_begins_with_a_bracket_is_not_taken_for_json(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("[本报讯] 昨天举行会议。", "utf-8")
    assert [page.own_id for page in read_pages(path)] == [False]


def test_lines_that_most_records_repeat_are_furniture(tmp_path: Path) -> None:
    path = written(tmp_path / "export.json", [record(n, f"第{n}篇正文。\r{FOOTER}\r") for n in range(1, 7)])
    assert {page.furniture for page in read_pages(path)} == {frozenset({FOOTER})}


def test_a_small_export_has_no_furniture_since_nothing_can_be_told_from_it(tmp_path: Path) -> None:
    path = written(tmp_path / "export.json", [record(1, f"正文\r{FOOTER}"), record(2, f"另一篇\r{FOOTER}")])
    assert {page.furniture for page in read_pages(path)} == {frozenset()}


def test_records_without_their_keys_are_named_after_the_good_ones_were_read(tmp_path: Path) -> None:
    path = written(tmp_path / "export.json", [record(1, "正文"), {"标题title": "无编号"}, record(3, "正文")])
    pages = read_pages(path)
    assert [next(pages).page_id, next(pages).page_id] == ["771_1", "773_1"]
    with pytest.raises(InputError, match=r"export\.json`: 1 of 3 records were left out \(number 2\)"):
        next(pages)


def test_a_day_that_is_no_day_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "export.json", [record(1, "正文", 时间time="2025-02-30")])
    assert [page.published for page in read_pages(path)] == [None]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.json", b'[{"a": 1},', "is not valid JSON: .* at line 1, column"),
        ("object.json", b'{"a": 1}', "expected a JSON array of objects, got dict"),
        ("deep.json", b"[" * 200_000, "nested too deep"),
        ("latin.txt", "naïve café".encode("latin-1"), r"is not UTF-8 \(byte 0x\w\w at 2\), .*; convert it .*iconv"),
        ("zero.txt", b"a\0b", "holds NUL bytes"),
        ("photo.jpg", b"\xff\xd8", "of no known format; Huwen reads"),
    ],
)
def test_a_bad_file_is_an_error_that_names_path_and_reason(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        list(read_pages(path))
    assert str(path) in str(caught.value)


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_bytes("\ufeff# 标题\n".encode())
    (page,) = read_pages(path)
    assert (page.text, page.markup) == ("# 标题\n", "markdown")


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt` cannot be read"):
        list(read_pages(tmp_path / "gone.txt"))
