"""What happens to an index around its searches: revisions, leases, damage, repair, removal, backups."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from typing import TYPE_CHECKING

import pytest

from rag.errors import (
    HuwenError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    InputError,
    NotFoundError,
    UsageError,
)
from rag.index.open import open_index
from rag.index.portable import export_index, import_index
from rag.index.remove import remove_articles
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.index.write import open_existing
from rag.types import Filters

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import Embed, Put

NONE = Filters()
# Of what only an index has that is searched in its folder.
IN_FOLDER = pytest.mark.parametrize("put", ["folder"], indirect=True)
# Of what lies in the folder, not in a database.
IN_FILES = pytest.mark.parametrize("put", ["folder", "milvus"], indirect=True)
PAGES = {f"p{n}": [f"第{n}篇 钢铁 产值 {n * 7}亿元", f"港口 {n} 集装箱"] for n in range(12)}


def answers(index: Path, embed: Embed) -> dict[str, object]:
    """Everything that an index can say about these pages."""
    with open_index(index) as opened:
        lexical = [opened.search_lexical([word], k=50, filters=NONE) for word in ("钢铁", "港口", "产值")]
        dense = opened.search_dense(embed(["问题"])[0], k=50, filters=NONE)
        chunks = opened.chunks([hit.chunk_id for hit in dense])
        status = opened.status()
        return {
            "lexical": lexical,
            "dense": dense,
            "chunks": chunks,
            "articles": opened.page_articles(""),
            "counts": (status.pages, status.articles, status.chunks, status.newest, status.roots, status.flags),
        }


def files_of(index: Path) -> list[Path]:
    return sorted(path for path in index.rglob("*") if path.is_file() and path.stat().st_size > 0)


def test_a_reader_keeps_its_revision_while_a_writer_goes_on(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    before = answers(index, embed)
    with open_index(index) as pinned:
        for number in range(6):
            put(index, {f"n{number}": ["新的 钢铁"], "p1": [f"改了 {number}"]}, remove=[f"p{number + 2}"])
        assert pinned.revision == 1
        assert pinned.page_articles("") == before["articles"]
        assert pinned.search_lexical(["钢铁"], k=50, filters=NONE) == before["lexical"][0]  # type: ignore[index]
        assert pinned.search_dense(embed(["问题"])[0], k=50, filters=NONE) == before["dense"]
    with open_index(index) as newest:
        assert newest.revision == 7


@IN_FOLDER
def test_old_parts_and_rows_go_when_nobody_reads_them(index: Path, put: Put) -> None:
    put(index, PAGES)
    with open_index(index):
        put(index, {"p1": ["改了"]})
        assert len(list((index / "lexical").iterdir())) == 2
    put(index, {"p2": ["改了"]})
    assert len(list((index / "lexical").iterdir())) == 1
    assert len(list((index / "leases").iterdir())) == 1
    with sqlite3.connect(index / "store.sqlite") as store:
        assert store.execute("SELECT COUNT(*) FROM pages WHERE removed IS NOT NULL").fetchone() == (0,)
        assert store.execute("SELECT COUNT(*) FROM vectors").fetchone() == (24 - 2,)
    store.close()
    assert verify_index(index) == ()


@IN_FOLDER
def test_many_small_revisions_keep_few_segments(index: Path, put: Put) -> None:
    for number in range(16):
        put(index, {f"p{number}": [f"第{number}篇"]})
    with open_index(index) as opened:
        assert len(opened._lease.manifest.segments) <= 4
    assert verify_index(index) == ()


def test_a_missing_index_names_the_command_that_makes_one(index: Path) -> None:
    with pytest.raises(IndexMissingError, match="huwen index sync PATH --index"):
        open_index(index)
    with pytest.raises(IndexMissingError):
        verify_index(index)
    with pytest.raises(IndexMissingError):
        repair_index(index)
    with pytest.raises(IndexMissingError):
        open_existing(index)


@IN_FILES
def test_another_format_is_a_mismatch(index: Path, put: Put) -> None:
    put(index, PAGES)
    manifest = index / "manifest.json"
    body = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(body | {"format": 99}), "utf-8")
    with pytest.raises(IndexMismatchError, match="format `99`"):
        open_index(index)


@IN_FILES
def test_a_damaged_manifest_is_said_and_repaired(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    before = answers(index, embed)
    (index / "manifest.json").write_bytes(b"{}")
    with pytest.raises(IndexDamagedError, match="huwen index repair"):
        open_index(index)
    assert verify_index(index)
    assert repair_index(index).problems
    assert answers(index, embed) == before


def test_a_whole_index_is_verified_and_left_alone_by_repair(index: Path, put: Put) -> None:
    put(index, PAGES)
    assert verify_index(index) == ()
    repair = repair_index(index)
    assert (repair.problems, repair.revision, repair.raws) == ((), 1, ())


@IN_FILES
def test_flipped_bits_are_found_before_use_and_repair_brings_the_answers_back(
    tmp_path: Path, index: Path, put: Put, embed: Embed
) -> None:
    put(index, PAGES)
    expected = answers(index, embed)
    draw = random.Random(5)
    for path in files_of(index):
        for _ in range(8 if path.suffix in {".sqlite", ".seg"} else 1):
            copy = tmp_path / "copy"
            shutil.copytree(index, copy)
            place = draw.randrange(path.stat().st_size * 8)
            data = bytearray((copy / path.relative_to(index)).read_bytes())
            data[place // 8] ^= 1 << place % 8
            (copy / path.relative_to(index)).write_bytes(data)
            _check_damage(copy, expected, embed, what=f"{path.relative_to(index)} bit {place}")
            shutil.rmtree(copy)


@IN_FOLDER
def test_truncated_files_are_found_and_repaired(tmp_path: Path, index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    expected = answers(index, embed)
    draw = random.Random(6)
    for path in files_of(index):
        for _ in range(3 if path.suffix == ".sqlite" else 1):
            copy = tmp_path / "copy"
            shutil.copytree(index, copy)
            length = draw.randrange(path.stat().st_size)
            os.truncate(copy / path.relative_to(index), length)
            _check_damage(copy, expected, embed, what=f"{path.relative_to(index)} cut to {length}")
            shutil.rmtree(copy)


def _check_damage(copy: Path, expected: dict[str, object], embed: Embed, *, what: str) -> None:
    try:
        problems = verify_index(copy)
    except HuwenError as error:
        problems = (str(error),)
    try:
        found = answers(copy, embed)
    except HuwenError:
        assert problems, what
        found = expected
    if found != expected:
        assert problems, what
    if problems:
        repair = repair_index(copy)
        assert verify_index(copy) == (), what
        after = answers(copy, embed)
        if repair.raws or repair.lost:
            # Only a sync or the splitter can bring these back; what is there is as it was.
            articles = [row for row in expected["articles"] if row in after["articles"]]  # type: ignore[attr-defined, operator]
            assert after["articles"] == articles, what
            assert len(articles) + len(repair.raws) + repair.lost == 12, what
        else:
            assert {**after, "counts": None} == {**expected, "counts": None}, what


def test_removing_by_id_and_by_source_takes_everything_out_in_one_revision(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    put(index, {"s1": ["机密 钢铁"], "s2": ["机密 港口"]}, source="丙报")
    assert remove_articles(index, ["p3"], source="丙报") == ("p3", "s1", "s2")
    with open_index(index) as opened:
        assert opened.revision == 3
        assert not opened.search_lexical(["机密"], k=9, filters=NONE)
        assert opened.status().pages == 11
        with pytest.raises(NotFoundError):
            opened.article("s1")
    assert verify_index(index) == ()
    for path in files_of(index):
        assert "机密 钢铁".encode() not in path.read_bytes(), path


def test_removing_what_is_not_there_removes_nothing(index: Path, put: Put) -> None:
    put(index, PAGES)
    with pytest.raises(NotFoundError, match="`nope`"):
        remove_articles(index, ["p1", "nope"])
    with pytest.raises(NotFoundError, match="`无报`"):
        remove_articles(index, [], source="无报")
    with pytest.raises(UsageError):
        remove_articles(index, [])
    with open_index(index) as opened:
        assert (opened.revision, opened.status().pages) == (1, 12)


@IN_FOLDER
def test_a_backup_restores_the_same_answers_into_an_empty_folder(
    tmp_path: Path, index: Path, put: Put, embed: Embed
) -> None:
    put(index, PAGES, source="甲报")
    expected = answers(index, embed)
    backup = tmp_path / "backup.huwen"
    with open_index(index):
        assert export_index(index, backup) == 1
    assert import_index(tmp_path / "other", backup) == 1
    assert answers(tmp_path / "other", embed) == expected
    assert verify_index(tmp_path / "other") == ()


def test_a_backup_replaces_what_an_index_holds_in_one_revision(
    tmp_path: Path, index: Path, put: Put, embed: Embed
) -> None:
    put(index, PAGES)
    expected = answers(index, embed)
    export_index(index, tmp_path / "b")
    put(index, {"p1": ["改了"], "x": ["新的"]}, remove=["p2"])
    assert import_index(index, tmp_path / "b") == 3
    assert answers(index, embed) == expected
    assert verify_index(index) == ()


def test_a_damaged_backup_changes_nothing(tmp_path: Path, index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    backup = tmp_path / "b"
    export_index(index, backup)
    data = bytearray(backup.read_bytes())
    data[data.index("集装箱".encode())] ^= 1
    backup.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        import_index(index, backup)
    with pytest.raises(InputError, match="no file"):
        import_index(index, tmp_path / "none")
    (tmp_path / "text").write_text("no backup")
    with pytest.raises(InputError):
        import_index(index, tmp_path / "text")
    with open_index(index) as opened:
        assert opened.revision == 1


def test_groups_belong_to_their_revision_and_forget_what_was_removed(tmp_path: Path, index: Path, put: Put) -> None:
    def group(*groups: tuple[str, ...]) -> None:
        with open_existing(index) as writer:
            writer.set_groups(groups)
            writer.commit()

    put(index, PAGES)
    group(("p1", "p2", "p3"), ("p5", "p4"))
    with open_index(index) as before:
        group(("p1", "p2"), ("p6", "p7"))
        assert before.status().groups == (("p1", "p2", "p3"), ("p4", "p5"))
        assert before.duplicates(["p2", "p9"]) == {"p2": ("p1", "p3")}
    export_index(index, tmp_path / "b")
    remove_articles(index, ["p7"])
    with open_index(index) as after:
        assert after.status().groups == (("p1", "p2"),)
        assert after.duplicates(["p6", "p2"]) == {"p2": ("p1",)}
    import_index(index, tmp_path / "b")
    with open_index(index) as restored:
        assert restored.status().groups == (("p1", "p2"), ("p6", "p7"))
    assert verify_index(index) == ()
    revision = open_index(index)
    group(("p1", "p2"), ("p6", "p7"))
    with revision, open_index(index) as same:
        assert same.revision == revision.revision


@IN_FOLDER
def test_a_missing_part_is_rebuilt_by_the_next_commit(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    expected = answers(index, embed)
    shutil.rmtree(index / "lexical")
    (index / "vectors" / "000001.seg").unlink()
    with pytest.raises(IndexDamagedError):
        answers(index, embed)
    with open_existing(index) as writer:
        writer.remove_page("p1")
        writer.commit()
        assert len(writer.notes) == 2
        assert all("built anew" in note for note in writer.notes)
    put(index, {"p1": PAGES["p1"]})
    assert {**answers(index, embed), "articles": 0} == {**expected, "articles": 0}
    assert verify_index(index) == ()


def test_a_copy_without_leases_is_read(tmp_path: Path, index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    expected = answers(index, embed)
    shutil.copytree(index, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "leases")
    assert answers(tmp_path / "copy", embed) == expected
