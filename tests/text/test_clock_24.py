"""English times of 24 hours, which say no half of the day."""

from __future__ import annotations

from datetime import date

import pytest

from rag.text.clock import clock_at
from rag.text.marks import read_dates


@pytest.mark.parametrize(("text", "minutes"), [(", at 14:30", (870, 870)), (" 09:05 to 11:20", (545, 680))])
def test_a_time_of_24_hours_is_read(text: str, minutes: tuple[int, int]) -> None:
    found = clock_at(text, 0)
    assert found is not None
    assert found[0] == minutes


def test_a_day_with_such_a_time_is_read() -> None:
    (mention,) = read_dates("The court met on March 5, 2024, at 14:30 in the city.", reference=date(2024, 3, 6))
    assert mention.period is not None
    assert mention.period.first == date(2024, 3, 5)
