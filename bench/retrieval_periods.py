"""How often the first passage is of another period than the question names: `python bench/retrieval_periods.py`.

Writes reports that differ in nothing but their period, place and figures: five years of four quarterly reports of three
places, half of them without their year in the text, since the day of publication says it. Asks for each by year and
quarter as a number, by 今年 and 去年 counted from a day, by half-years and months, in Chinese and in English, and counts
first passages from another report. Figures and order are drawn with a fixed seed.
"""

from __future__ import annotations

import json
import random
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.assembly import open_assistant, sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20251125
YEARS = (2021, 2022, 2023, 2024, 2025)
PLACES = ("澄川市", "南桥市", "云台市")
# How reports name what they cover, how questions may, and the month and day of publication.
PARTS = {
    "一季度": (("一季度", "第一季度", "1-3月"), "first quarter", (4, 20)),
    "上半年": (("上半年", "1-6月"), "first half", (7, 19)),
    "前三季度": (("前三季度", "1-9月"), "first three quarters", (10, 22)),
    "全年": (("全年", ""), "whole year", (12, 30)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, the day it is asked on, and the report that answers it."""

    kind: str
    text: str
    as_of: date
    page: str


def report(place: str, year: int, part: str, *, draw: random.Random) -> dict[str, str]:
    """Return one report as a record of an export; the year is in the text of every second one."""
    month, day = PARTS[part][2]
    named = (year + list(PARTS).index(part) + PLACES.index(place)) % 2 == 0
    when = f"{year}年{part}" if named else f"今年{part}"
    rates = [f"{draw.randint(20, 99) / 10}%" for _ in range(4)]
    amounts = [f"{draw.randint(1000, 9999)}.{draw.randint(1, 9)}亿元" for _ in range(3)]
    text = (
        f"{when}，{place}规模以上工业总产值{amounts[0]}，同比增长{rates[0]}，增速比去年同期加快。"
        f"其中，战略性新兴产业产值增长{rates[1]}。\n\n"
        f"固定资产投资完成{amounts[1]}，同比增长{rates[2]}，工业投资好于去年全年。\n\n"
        f"社会消费品零售总额{amounts[2]}，同比增长{rates[3]}，网上零售增长更快。"
    )
    return {
        "id": f"{PLACES.index(place)}-{year}-{list(PARTS).index(part)}",
        "title": f"{when}{place}经济运行情况" if named else f"{place}{part}经济运行情况",
        "date": date(year, month, day).isoformat(),
        "text": text,
    }


def questions(place: str, year: int, part: str) -> Iterator[Asked]:
    """Yield the questions that one report answers."""
    page = f"{PLACES.index(place)}-{year}-{list(PARTS).index(part)}"
    forms, english, (month, day) = PARTS[part]
    published = date(year, month, day)
    later = date(year, month, min(day + 8, 28)) if month < 12 else date(year, 12, 31)
    for form in forms:
        yield Asked(
            kind="named", text=f"{year}年{form}{place}规模以上工业总产值是多少？", as_of=date(2025, 12, 31), page=page
        )
    yield Asked(kind="this year", text=f"{place}今年{forms[0]}固定资产投资增长了多少？", as_of=later, page=page)
    yield Asked(
        kind="last year",
        text=f"去年{forms[0]}{place}社会消费品零售总额多少？",
        as_of=published.replace(year=year + 1, day=28),
        page=page,
    )
    yield Asked(
        kind="English",
        text=f"How much did fixed-asset investment grow in {place} in the {english} of {year}?",
        as_of=date(2025, 12, 31),
        page=page,
    )


def main() -> None:
    """Write the reports, ask, and print the share of wrong first passages by kind."""
    draw = random.Random(SEED)  # noqa: S311 - figures of made reports
    keys = [(place, year, part) for place in PLACES for year in YEARS for part in PARTS]
    reports = [report(*key, draw=draw) for key in keys]
    draw.shuffle(reports)
    asked = [row for key in keys for row in questions(*key)]
    counts: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        root, settings = Path(folder) / "reports", Settings(index=Path(folder) / "index")
        root.mkdir()
        (root / "reports.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in reports), "utf-8")
        sync_index(settings, [root], progress=lambda _: None)
        with open_assistant(settings) as assistant:
            for row in asked:
                found = assistant.search(row.text, k=5, as_of=row.as_of)[0]
                counts.setdefault(row.kind, []).append(int(found[0].page_id != row.page))
    for kind, wrong in counts.items():
        print(
            f"{kind:12}{len(wrong):5} questions, first passage of another report: {100 * sum(wrong) / len(wrong):.1f} %"
        )


if __name__ == "__main__":
    main()
