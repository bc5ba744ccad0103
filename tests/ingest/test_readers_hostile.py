"""Files made to do harm: each is one error with a reason, in bounded memory and time."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from rag.errors import InputError
from rag.ingest.read import read_pages
from rag.ingest.readers.files import MAX_BYTES, MIB
from tests.ingest.formats import written_files as files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What a fresh process that reads one file may use, interpreter included: it or its child, the larger of both.
MEMORY_LIMIT = 4 * MAX_BYTES
MEASURE = """
import resource, sys
from pathlib import Path
from rag.errors import InputError
from rag.ingest.read import read_pages
try:
    for page in read_pages(Path(sys.argv[1])):
        del page
    said = "read"
except InputError as error:
    said = str(error)
status = Path("/proc/self/status")
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if status.exists():  # the figure above begins with what the parent had at the fork
    own = int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(max(own, child) * 1024, said)
"""


def bomb_pdf(size: int) -> bytes:
    stream = zlib.compress(b"BT /F1 9 Tf (x) Tj ET " * (size // 22), 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length " + str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream\n"
        b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def bomb_word(size: int) -> bytes:
    stream = io.BytesIO(files.word())
    changed = io.BytesIO()
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * (size // 6))
            new.writestr(info.filename, content)
    return changed.getvalue()


def many_entries() -> bytes:
    return b"<rss><channel>" + b"<item><title>a</title></item>" * 9_500 + b"</channel></rss>"


BOMBS: dict[str, Callable[[], bytes]] = {
    "wide.txt": lambda: b"a" * (32 * MIB - 4) + "😀".encode(),
    "lists.json": lambda: b"[" + b"[]," * (10 * MIB) + b"[]]",
    "numbers.json": lambda: b'[{"text": [' + b"300," * 900_000 + b"1]}]",
    "objects.json": lambda: b"[" + b'{"text":"a"},' * 20_000 + b'{"text":"b"}]',
    "line.jsonl": lambda: b'{"a": [' + b"[]," * (MIB) + b"1]}",
    "quote.csv": lambda: b'text\n"' + (b"a" * 99 + b"\n") * (MIB // 5),
    "names.csv": lambda: b"text," * (5 * MIB),
    "tags.html": lambda: b"<html><body>" + b"<p>" * 25_000,
    "deep.html": lambda: b"<html><body>" + b"<div>" * 400_000,
    "many.rss": many_entries,
    "bomb.pdf": lambda: bomb_pdf(512 * MIB // 4),
    "bomb.docx": lambda: bomb_word(40 * MIB),
    "zeros.zip": lambda: files.zipped({f"{number}.txt": bytes(8 * MIB) for number in range(4)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_file_takes_more_than_four_times_the_cap(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stderr[-500:]
    used, _, said = done.stdout.partition(" ")
    assert int(used) <= MEMORY_LIMIT, f"{int(used) // MIB} MiB: {said}"
    assert said.startswith(("read", f"`{path}"))


@pytest.mark.parametrize("suffix", ["txt", "json", "jsonl", "csv", "html", "rss", "pdf", "docx", "zip"])
def test_a_line_of_a_gigabyte_is_refused_before_it_is_in_memory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"line.{suffix}"
    with path.open("wb") as file:
        file.truncate(1024**3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError, match="MiB"):
        list(read_pages(path))
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 32 * MIB


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.xml"
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{entities}]><rss><channel>&e8;</channel></rss>'
    )
    with pytest.raises(InputError, match="declares XML entities"):
        list(read_pages(path))


def test_a_word_file_reads_no_other_file_through_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("秘密的话")
    with zipfile.ZipFile(io.BytesIO(files.word())) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    document = parts["word/document.xml"].split(b"?>", 1)[1].replace("补助".encode(), b"&x;")
    parts["word/document.xml"] = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file://' + str(secret).encode() + b'">]>' + document
    path = tmp_path / "page.docx"
    path.write_bytes(files.zipped(parts))
    try:
        text = "".join(page.text for page in read_pages(path))
    except InputError as error:
        text = str(error)
    assert "秘密的话" not in text


def test_names_that_climb_out_of_an_archive_write_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "climb.zip"
    names = [
        "../../out.txt",
        "/etc/out.txt",
        "..\\..\\out.txt",
        "a/../../out.txt",
        "con:out|?.txt",
        f"{'长' * 300}.txt",
    ]
    path.write_bytes(files.zipped({name: files.TEXT.encode() for name in names}))
    before = sorted(tmp_path.rglob("*"))
    try:
        pages = list(read_pages(path))
    except InputError:
        pages = []
    assert sorted(tmp_path.rglob("*")) == before
    assert len({page.page_id for page in pages}) == len(pages)


def test_members_that_cannot_be_read_are_named_and_the_others_read(tmp_path: Path) -> None:
    members = {
        "good.txt": files.TEXT.encode(),
        "photo.jpg": b"\xff\xd8",
        "zero.txt": b"a\0b",
        "__MACOSX/._good.txt": b"\0",
    }
    path = tmp_path / "pack.zip"
    path.write_bytes(files.zipped(members))
    pages = read_pages(path)
    assert next(pages).page_id == "pack!good"
    with pytest.raises(
        InputError, match=r"pack\.zip!photo\.jpg` is of no known format.*pack\.zip!zero\.txt` is not text"
    ):
        next(pages)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}", b"")
    with pytest.raises(InputError, match="holds more than 20,000 files"):
        list(read_pages(path))


def test_a_record_nested_deep_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text('[{"text": ' + "[" * 100_000)
    with pytest.raises(InputError, match="nested too deep"):
        list(read_pages(path))


def test_a_number_of_many_digits_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "digits.json"
    path.write_text('[{"text": "a", "id": ' + "9" * 10_000 + "}]")
    with pytest.raises(InputError, match="is not an export"):
        list(read_pages(path))


def test_scripts_in_the_body_of_a_record_are_not_in_its_text(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    body = f"<p>{files.TEXT}</p><script>alert('脚本')</script><style>p{{}}</style><!-- 注 --><p onclick='点击()'>尾</p>"
    path.write_text(json.dumps([{"id": "a-1", "text": body}]))
    (page,) = read_pages(path)
    assert page.text == f"{files.TEXT}\n尾"


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    raw = bytearray(files.zipped({"a.txt": files.TEXT.encode()}))
    raw[6] |= 1
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"locked\.zip!a\.txt` is locked by a password"):
        list(read_pages(path))
