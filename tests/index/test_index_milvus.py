"""What is particular to an index in Milvus: generations, crashes, servers that go away, a file that another process has."""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rag.errors import BackendError
from rag.index.milvus import Milvus
from rag.index.open import open_index
from rag.index.portable import export_index, import_index
from rag.index.remove import remove_articles
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.index.write import open_writer
from rag.types import Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.index.manifest import EngineRecord
    from tests.index.conftest import Embed, Put

pytest.importorskip("milvus_lite", reason="needs huwen[milvus]")

NONE = Filters()
PAGES = {f"p{n}": [f"第{n}篇 钢铁 产值 {n * 7}亿元", f"港口 {n} 集装箱"] for n in range(12)}
IN_MILVUS = pytest.mark.parametrize("put", ["milvus"], indirect=True)
ROOT = Path(__file__).resolve().parents[2]


def engine(index: Path) -> EngineRecord:
    from rag.index.layout import Layout
    from rag.index.lease import current_manifest

    record = current_manifest(Layout(index)).engine
    assert record is not None
    return record


def found(index: Path, embed: Embed) -> list[list[str]]:
    with open_index(index) as opened:
        hits = [opened.search_lexical([word], k=50, filters=NONE) for word in ("钢铁", "港口", "产值")]
        hits.append(opened.search_dense(embed(["问题"])[0], k=50, filters=NONE))
    return [[hit.chunk_id for hit in row] for row in hits]


