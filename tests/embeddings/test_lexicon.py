"""The translation lexicon: small, whole, sorted, and right about common words of news and policy."""

from __future__ import annotations

from importlib.resources import files

import pytest

from embeddings.lexicon.lexicon import LexiconFor, open_lexicon
from embeddings.lexicon.write import CHINESE, ENGLISH

FOLDER = files("embeddings.lexicon")
LARGEST_BYTES = 5_000_000


def options(text: str, lang: str = "en") -> dict[str, list[str]]:
    terms = open_lexicon().terms(text, lang=lang)  # type: ignore[arg-type]
    return {term.source: [option for option, _ in term.options] for term in terms}


@pytest.mark.parametrize("name", [ENGLISH, CHINESE])
def test_every_line_is_sorted_whole_and_found(name: str) -> None:
    lines = FOLDER.joinpath(name).read_text("utf-8").strip("\n").split("\n")
    words = [line.partition("\t")[0] for line in lines]
    assert words == sorted(set(words))
    lexicon = open_lexicon()
    for line in [lines[0], lines[-1], *lines[:: len(lines) // 300]]:
        word, _, rest = line.partition("\t")
        shares = [int(part.rpartition(" ")[2]) for part in rest.split("|")]
        assert shares == sorted(shares, reverse=True)
        if name == ENGLISH and " " not in word and len(word) > 1:
            assert lexicon.terms(word, lang="en") == () or word in options(word)


def test_it_stays_small() -> None:
    assert sum(len(FOLDER.joinpath(name).read_bytes()) for name in (ENGLISH, CHINESE)) < LARGEST_BYTES


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("economy", "经济"),
        ("subsidies", "补贴"),
        ("deadline", "期限"),
        ("companies", "公司"),
        ("artificial intelligence", "人工智能"),
        ("gross domestic product", "国内生产总值"),
        ("integrated circuits", "集成电路"),
        ("Pudong's", "浦东"),
        ("Xuhui", "徐汇区"),
        ("robots", "机器人"),
    ],
)
def test_words_of_the_news_have_their_counterparts(english: str, chinese: str) -> None:
    assert chinese in options(english)[english]


def test_the_longest_phrase_wins_and_words_of_grammar_are_left_out() -> None:
    found = options("How did the gross domestic product of Shanghai grow in the first half?")
    assert {"gross domestic product", "Shanghai", "grow"} <= set(found)
    assert not {"How", "the", "of", "did", "domestic"} & set(found)


def test_chinese_words_have_english_counterparts() -> None:
    assert "artificial intelligence" in options("人工智能产业", "zh")["人工智能"]


def test_a_chinese_question_opens_it_only_where_articles_are_in_english() -> None:
    rare, common = (
        LexiconFor(idf=lambda tokens: [9.0] * len(tokens)),
        LexiconFor(idf=lambda tokens: [1.0] * len(tokens)),
    )
    open_lexicon.cache_clear()
    assert rare.terms("人工智能产业", lang="zh") == ()
    assert open_lexicon.cache_info().currsize == 0
    assert common.terms("人工智能产业", lang="zh")
