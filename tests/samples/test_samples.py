"""The samples are what their README says: formats, counts, and questions whose key points stand in their gold pages."""

from __future__ import annotations

import html
import json
import unicodedata
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
ARTICLES = SAMPLES / "articles"
EXPORT = ARTICLES / "hushang-observer.json"
KEYS = ["文章标识符aid", "标题title", "链接url", "时间time", "公众号名称", "finalContent"]
FOOTER = "沪上产业观察原创整理，转载请写明出处"


def records() -> list[dict[str, str]]:
    loaded: list[dict[str, str]] = json.loads(EXPORT.read_text("utf-8"))
    return loaded


def questions() -> list[dict[str, object]]:
    return [json.loads(line) for line in (SAMPLES / "questions.jsonl").read_text("utf-8").splitlines()]


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", html.unescape(text)).split()).casefold()


def pages() -> dict[str, str]:
    exported = {row[KEYS[0]]: f"{row[KEYS[1]]}\n{row[KEYS[5]]}" for row in records()}
    files = {path.stem: path.read_text("utf-8") for path in ARTICLES.iterdir() if path != EXPORT}
    return {page: folded(text) for page, text in (exported | files).items()}


def groups(value: object) -> list[list[str]]:
    assert isinstance(value, list)
    return [[row] if isinstance(row, str) else row for row in value]


def test_the_export_has_the_keys_and_the_only_separator_of_a_real_one() -> None:
    rows = records()
    assert len(rows) >= 14
    assert all(list(row) == KEYS for row in rows)
    assert len({row["文章标识符aid"] for row in rows}) == len(rows)
    assert not any("\n" in row["finalContent"] for row in rows)
    assert all("\r" in row["finalContent"] for row in rows)


def test_the_export_has_the_entities_repost_and_footer_of_a_real_one() -> None:
    bodies = [row["finalContent"] for row in records()]
    assert all(FOOTER in body for body in bodies)
    assert any("&nbsp;" in body for body in bodies)
    assert any("&lt;" in body for body in bodies)
    assert any("转载自：" in body for body in bodies)


def test_exactly_one_record_has_no_body_but_the_footer() -> None:
    empty = [row["标题title"] for row in records() if row["finalContent"].strip() == FOOTER]
    assert len(empty) == 1


def test_every_other_record_has_between_100_and_500_characters() -> None:
    sizes = [len(folded(row["finalContent"].replace(FOOTER, ""))) for row in records()]
    assert [size for size in sizes if size and not 100 <= size <= 500] == []


def test_there_are_at_least_24_articles() -> None:
    stories = sum(path.read_text("utf-8").count("■本报记者") for path in ARTICLES.glob("*-page.txt"))
    singles = len(list(ARTICLES.glob("*.md"))) + len(list(ARTICLES.glob("pilot-*.txt")))
    assert len(records()) + stories + singles >= 24


@pytest.mark.parametrize("name", ["20240305-industry-page.txt", "20250927-city-page.txt"])
def test_a_newspaper_page_has_a_paragraph_that_a_column_cut_in_two(name: str) -> None:
    paragraphs = [row for row in (ARTICLES / name).read_text("utf-8").split("\n\n") if len(row) > 40]
    assert sum(row.strip()[-1] not in "。！？”）" for row in paragraphs) == 1


def test_every_telephone_number_and_address_is_an_invented_one() -> None:
    for page, text in pages().items():
        assert text.count("021-") == text.count("021-5550-"), page
        assert text.count("@") == text.count("@wangchao.example"), page
        assert text.count("https://") == text.count("https://apply.wangchao.example"), page


def test_there_are_enough_questions_of_every_kind() -> None:
    rows = questions()
    assert len(rows) >= 30
    assert len({row["id"] for row in rows}) == len(rows)
    assert sum(row["answerable"] is False for row in rows) >= 6
    assert {"deadline", "follow-up", "false_premise", "conflict", "revised", "explain"} <= {row["type"] for row in rows}
    assert {row["lang"] for row in rows} == {"zh", "en"}


def test_every_key_point_stands_in_a_gold_page() -> None:
    texts = pages()
    for row in questions():
        gold = [page for group in groups(row["gold"]) for page in group]
        assert set(gold) <= set(texts), row["id"]
        for forms in groups(row["key_points"]):
            found = [page for page in gold if any(folded(form) in texts[page] for form in forms)]
            assert found, (row["id"], forms)


def test_every_gold_page_of_a_question_holds_some_key_point() -> None:
    texts = pages()
    for row in questions():
        forms = [form for group in groups(row["key_points"]) for form in group]
        for page in (page for group in groups(row["gold"]) for page in group):
            assert any(folded(form) in texts[page] for form in forms), (row["id"], page)


def test_every_answerable_question_and_no_other_has_gold_and_key_points() -> None:
    for row in questions():
        assert bool(row["gold"]) is bool(row["key_points"]) is bool(row["answerable"]), row["id"]


def test_what_would_answer_an_unanswerable_question_is_in_no_page() -> None:
    corpus = "\n".join(pages().values())
    for row in questions():
        absent = row.get("absent", [])
        assert isinstance(absent, list)
        assert row["answerable"] or absent
        assert [text for text in absent if folded(text) in corpus] == [], row["id"]
