"""What each format's reader makes of a good file: text, order, title, date, source, ids."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from rag.config import Settings
from rag.errors import ConfigError, InputError
from rag.ingest.read import read_pages
from rag.ingest.readers.columns import ColumnMapping
from rag.ingest.readers.records import day_of
from tests.ingest.formats import written_files as files

if TYPE_CHECKING:
    from pathlib import Path

TRADITIONAL = "臨江市昨天發布氫能產業扶持辦法，對新建加氫站給予一次性補助，申報截止到六月三十日，由市與區的部門辦理。"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (files.TEXT, "gb18030"),
        (files.TEXT, "gbk"),
        (TRADITIONAL, "big5"),
        (files.TEXT, "utf-16"),
        (f"{files.TEXT}\n{files.TEXT}", "utf-16-le"),
        (f"{files.TEXT}\n{files.TEXT}", "utf-16-be"),
        (files.ENGLISH, "utf-16-le"),
        (files.TEXT, "utf-8-sig"),
        (f"{files.ENGLISH} {files.TEXT}", "gb18030"),
    ],
)
def test_text_in_the_encodings_of_chinese_systems_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    (page,) = read_pages(written(tmp_path / "page.txt", text.encode(encoding)))
    assert page.text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("서울시는 어제 새로운 산업 정책을 발표하고 기업에 보조금을 지급한다고 밝혔다.", "euc-kr"),
        ("東京都は昨日、新しい産業政策を発表し、企業に補助金を支給すると明らかにした。", "shift-jis"),
        ("La ville a publié une nouvelle stratégie à l'été pour ses élèves.", "latin-1"),
        ("Город опубликовал новую программу поддержки промышленности.", "cp1251"),
        ("甲乙", "gb18030"),
    ],
)
def test_text_of_no_encoding_that_can_be_told_is_an_error_with_the_way_out(
    tmp_path: Path, text: str, encoding: str
) -> None:
    with pytest.raises(InputError, match="iconv -f"):
        list(read_pages(written(tmp_path / "page.txt", text.encode(encoding))))


def test_utf8_with_one_broken_byte_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    raw = (files.TEXT * 3).encode()
    with pytest.raises(InputError, match="is not UTF-8"):
        list(read_pages(written(tmp_path / "page.txt", raw[:100] + b"\xff" + raw[101:])))


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_a_web_page_gives_its_main_text_and_particulars_and_no_script(tmp_path: Path, charset: str) -> None:
    (page,) = read_pages(written(tmp_path / "page.html", files.html(charset)))
    assert (page.title, page.source, page.published) == (files.TITLE, "临江网", date(2025, 5, 6))
    assert page.url == "https://linjiang.example/a/1.html"
    assert "第5段" in page.text
    assert not any(word in page.text for word in ("脚本", "首页", "secret", "版权所有", "color"))


@pytest.mark.parametrize("by_rows", [False, True])
def test_columns_of_a_pdf_are_read_one_after_the_other(tmp_path: Path, by_rows: bool) -> None:
    (page,) = read_pages(written(tmp_path / "page.pdf", files.pdf(columns=True, by_rows=by_rows)))
    places = [page.text.find(word) for word in (files.TITLE, "左栏第一段", "左栏第二段", "右栏第一段", "右栏第二段")]
    assert -1 not in places
    assert places == sorted(places)
    assert "资金由市与区两级财政各出一半。" in page.text
    assert "- 3 -" not in page.text


def test_a_scanned_pdf_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"page\.pdf` is a scan: 1 pages .*ocrmypdf"):
        list(read_pages(written(tmp_path / "page.pdf", files.pdf(scan=True))))


def test_scanned_pages_among_others_are_named_after_the_text_was_read(tmp_path: Path) -> None:
    pages = read_pages(written(tmp_path / "page.pdf", files.pdf_of_text_and_scan()))
    assert files.TEXT in next(pages).text
    with pytest.raises(InputError, match=r"1 of 2 pages are scans .* \(page 2\)"):
        next(pages)


def test_a_row_of_a_word_table_is_a_line(tmp_path: Path) -> None:
    (page,) = read_pages(written(tmp_path / "page.docx", files.word()))
    assert page.text.split("\n") == [files.TITLE, files.TEXT, "项目 | 金额", "加氢站 | 500万元"]


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_an_entry_of_a_feed_has_the_day_of_its_own_time_zone(tmp_path: Path, name: str) -> None:
    page = next(read_pages(written(tmp_path / name, files.FORMATS[name]())))
    assert (page.published, page.source, page.own_id) == (date(2025, 5, 6), "临江日报", True)
    assert "脚本" not in page.text
    assert "<" not in page.text


def test_an_entry_has_the_same_id_in_two_files_of_one_feed(tmp_path: Path) -> None:
    first, second = (written(tmp_path / name, files.rss()) for name in ("may.rss", "june.xml"))
    assert [page.page_id for page in read_pages(first)] == [page.page_id for page in read_pages(second)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", files.csv_table()),
        ("t.csv", files.csv_table("gb18030")),
        ("t.jsonl", files.json_lines()),
        ("t.json", files.json_array()),
        ("t.json", files.json_lines()),
        ("t.json", b'{"total": 2, "data": ' + files.json_array() + b"}"),
    ],
)
def test_the_columns_of_an_export_are_guessed_by_their_names(tmp_path: Path, name: str, content: bytes) -> None:
    pages = list(read_pages(written(tmp_path / name, content)))
    assert [page.page_id for page in pages] == ["LJ-2025-0001", "LJ-2025-0002"]
    assert {(page.text, page.source, page.published) for page in pages} == {(files.TEXT, "临江日报", date(2025, 5, 6))}


def test_given_columns_are_taken_and_the_others_guessed(tmp_path: Path) -> None:
    rows = [{"k": "a-1", "内容": "不是正文", "原稿": files.TEXT, "标题": "甲"}]
    path = written(tmp_path / "t.json", json.dumps(rows).encode())
    (page,) = read_pages(path, columns=ColumnMapping(id="k", text="原稿"))
    assert (page.page_id, page.text, page.title) == ("a-1", files.TEXT, "甲")


def test_the_configuration_takes_only_columns_that_there_are() -> None:
    assert Settings(columns={"text": "原稿"}).columns == {"text": "原稿"}
    with pytest.raises(ConfigError, match="columns"):
        Settings(columns={"body": "原稿"})  # type: ignore[dict-item]


def test_a_table_without_a_column_of_text_says_what_it_has(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "甲栏,乙栏\n1,2\n".encode())
    with pytest.raises(InputError, match=r"no column that holds the text \(got 甲栏, 乙栏\).*huwen\.toml"):
        list(read_pages(path))


def test_counting_ids_of_two_tables_do_not_meet(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name, f"id,text\n1,{files.TEXT}\n".encode()) for name in ("a.csv", "b.csv"))
    assert [page.page_id for path in (one, two) for page in read_pages(path)] == ["a-1", "b-1"]


def test_a_row_without_an_id_keeps_its_id_when_a_row_is_put_before_it(tmp_path: Path) -> None:
    first = f"title,text\n甲,{files.TEXT}\n"
    path = written(tmp_path / "t.csv", first.encode())
    (page,) = read_pages(path)
    written(path, first.replace("甲", "乙,新的一行。\n甲").encode())
    assert page.page_id in [page.page_id for page in read_pages(path)]


def test_a_repeated_id_in_one_file_is_reported_not_lost_in_silence(tmp_path: Path) -> None:
    pages = read_pages(written(tmp_path / "t.csv", f"id,text\nx-1,{files.TEXT}\nx-1,另一篇。\n".encode()))
    next(pages)
    with pytest.raises(InputError, match=r"1 of 2 records were left out \(number 2\): the same id"):
        next(pages)


def test_one_bad_line_of_json_lines_leaves_the_others(tmp_path: Path) -> None:
    pages = read_pages(written(tmp_path / "t.jsonl", files.json_lines() + b"\n{broken\n[1]\n"))
    assert [next(pages).page_id, next(pages).page_id] == ["LJ-2025-0001", "LJ-2025-0002"]
    with pytest.raises(InputError, match=r"2 of 4 records were left out \(number 3, 4\): not valid JSON"):
        next(pages)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-06-01", date(2025, 6, 1)),
        ("2025年6月1日", date(2025, 6, 1)),
        ("2025/6/1 08:00", date(2025, 6, 1)),
        ("20250601", date(2025, 6, 1)),
        (1748736000, date(2025, 6, 1)),
        (1748736000000, date(2025, 6, 1)),
        ("1748736000", date(2025, 6, 1)),
        ("20251301", None),
        ("昨天", None),
        (True, None),
        (10**400, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_a_field_names_a_day_or_none(value: object, day: date | None) -> None:
    assert day_of(value) == day


def test_files_of_an_archive_are_pages_of_their_own_and_name_their_place(tmp_path: Path) -> None:
    members = {"a/news.txt": files.TEXT.encode(), "b/news.txt": files.ENGLISH.encode(), "t.json": files.json_array()}
    pages = list(read_pages(written(tmp_path / "pack.zip", files.zipped(members))))
    assert [(page.page_id, page.own_id) for page in pages] == [
        ("pack!a/news", False),
        ("pack!b/news", False),
        ("LJ-2025-0001", True),
        ("LJ-2025-0002", True),
    ]
    assert pages[0].source_path == f"{tmp_path}/pack.zip!a/news.txt"


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(tmp_path: Path) -> None:
    inner = files.zipped({"c.txt": files.TEXT.encode(), "deeper.zip": files.zipped({"d.txt": b"text"})})
    pages = read_pages(written(tmp_path / "outer.zip", files.zipped({"in.zip": inner})))
    page = next(pages)
    assert page.source_path.endswith("outer.zip!in.zip!c.txt")
    with pytest.raises(InputError, match=r"outer\.zip!in\.zip!deeper\.zip` is of no known format"):
        next(pages)


def test_names_of_an_archive_from_a_chinese_system_are_whole(tmp_path: Path) -> None:
    raw = files.zipped({"XXXXXXXX.txt": files.TEXT.encode()}).replace(b"XXXXXXXX", "临江新闻".encode("gbk"))
    (page,) = read_pages(written(tmp_path / "p.zip", raw))
    assert page.source_path.endswith("p.zip!临江新闻.txt")
