"""The web page's files: where they come from, what they may load, and how much they weigh."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api.http.page import STATIC

if TYPE_CHECKING:
    from tests.http.conftest import Server

FILES = sorted(STATIC.iterdir())


def test_the_page_is_served_at_the_root(server: Server) -> None:
    reply = server.get("/")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/html")
    assert "沪问" in reply.body.decode()


def test_every_response_forbids_what_the_page_does_not_need(server: Server) -> None:
    for path in ("/", "/app.js", "/api/status", "/nothing"):
        policy = server.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert server.get(path).headers["x-content-type-options"] == "nosniff"


def test_every_file_that_the_page_names_is_there(server: Server) -> None:
    for file in FILES:
        for path in re.findall(r'(?:src|href)="(/[^"]+)"', file.read_text("utf-8")):
            assert server.get(path).status == 200
        for name in re.findall(r'from "\./([^"]+)"', file.read_text("utf-8")):
            assert server.get(f"/{name}").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_file_loads_from_elsewhere_or_reads_markup(file: object) -> None:
    text = STATIC.joinpath(str(file)).read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|<style|style=\"", text)
    assert set(re.findall(r"https?://[^\s\"'`)]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_the_page_weighs_less_than_100_kb() -> None:
    assert sum(file.stat().st_size for file in FILES) < 100_000


def test_both_languages_have_the_same_words() -> None:
    table = (STATIC / "words.js").read_text("utf-8").split("  zh: {")[1].split("let lang")[0]
    chinese, english = (re.findall(r"(?:^|[{,])\s*(\w+):", half, re.MULTILINE) for half in table.split("  en: {"))
    assert chinese == english
    assert len(chinese) > 40
