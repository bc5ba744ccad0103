"""Words beside a day that change what it is: thirds of a month, counted days, figures of speech."""

from __future__ import annotations

from datetime import date

from rag.ingest.particulars import particulars_of
from rag.text.marks import read_dates

REFERENCE = date(2023, 10, 28)


def test_a_third_of_a_month_without_a_year_lies_behind_as_its_month_does() -> None:
    (found,) = read_dates("2月下旬，渔政部门派出四个小组。", reference=REFERENCE)
    assert found.period is not None
    assert (found.period.first, found.period.last) == (date(2023, 2, 21), date(2023, 2, 28))


def test_counted_days_are_no_day_of_the_month() -> None:
    assert [row.period for row in read_dates("后三日，船员轮流值夜。", reference=REFERENCE) if row.period] == []


def test_a_figure_of_speech_names_no_day() -> None:
    assert particulars_of("让今天的学徒成为明天的师傅。", published=REFERENCE).events == ()
    assert len(particulars_of("今天的发布会上，港务局公布了航线。", published=REFERENCE).events) == 1
