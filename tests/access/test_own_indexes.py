"""A key sees its own indexes, and nothing tells it that there are others; `bench/access_leaks.py` asks 10,000 times."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING
from urllib.parse import quote

from api.http.plan import Plan
from tests.access.conftest import ARTICLES, SHARED, guarded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.config import Settings
    from tests.access.conftest import Client

QUERIES = 150
OWN = {"anna": "harbour", "bela": "islands"}
# What stands in the articles of an index and in no other.
WORDS = {"harbour": ("望潮", "码头", "pier-"), "islands": ("芦汀", "灯塔", "light-")}


def questions(seed: int, count: int) -> list[str]:
    """Questions of pieces that the articles of both indexes hold, so that a leak would match well."""
    chance = random.Random(seed)
    text = SHARED + "".join(text for articles in ARTICLES.values() for text in articles.values())
    found = []
    for _ in range(count):
        pieces = [text[at : at + chance.randint(2, 12)] for at in (chance.randrange(len(text) - 12) for _ in range(3))]
        found.append("".join(pieces).strip() or SHARED)
    return found


def leaked(text: str, *, asked: str, index: str) -> list[str]:
    """Return words of the other indexes that an answer holds and the question does not."""
    return [
        word for other, words in WORDS.items() if other != index for word in words if word in text and word not in asked
    ]


def requests(asked: str) -> list[tuple[str, object]]:
    return [
        ("/api/search", {"question": asked, "top_k": 50}),
        ("/api/ask", {"question": asked}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": asked}]}),
    ]


def test_random_questions_never_get_a_passage_a_title_or_a_count_of_another_index(two: Client) -> None:
    for number, asked in enumerate(questions(7, QUERIES)):
        path, body = requests(asked)[number % 3]
        for key, index in OWN.items():
            got = two.post(path, body, key=key)  # type: ignore[arg-type]
            assert got.status in (200, 400)
            assert not leaked(got.body.decode(), asked=asked, index=index)


def test_what_a_key_gets_is_what_it_would_get_if_there_were_no_other_index(
    two: Client, two_indexes: dict[str, Settings]
) -> None:
    with guarded(Plan(indexes={"harbour": two_indexes["harbour"]}, grace_s=3), {"anna": ""}) as alone:
        for asked in questions(11, 30):
            for path, body in requests(asked)[:2]:
                both = two.post(path, body, key="anna")  # type: ignore[arg-type]
                one = alone.send("POST", path, body=json.dumps(body).encode())
                assert without_times(both.json) == without_times(one.json)


def without_times(form: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in form.items() if name != "timings_ms"}


def test_another_index_looks_like_one_that_is_not_there(two: Client) -> None:
    for path in ("/api/status", "/api/articles/light-1", "/openapi.json", "/metrics", "/readyz", "/", "", "/mcp"):
        there, nowhere = two.get(f"/i/islands{path}", key="anna"), two.get(f"/i/nowhere{path}", key="anna")
        assert (there.status, there.body) == (nowhere.status, nowhere.body) == (404, nowhere.body)


def test_names_that_come_near_to_another_index_open_nothing(two: Client) -> None:
    for name in (
        "Islands",
        "islands ",
        "islands%00",
        "%69slands/../islands",
        "harbour/../islands",
        "islands.",
        "*",
        "",
        ".",
        "..",
    ):
        got = two.get(f"/i/{name.replace(' ', '%20')}/api/articles/light-1", key="anna")
        assert got.status == 404
        assert "灯塔" not in got.body.decode()


def test_articles_status_metrics_and_description_are_those_of_the_own_index(two: Client) -> None:
    assert two.get("/api/articles/pier-1", key="anna").status == 200
    assert two.get("/api/articles/light-1", key="anna").status == 404
    assert two.get(f"/api/articles/{quote('../islands/light-1', safe='')}", key="anna").status == 404
    assert two.get("/api/status", key="anna").json["articles"] == len(ARTICLES["harbour"])
    for path in ("/api/status", "/metrics", "/openapi.json", "/readyz", "/"):
        assert "islands" not in two.get(path, key="anna").body.decode()


def test_counters_of_one_index_do_not_move_with_questions_to_another(two: Client) -> None:
    before = two.get("/metrics", key="bela").body.decode()
    for _ in range(3):
        two.post("/api/ask", {"question": "码头总投资多少？"}, key="anna")
    after = two.get("/metrics", key="bela").body.decode()
    assert answers(before) == answers(after)


def answers(metrics: str) -> list[str]:
    return [line for line in metrics.splitlines() if line.startswith("huwen_answers_total")]


def test_a_key_of_two_indexes_reaches_both_by_name_and_the_first_by_the_plain_path(two: Client) -> None:
    assert two.get("/i/harbour/api/articles/pier-1", key="cora").status == 200
    assert two.get("/i/islands/api/articles/light-1", key="cora").status == 200
    assert two.get("/api/articles/pier-1", key="cora").status == 200
    assert two.get("/api/articles/light-1", key="cora").status == 404


def test_the_page_and_the_protocol_work_below_the_name_of_an_index(two: Client) -> None:
    assert two.get("/i/harbour", key="anna").headers["location"].endswith("/i/harbour/")
    page = two.get("/i/harbour/", key="anna")
    assert page.status == 200
    assert b'src="app.js"' in page.body
    assert two.get("/i/harbour/app.js", key="anna").status == 200
    assert two.get("/i/harbour/openapi.json", key="anna").json["servers"] == [{"url": "/i/harbour"}]
    body = {"messages": [{"role": "user", "content": "望潮区1号码头总投资多少？"}]}
    assert two.post("/i/harbour/v1/chat/completions", body, key="anna").json["citations"]
