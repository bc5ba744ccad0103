"""What is particular to a store in PostgreSQL: machines that share it, crashes, a server that goes away, damage."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from rag.assembly import open_assistant, sync_index
from rag.config import Settings
from rag.errors import (
    BackendError,
    ConfigError,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from rag.index.open import open_index
from rag.index.portable import export_index, import_index
from rag.index.postgres import PostgresConnection, connect_postgres, translated
from rag.index.repair import repair_index
from rag.index.verify import verify_index
from rag.index.write import open_writer
from rag.types import Filters
from tests.conftest import ROOT
from tests.index.conftest import MODEL, put_pages
from tests.postgres import postgres_server, schema_for
from tests.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.index.conftest import Embed

NONE = Filters()
PAGES = {f"p{n}": [f"第{n}篇 钢铁 产值 {n * 7}亿元", f"港口 {n} 集装箱"] for n in range(12)}


@pytest.fixture
def store(postgres: str, index: Path) -> str:
    """The address of a store of its own."""
    return f"{postgres}#{schema_for(index)}"


def rows(store: str) -> closing[PostgresConnection]:
    return closing(connect_postgres(store))


def found(index: Path, embed: Embed, *, store: str | None = None) -> list[list[str]]:
    with open_index(index, store=store) as opened:
        hits = [opened.search_lexical([word], k=50, filters=NONE) for word in ("钢铁", "港口", "产值")]
        hits.append(opened.search_dense(embed(["问题"])[0], k=50, filters=NONE))
    return [[hit.chunk_id for hit in row] for row in hits]


def test_a_machine_that_has_never_searched_adds_to_the_generation_that_is_there(
    tmp_path: Path, index: Path, store: str, embed: Embed, milvus_file: str
) -> None:
    def generation() -> str:
        with rows(store) as connection:
            row = connection.execute("SELECT body FROM manifests ORDER BY revision DESC").fetchone()
        return str(json.loads(bytes(row[0]))["engine"]["collection"])

    put_pages(index, PAGES, store=store, milvus=milvus_file)
    before, other = generation(), tmp_path / "other machine"
    with open_writer(other, embedder_identity=MODEL, dimension=24, store=store) as writer:
        writer.remove_page("p3")
        writer.commit()
        assert writer.notes == []
    assert generation() == before
    assert found(other, embed) == found(index, embed)


def test_a_machine_with_an_empty_folder_reads_what_another_one_wrote(
    tmp_path: Path, index: Path, store: str, embed: Embed, milvus_file: str
) -> None:
    put_pages(index, PAGES, store=store, milvus=milvus_file)
    expected = found(index, embed)
    assert not (index / "manifest.json").exists()
    assert not (index / "store.sqlite").exists()
    other = tmp_path / "other machine"
    assert found(other, embed, store=store) == expected
    assert found(other, embed) == expected, "its folder remembers the store"
    put_pages(other, {"new": ["钢铁 港口"]})
    shutil.rmtree(index)
    assert "new@0" in found(index, embed, store=store)[0]
    assert verify_index(index) == verify_index(other) == ()


def test_a_revision_stays_while_any_machine_reads_it(index: Path, store: str) -> None:
    put_pages(index, PAGES, store=store)
    with open_index(index) as old:
        put_pages(index, {"p1": ["改了"]}, remove=["p2"])
        put_pages(index, {"p3": ["也改了"]})
        with rows(store) as connection:
            assert connection.execute("SELECT revision FROM manifests ORDER BY revision").fetchall() == [(1,), (3,)]
        assert old.article("p1").text.startswith("第1篇")
        assert len(old.search_lexical(["港口"], k=50, filters=NONE)) == 12
    put_pages(index, {"p4": ["又改了"]})
    with rows(store) as connection:
        assert connection.execute("SELECT revision FROM manifests").fetchall() == [(4,)]
        assert connection.execute("SELECT count(*) FROM pages WHERE removed IS NOT NULL").fetchone() == (0,)


def test_one_machine_writes_at_a_time(tmp_path: Path, index: Path, store: str) -> None:
    with (
        open_writer(index, embedder_identity=MODEL, dimension=24, store=store),
        pytest.raises(IndexBusyError, match="is being written by another process"),
    ):
        put_pages(tmp_path / "other", PAGES, store=store)
    put_pages(tmp_path / "other", PAGES, store=store)


def test_a_machine_that_lacks_the_parts_to_search_is_told_where_they_are(
    tmp_path: Path, index: Path, store: str
) -> None:
    put_pages(index, PAGES, store=store)
    with pytest.raises(IndexMissingError, match="search in Milvus"):
        open_index(tmp_path / "other", store=store)


WRITER = """
import sys
from pathlib import Path
from tests.index.conftest import put_pages
index, store = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for step in range(1000):
    put_pages(index, {f"k{step % 7}": [f"钢铁 {step} 号", "港口"]}, remove=[f"k{(step + 3) % 7}"], store=store)
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_index(index: Path, store: str) -> None:
    draw = random.Random(5)
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(index), store]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(draw.uniform(0.05, 0.5))
            process.kill()
        with rows(store) as connection:
            is_published = connection.execute("SELECT to_regclass('manifests') IS NOT NULL").fetchone()[0]
            if is_published and connection.execute("SELECT count(*) FROM manifests").fetchone()[0]:
                assert verify_index(index) == ()
        put_pages(index, {"after": ["钢铁"]}, store=store)
        assert verify_index(index) == ()


