"""Lines of wide and narrow characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.cli.wrapping import Wrapper, columns_of, shortened, wrapped

TEXT = st.text(alphabet="上海GDP增长5.5%，。 “”\n[1]亿a-b", max_size=120)


def squeezed(text: str) -> str:
    return "".join(text.split())


@given(TEXT, st.integers(12, 40))
def test_no_line_is_wider_than_the_terminal(text: str, columns: int) -> None:
    longest = max((columns_of(word) for word in text.split()), default=0)
    for line in wrapped(text, columns=columns, indent="  ").splitlines():
        assert columns_of(line) <= max(columns, longest + 2)


@given(TEXT, st.integers(12, 40))
def test_wrapping_changes_nothing_but_white_space(text: str, columns: int) -> None:
    assert squeezed(wrapped(text, columns=columns)) == squeezed(text)


@given(st.lists(TEXT, max_size=6), st.integers(12, 40))
def test_text_in_pieces_is_wrapped_like_the_whole(pieces: list[str], columns: int) -> None:
    wrapper = Wrapper(columns=columns)
    streamed = "".join(map(wrapper.feed, pieces)) + wrapper.end()
    assert squeezed(streamed) == squeezed("".join(pieces))


def test_numbers_and_words_are_not_cut_and_marks_do_not_begin_a_line() -> None:
    assert wrapped("上海前三季度40721.17亿元，同比", columns=14).splitlines() == [
        "上海前三季度",
        "40721.17亿元，",
        "同比",
    ]


def test_a_wide_character_takes_two_columns() -> None:
    assert (columns_of("上海GDP"), columns_of("e\u0301")) == (7, 1)


def test_shortened_text_fits_and_says_that_it_was_cut() -> None:
    assert shortened("上海\n前三季度", 8) == "上海 前…"
    assert shortened("上海", 8) == "上海"
