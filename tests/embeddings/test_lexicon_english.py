"""Forms of English words, and what aligned sentences teach."""

from __future__ import annotations

import pytest

from embeddings.lexicon.english import forms
from embeddings.train.alignment import Translated, aligned


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("subsidies", "subsidy"),
        ("planned", "plan"),
        ("producing", "produce"),
        ("held", "hold"),
        ("won", "win"),
        ("children", "child"),
        ("recognised", "recognize"),
        ("centre", "center"),
        ("centres", "center"),
        ("programmes", "program"),
        ("specialisation", "specialization"),
    ],
)
def test_a_form_leads_to_its_base(word: str, base: str) -> None:
    assert forms(word)[0] == word
    assert base in forms(word)


def test_a_short_word_has_no_ending() -> None:
    assert forms("gas") == ("gas",)


def test_words_that_always_meet_are_aligned_and_grammar_is_not() -> None:
    rows = [
        Translated(english=("the", "port"), chinese=("港口",)),
        Translated(english=("the", "port", "grows"), chinese=("港口", "增长")),
        Translated(english=("the", "school"), chinese=("学校",)),
        Translated(english=("the", "school", "grows"), chinese=("学校", "增长")),
    ]
    shares = aligned(rows)
    assert shares["port", "港口"] > 0.7
    assert shares["grows", "增长"] > 0.7
    assert max((share for (en, _), share in shares.items() if en == "the"), default=0.0) < 0.5


def test_a_heavier_pair_teaches_more() -> None:
    light, heavy = (
        aligned(
            [
                *[Translated(english=("power",), chinese=("电力",))] * 3,
                *[Translated(english=("power",), chinese=("幂",), weight=weight)] * 3,
            ]
        )
        for weight in (0.5, 2.0)
    )
    assert light["power", "电力"] > heavy["power", "电力"]