def test_a_store_whose_tables_are_half_made_is_no_index_yet(index: Path, store: str) -> None:
    with closing(connect_postgres(store, make=True)) as connection:
        connection.execute("DROP TABLE manifests")
        connection.execute("DROP TABLE parts")
    with pytest.raises(IndexMissingError):
        open_index(index, store=store)
    put_pages(index, PAGES, store=store)
    assert verify_index(index) == ()


def test_two_servers_answer_while_one_machine_syncs(tmp_path: Path, postgres: str) -> None:
    import httpx2 as httpx

    store = f"{postgres}#{schema_for(tmp_path)}"
    settings = Settings(index=tmp_path / "index", store=store)
    articles = tmp_path / "articles"
    shutil.copytree(ROOT / "samples" / "articles", articles)
    sync_index(settings, [articles], progress=lambda _: None)
    with serving(settings) as one, serving(settings) as two:
        for number in range(2):
            (articles / f"新{number}.md").write_text(
                f"# 江湾第{number}号通告\n\n江湾第{number}号码头于2031年完工。\n", "utf-8"
            )
            sync_index(settings, [articles], progress=lambda _: None)
            for port in (one, two):
                asked = {"question": f"江湾第{number}号码头何时完工？"}
                reply = httpx.post(f"http://127.0.0.1:{port}/api/ask", json=asked, timeout=30).json()
                assert "2031年" in reply["answer"], reply


def test_rows_that_changed_behind_our_back_are_found_and_repaired(index: Path, store: str, embed: Embed) -> None:
    put_pages(index, PAGES, store=store)
    expected = found(index, embed)
    with rows(store) as connection:
        connection.execute("UPDATE articles SET text = 'x' WHERE article_id = 'p1'")
    with pytest.raises(IndexDamagedError, match="does not match its seal"), open_index(index) as opened:
        opened.article("p1")
    assert any("does not match its seal" in line for line in verify_index(index))
    repair = repair_index(index)
    assert [b'"p1"' in raw for raw in repair.raws] == [True]
    assert verify_index(index) == ()
    put_pages(index, {"p1": PAGES["p1"]})
    with rows(store) as connection:
        connection.execute("UPDATE manifests SET body = 'x'")
    assert len(verify_index(index)) == 1
    assert repair_index(index).problems == ("the manifest is lost or damaged",)
    assert verify_index(index) == ()
    assert [set(row) for row in found(index, embed)] == [set(row) for row in expected]


def test_backups_go_from_files_to_postgresql_and_back(tmp_path: Path, index: Path, store: str, embed: Embed) -> None:
    put_pages(index, PAGES, source="甲报", store=store)
    expected = found(index, embed)
    export_index(index, tmp_path / "backup.huwen")
    import_index(tmp_path / "files", tmp_path / "backup.huwen")
    assert found(tmp_path / "files", embed) == expected
    import_index(tmp_path / "again", tmp_path / "backup.huwen", store=f"{store}_2")
    assert found(tmp_path / "again", embed) == expected
    put_pages(index, {}, remove=["p1"])
    import_index(index, tmp_path / "backup.huwen")
    assert found(index, embed) == expected