@contextmanager
def milvus_server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [str(Path(sys.executable).with_name("milvus-lite")), "server", "--data-dir", str(folder)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


@IN_MILVUS
def test_old_collections_and_rows_go_when_nobody_reads_them(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    first = engine(index)
    with open_index(index) as old, closing(Milvus(first.uri)) as milvus:
        put(index, {"p1": ["钢铁 很长 " * 40]})
        second = engine(index)
        assert second.collection != first.collection, "the mean length moved too far"
        assert milvus.collections(first.name) == [first.collection, second.collection]
        assert milvus.pointed(first.name) == second.collection
        assert len(old.search_lexical(["港口"], k=50, filters=NONE)) == 12
        put(index, {"p2": ["钢铁 港口"]})
        assert milvus.collections(first.name) == [first.collection, engine(index).collection]
    put(index, {"p3": ["钢铁 港口 产值"]})
    with closing(Milvus(first.uri)) as milvus:
        last = engine(index)
        assert milvus.collections(first.name) == [last.collection]
        assert milvus.count(last.collection, where="key >= 0") == last.documents == 21
    assert verify_index(index) == ()


@IN_MILVUS
def test_a_writer_that_dies_while_it_sends_leaves_nothing_behind(
    index: Path, put: Put, embed: Embed, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(index, PAGES)
    expected = found(index, embed)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Milvus, "flush", die)
        with pytest.raises(KeyboardInterrupt):
            put(index, {"new": ["钢铁 港口 产值"]})
    assert found(index, embed) == expected
    put(index, {}, remove=["new"])
    assert found(index, embed) == expected
    assert verify_index(index) == ()


@IN_MILVUS
def test_what_changes_in_milvus_behind_our_back_is_found_and_repaired(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    expected, record = found(index, embed), engine(index)

    def broken() -> tuple[str, ...]:
        problems = verify_index(index)
        assert problems
        assert repair_index(index).problems == problems
        assert verify_index(index) == ()
        assert found(index, embed) == expected
        return problems

    with closing(Milvus(record.uri)) as milvus:
        milvus.delete(record.collection, where="page == 1")
        assert "Milvus lacks 2 of 24 chunks" in broken()
        record = engine(index)
        (row,) = list(milvus.rows(record.collection, where="key == 3", batch=10))
        milvus.upsert(record.collection, [{**row, "text": "改了"}])
        assert broken() == ("1 rows in Milvus do not match their seals",)
        milvus.drop(engine(index).collection)
        assert "has no collection" in broken()[0]
    next((index / "terms").iterdir()).write_bytes(b"x")
    assert "does not match its checksum" in broken()[0]


@IN_MILVUS
def test_removals_and_backups_work_as_in_a_folder(tmp_path: Path, index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES, source="甲报")
    expected = found(index, embed)
    export_index(index, tmp_path / "backup.huwen")
    assert remove_articles(index, ["p1", "p2"]) == ("p1", "p2")
    assert all("p1@0" not in row for row in found(index, embed))
    import_index(index, tmp_path / "backup.huwen")
    assert found(index, embed) == expected
    import_index(tmp_path / "folder", tmp_path / "backup.huwen")
    assert found(tmp_path / "folder", embed) == expected


@pytest.mark.parametrize("put", ["folder"], indirect=True)
def test_an_index_in_a_folder_moves_to_milvus_without_a_new_vector(
    index: Path, put: Put, embed: Embed, milvus_file: str
) -> None:
    put(index, PAGES)
    expected = found(index, embed)
    with open_writer(index, embedder_identity="hashed/1", dimension=24, milvus=milvus_file) as writer:
        assert writer.waiting == 0
        assert writer.commit() == 2
    assert engine(index).uri == milvus_file
    assert found(index, embed) == expected
    assert not list((index / "vectors").iterdir())
    assert verify_index(index) == ()


@IN_MILVUS
def test_sources_with_any_characters_are_filtered(index: Path, put: Put) -> None:
    name = "\0a\"b\\c' or 1 == 1 -- 甲报"
    put(index, {"a": ["钢铁"]}, source=name)
    put(index, {"b": ["钢铁"]}, source="乙报")
    with open_index(index) as opened:
        hits = opened.search_lexical(["钢铁"], k=9, filters=Filters(source=name))
    assert [hit.chunk_id for hit in hits] == ["a@0"]


@IN_MILVUS
def test_threads_read_while_one_writes(index: Path, put: Put, embed: Embed) -> None:
    put(index, PAGES)
    with open_index(index) as opened, ThreadPoolExecutor(8) as pool:
        expected = opened.search_dense(embed(["问题"])[0], k=20, filters=NONE)
        reads = [pool.submit(opened.search_dense, embed(["问题"])[0], k=20, filters=NONE) for _ in range(40)]
        for number in range(3):
            put(index, {f"new{number}": ["钢铁 港口"]}, remove=[f"p{number}"])
        assert all(read.result() == expected for read in reads)
        assert opened.search_dense(embed(["问题"])[0], k=20, filters=NONE) == expected


@IN_MILVUS
def test_a_second_process_is_told_to_use_a_server(index: Path, put: Put) -> None:
    put(index, PAGES)
    script = (
        "import sys; from pathlib import Path; from rag.index.open import open_index; from rag.types import Filters\n"
        "from rag.errors import IndexBusyError\n"
        "try: open_index(Path(sys.argv[1])).search_lexical(['钢铁'], k=3, filters=Filters())\n"
        "except IndexBusyError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(index)], check=True, capture_output=True, text=True)
    assert "milvus-lite server --data-dir" in done.stdout
    assert "http://127.0.0.1:19530" in done.stdout
    assert done.stderr == ""


def test_a_server_that_goes_away_is_named_and_found_again(
    tmp_path: Path, index: Path, embed: Embed, free_port: int
) -> None:
    from tests.index.conftest import put_pages

    uri = f"http://127.0.0.1:{free_port}"
    with milvus_server(tmp_path / "server", free_port):
        put_pages(index, PAGES, milvus=uri)
        expected = found(index, embed)
        opened = open_index(index)
        assert len(opened.search_lexical(["钢铁"], k=50, filters=NONE)) == 12
    started = time.monotonic()
    with pytest.raises(BackendError, match=f"`{uri}` does not answer"):
        opened.search_lexical(["钢铁"], k=50, filters=NONE)
    with pytest.raises(BackendError, match="start it"):
        put_pages(index, {"new": ["钢铁"]}, milvus=uri)
    with pytest.raises(BackendError, match="does not answer"):
        repair_index(index)
    assert time.monotonic() - started < 40
    with pytest.raises(BackendError, match="does not answer"):
        opened.searched_in()
    with milvus_server(tmp_path / "server", free_port):
        assert opened.searched_in().startswith(f"Milvus at {uri}, 24 chunks")
        assert len(opened.search_lexical(["钢铁"], k=50, filters=NONE)) == 12
        opened.close()
        put_pages(index, {}, remove=["new"], milvus=uri)
        assert found(index, embed) == expected
        assert verify_index(index) == ()


WRITER = """
import sys
from pathlib import Path
from tests.index.conftest import put_pages
index, uri = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for step in range(1000):
    put_pages(index, {f"k{step % 7}": [f"钢铁 {step} 号", "港口"]}, remove=[f"k{(step + 3) % 7}"], milvus=uri)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_index(tmp_path: Path, index: Path, free_port: int) -> None:
    from tests.index.conftest import put_pages

    uri, draw = f"http://127.0.0.1:{free_port}", random.Random(5)
    with milvus_server(tmp_path / "server", free_port):
        put_pages(index, PAGES, milvus=uri)
        for _ in range(3):
            command = [sys.executable, "-c", WRITER, str(index), uri]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(draw.uniform(1.0, 2.0))
                process.kill()
            with open_index(index) as opened:
                assert len(opened.search_lexical(["集装"], k=50, filters=NONE)) == 12
            put_pages(index, {"after": ["钢铁"]}, milvus=uri)
            assert verify_index(index) == ()


def test_a_file_without_its_folder_is_a_matter_of_configuration(tmp_path: Path, index: Path) -> None:
    from rag.errors import ConfigError
    from tests.index.conftest import put_pages

    with pytest.raises(ConfigError, match="not exists"):
        put_pages(index, PAGES, milvus=str(tmp_path / "nowhere" / "x.db"))
