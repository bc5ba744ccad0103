"""What axe, the usual judge of accessibility, finds in every state of the page: nothing serious."""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.page.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.page.conftest import Open, Tab

PACKAGE = "axe_playwright_python"
SHARE = "2023年上海战略性新兴产业产值占比是多少？"
CONFLICT = "望潮区首条低空物流航线首批投入了多少架无人机？"
REFUSED = "江州市2031年的人口目标是多少？"
FOUND = """axe.run().then(({ violations }) => violations
  .filter(({ impact }) => ["serious", "critical"].includes(impact))
  .map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The judge's source, or a skip."""
    if find_spec(PACKAGE) is None:
        pytest.skip("axe-playwright-python is not installed")
    return files(PACKAGE).joinpath("axe.min.js").read_text("utf-8")


def show_panel(tab: Tab) -> None:
    tab.page.locator("button.cite").first.click()
    tab.page.wait_for_selector("mark.active")


def show_filters(tab: Tab) -> None:
    tab.page.keyboard.press("Escape")
    tab.page.click("#limits summary")


STATES: dict[str, Callable[[Tab], object]] = {
    "welcome": lambda _: None,
    "answer": lambda tab: tab.ask(SHARE),
    "panel": show_panel,
    "filters": show_filters,
    "refusal": lambda tab: tab.ask(REFUSED),
    "conflict": lambda tab: tab.ask(CONFLICT),
    "failure": lambda tab: tab.ask("？！"),
    "articles": lambda tab: tab.page.click("#corpus"),
    "history": lambda tab: tab.page.click("[popovertarget=past]"),
}


@pytest.mark.parametrize(
    ("size", "locale", "dark"), [(WIDE, "zh-CN", False), (WIDE, "en-US", True), (PHONE, "zh-CN", True)]
)
def test_no_state_of_the_page_has_a_serious_fault(
    opened: Open, axe: str, size: tuple[int, int], locale: str, *, dark: bool
) -> None:
    tab = opened(size, locale=locale, dark=dark)
    tab.page.evaluate(axe)
    for name, reach in STATES.items():
        reach(tab)
        assert (name, tab.page.evaluate(FOUND)) == (name, [])