def test_a_server_that_goes_away_is_named_and_found_again(index: Path, embed: Embed) -> None:
    with postgres_server() as server:
        store = f"{server.address}#{schema_for(index)}"
        put_pages(index, PAGES, store=store)
        expected = found(index, embed)
        with open_index(index) as opened:
            assert opened.article("p1").title == "题 p1"
            server.stop()
            with pytest.raises(BackendError, match=f"127.0.0.1:{server.port}/.*does not answer"):
                opened.article("p1")
            with pytest.raises(BackendError, match="start it"):
                put_pages(index, {"new": ["钢铁"]})
            server.start()
            assert opened.article("p1").title == "题 p1"
        assert found(index, embed) == expected
        assert verify_index(index) == ()


def test_passwords_are_in_no_message_and_in_a_file_of_the_owner(index: Path, postgres: str) -> None:
    store = postgres.replace("postgres@", "postgres:s3cret@") + f"#{schema_for(index)}"
    put_pages(index, PAGES, store=store)
    assert (index / "store.json").stat().st_mode & 0o777 == 0o600
    with open_writer(index, embedder_identity=MODEL, dimension=24), pytest.raises(IndexBusyError) as caught:
        put_pages(index, PAGES)
    assert "s3cret" not in str(caught.value)
    (index / "store.json").write_text('{"store": "postgresql://elsewhere"}', "utf-8")
    with pytest.raises(IndexDamagedError, match=r"delete it and set `store`"):
        open_index(index)


def test_a_folder_with_an_index_of_its_own_is_not_pointed_elsewhere(index: Path, store: str) -> None:
    put_pages(index, PAGES)
    with pytest.raises(IndexMismatchError, match="huwen index export"):
        put_pages(index, PAGES, store=store)


def test_texts_that_postgresql_does_not_take_come_back_as_they_were(index: Path, store: str) -> None:
    lines = ["钢铁\0产值", "\U0010ffff0 港口 \U0010ffff\0", "plain"]
    put_pages(index, {"odd": lines}, source="甲\0报", store=store)
    with open_index(index) as opened:
        assert opened.article("odd").text == "\n".join(lines)
        assert opened.article("odd").source == "甲\0报"
        hits = opened.search_lexical(["港口"], k=5, filters=Filters(source="甲\0报"))
    assert [hit.chunk_id for hit in hits] == ["odd@1"]
    assert verify_index(index) == ()


def test_an_empty_database_and_a_bad_name_say_what_to_do(index: Path, store: str, postgres: str) -> None:
    with pytest.raises(IndexMissingError, match="huwen index sync"):
        open_index(index, store=store)
    with pytest.raises(ConfigError, match="cannot name an index"):
        open_index(index.with_name("bad"), store=f'{postgres}#a"b')


def test_answers_are_those_of_files(tmp_path: Path, sample_index: Path, postgres: str) -> None:
    settings = Settings(index=tmp_path / "index", store=f"{postgres}#{schema_for(tmp_path)}")
    sync_index(settings, [ROOT / "samples" / "articles"], progress=lambda _: None)
    question = "2023年上海战略性新兴产业产值占比是多少？"
    with open_assistant(settings) as there, open_assistant(Settings(index=sample_index)) as here:
        mine, theirs = here.ask(question), there.ask(question)
    assert (theirs.text, theirs.citations, theirs.passages) == (mine.text, mine.citations, mine.passages)


def test_statements_are_translated_by_few_rules() -> None:
    assert translated("SELECT a FROM x x CROSS JOIN y y ON y.k = x.k WHERE a > ? AND b = :name") == (
        "SELECT a FROM x x JOIN y y ON y.k = x.k WHERE a > %s AND b = %(name)s"
    )
    assert translated("INSERT OR REPLACE INTO raws (page, body, seal) VALUES (?, ?, ?)") == (
        "INSERT INTO raws (page, body, seal) VALUES (%s, %s, %s) "
        "ON CONFLICT (page) DO UPDATE SET body = EXCLUDED.body, seal = EXCLUDED.seal"
    )
