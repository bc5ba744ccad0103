"""From settings through a server back to citations in articles: the language model as a user gets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.assembly import open_assistant
from rag.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.answer_llm.conftest import Serve, Server, Upstream

ASKED = "2023年上海工业战略性新兴产业总产值占规上工业总产值的比重是多少？"


def settings(index: Path, server: Server) -> Settings:
    return Settings(index=index, llm="openai:m", llm_base_url=server.url, llm_deadline_s=5)


def quoting(upstream: Upstream) -> None:
    """Repeat each passage's sentence that holds 43.9%, with its number, and a lie."""
    prompt = str(upstream.server.seen.requests[-1]["messages"])
    upstream.head()
    for number, text in re.findall(r"\[(\d)\]\\n(.*?)\\n\[\1\]", prompt):
        for sentence in re.findall(r"[^。\\]*43\.9%[^。\\]*。", text):
            upstream.text(*f"{sentence}[{number}]\n")
    upstream.text("2023年的比重是61.7%。[1]")
    upstream.stop()


def silent(upstream: Upstream) -> None:
    upstream.head()
    while True:
        upstream.send(": waiting\n\n")
        upstream.server.seen.hung_up.wait(0.05)


def test_every_citation_quotes_its_article_and_the_stream_is_the_answer(sample_index: Path, serve: Serve) -> None:
    with open_assistant(settings(sample_index, serve(quoting))) as assistant:
        answer = assistant.ask(ASKED)
        stream = assistant.stream(ASKED)
        assert "".join(stream) == answer.text == stream.answer.text
        assert (answer.status, answer.llm) == ("answered", "openai:m")
        assert "43.9%" in answer.text
        assert "61.7%" not in answer.text
        for row in answer.citations:
            assert assistant.article(row.article_id).text[row.start : row.end] == row.quote
    assert {row.label for row in answer.citations} == {row.label for row in answer.passages} - {None}


def test_a_server_that_fails_leaves_the_quoted_answer_and_a_notice(sample_index: Path, serve: Serve) -> None:
    server = serve(lambda upstream: upstream.fail(429, "slow down", Retry_After="100"))
    with open_assistant(settings(sample_index, server)) as assistant:
        answer = assistant.ask(ASKED)
    assert (answer.status, answer.llm) == ("answered", "extractive")
    assert "43.9%" in answer.text
    assert answer.notice is not None
    assert "slow down" in answer.notice


def test_a_reader_who_leaves_a_silent_stream_hangs_up_on_the_server(sample_index: Path, serve: Serve) -> None:
    server = serve(silent)
    with open_assistant(settings(sample_index, server)) as assistant:
        stream = assistant.stream(ASKED)
        while not server.seen.requests:
            server.seen.hung_up.wait(0.01)
        stream.close()
        assert server.seen.hung_up.wait(1.0)
