"""Names of pages and roots, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import InputError
from rag.ingest.identity import article_key, page_names
from rag.ingest.roots import absolute, is_below, merge_roots, scan_root


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/r/a.txt"], ["a"]),
        (["/r/a.txt", "/r/b.txt"], ["a", "b"]),
        (["/r/x/a.txt", "/r/y/a.txt"], ["x/a", "y/a"]),
        (["/r/x/z/a.txt", "/r/y/z/a.txt", "/r/w/a.txt"], ["x/z/a", "y/z/a", "w/a"]),
        (["/r/a.txt", "/r/a.md"], ["a.txt", "a.md"]),
        (["/r/x/a.txt", "/r/x/a.md", "/r/y/a.txt"], ["x/a.txt", "a.md", "y/a"]),
    ],
)
def test_a_page_is_named_by_the_shortest_ending_that_no_other_has(paths: list[str], names: list[str]) -> None:
    assert page_names(paths) == dict(zip(paths, names, strict=True))
    assert page_names(reversed(paths)) == dict(zip(paths, names, strict=True))


def test_an_article_is_recognised_whatever_its_width_case_and_spacing() -> None:
    opening = "第一段说了很多事情，" * 6
    assert article_key("ＧＤＰ 增长", opening) == article_key("gdp增长", f"{opening}后来又加了一句。")
    assert article_key("GDP增长", opening) != article_key("GDP下降", opening)
    assert article_key("简讯", "甲事。") != article_key("简讯", "乙事。")


def test_roots_that_lie_below_another_are_not_remembered() -> None:
    assert merge_roots(["/a/b", "/c"], ["/a", "/a/b/d"]) == ["/a", "/c"]
    assert merge_roots(["/ab"], ["/a"]) == ["/a", "/ab"]
    assert is_below("/a", "/a")
    assert is_below("/a/b", "/a")
    assert is_below("/a/b", "/")
    assert not is_below("/ab", "/a")


def test_dots_in_a_path_are_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute(Path("x/../y")) == tmp_path / "y"


def test_a_scan_lists_files_in_one_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.txt", ".git/x.txt", ".hidden.txt", "z.txt", "a..b/..c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    scan = scan_root(tmp_path, leave_out=tmp_path / "index")
    assert [file.name.removeprefix(f"{tmp_path}/") for file in scan.files] == ["a/1.txt", "b/2.txt", "z.txt"]


def test_a_root_may_be_one_file_and_a_missing_one_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x")
    assert [file.path for file in scan_root(path, leave_out=tmp_path / "index").files] == [path]
    with pytest.raises(InputError, match="not there"):
        scan_root(tmp_path / "b.txt", leave_out=tmp_path / "index")
