"""The chat page as a reader uses it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.page.conftest import PHONE, WIDE

if TYPE_CHECKING:
    from tests.page.conftest import Open, Tab

SHARE = "2023年上海战略性新兴产业产值占比是多少？"
CONFLICT = "望潮区首条低空物流航线首批投入了多少架无人机？"
REFUSED = "江州市2031年的人口目标是多少？"
MARK_IN_VIEW = """(() => {
  const mark = document.querySelector('mark.active').getBoundingClientRect();
  const body = document.querySelector('#panel-body').getBoundingClientRect();
  return mark.top >= body.top && mark.bottom <= body.bottom;
})()"""


def test_an_answer_comes_with_numbers_sources_and_checked_figures(tab: Tab) -> None:
    tab.ask(SHARE)
    assert "43.9%" in tab.last(".text")
    assert tab.last("button.cite") == "1"
    assert "43.9%" in tab.last(".sources blockquote")


def test_a_citation_opens_the_article_at_its_quote(tab: Tab) -> None:
    tab.ask(SHARE)
    quote = tab.last(".sources blockquote")
    tab.page.focus(".turn:last-child button.cite")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("mark.active")
    tab.until(MARK_IN_VIEW)
    assert tab.page.inner_text("mark.active") == quote


def test_escape_closes_the_article_and_gives_the_focus_back(tab: Tab) -> None:
    tab.ask(SHARE)
    tab.page.focus("button.cite")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("mark.active")
    tab.page.keyboard.press("Escape")
    assert not tab.page.is_visible("#panel")
    assert "cite" in str(tab.page.evaluate("document.activeElement.className"))


def test_a_refusal_shows_its_reason_and_the_nearest_articles(tab: Tab) -> None:
    tab.ask(REFUSED)
    assert tab.last(".badge") != ""
    assert tab.page.locator(".turn:last-child .nearest button").count() >= 1
    tab.page.click(".turn:last-child .nearest button")
    tab.page.wait_for_selector("#panel-body h2, #panel-body h1, #panel-body p")


def test_articles_that_disagree_are_a_table_and_the_notice_does_not_repeat_it(tab: Tab) -> None:
    tab.ask(CONFLICT)
    rows = tab.page.locator(".turn:last-child .conflict tbody tr")
    assert [rows.nth(at).locator("th").inner_text() for at in range(rows.count())] == ["15架", "12架"]
    assert "2025-09-27" in rows.first.inner_text()
    assert tab.page.locator(".turn:last-child .note").count() == 0
    rows.nth(1).locator("button").click()
    tab.page.wait_for_selector("mark.active")
    assert "12架" in tab.page.inner_text("mark.active")


def test_the_header_leads_to_how_fresh_the_articles_are(tab: Tab) -> None:
    assert "2025-11-08" in tab.page.inner_text("#corpus")
    tab.page.click("#corpus")
    assert "沪上产业观察 17" in tab.page.inner_text("#facts")
    assert str(datetime.now(UTC).year) in tab.page.inner_text("#facts")
    assert not tab.page.is_visible("#add")


def test_a_new_reader_sees_the_newest_articles_and_can_open_them(tab: Tab) -> None:
    newest = tab.page.locator("#latest button").first
    title = newest.inner_text()
    newest.click()
    tab.page.wait_for_selector("#panel-body h2")
    assert tab.page.inner_text("#panel-body h2") == title


def test_addresses_and_the_numbers_of_a_list_are_no_checked_figures(tab: Tab) -> None:
    tab.ask("生成式人工智能服务全市累计登记多少款？")
    figures = tab.page.locator(".turn:last-child .figure").all_inner_texts()
    assert "127款" in figures
    assert "5. " in tab.last(".text")
    assert "5" not in figures


def test_the_sources_that_there_are_can_be_chosen(tab: Tab) -> None:
    assert tab.page.locator("#sources option").first.get_attribute("value") == "沪上产业观察"


def test_a_failure_says_what_the_server_said(opened: Open) -> None:
    tab = opened()
    tab.ask("？！")
    assert "问题里没有文字" in tab.last(".failure")
    assert tab.faults == []


def test_the_conversation_outlives_a_reload_and_can_be_forgotten(tab: Tab) -> None:
    tab.ask(SHARE)
    tab.page.reload()
    tab.page.wait_for_selector(".turn")
    assert tab.last(".asked") == SHARE
    tab.page.click("#fresh")
    assert tab.page.locator(".turn").count() == 0
    tab.page.click("[popovertarget=past]")
    assert tab.page.locator("#past-list button").count() == 1
    tab.page.click("#forget")
    assert tab.page.locator("#past-list button").count() == 0


def test_an_answer_can_be_copied_with_its_sources(tab: Tab) -> None:
    tab.ask(SHARE)
    tab.page.click(".turn:last-child .tools button >> nth=0")
    tab.until("navigator.clipboard.readText().then(text => text.includes('43.9%'))")
    copied = str(tab.page.evaluate("navigator.clipboard.readText()"))
    assert "[1]" in copied
    assert tab.last(".sources blockquote") in copied


def test_an_answer_can_be_asked_for_again_and_marked_as_wrong(tab: Tab) -> None:
    tab.ask(SHARE)
    tab.page.click(".turn:last-child .tools button >> nth=1")
    tab.until("document.querySelectorAll('.turn .tools').length === 2")
    button = tab.page.locator(".turn:last-child .tools button").last
    button.click()
    tab.until("document.querySelector('.turn:last-child .tools button:last-child').disabled")


def test_filters_reach_the_search(tab: Tab) -> None:
    tab.page.click("#limits summary")
    tab.page.fill("#until", "1999-01-01")
    assert "1999-01-01" in tab.page.inner_text("#in-force")
    tab.ask(SHARE)
    assert tab.page.locator(".turn:last-child .badge.refused, .turn:last-child .badge").count() == 1
    assert "43.9%" not in tab.last(".text")


def test_the_interface_speaks_both_languages(opened: Open) -> None:
    chinese, english = opened(), opened(locale="en-US")
    assert chinese.page.inner_text("#send") != english.page.inner_text("#send")
    chinese.page.click("#lang")
    assert chinese.page.inner_text("#send") == english.page.inner_text("#send")
    assert chinese.page.get_attribute("html", "lang") == "en"


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_nothing_runs_out_of_the_page_at_either_width(opened: Open, size: tuple[int, int]) -> None:
    tab = opened(size)
    tab.ask(SHARE)
    tab.ask(REFUSED)
    assert tab.page.evaluate("document.documentElement.scrollWidth") == size[0]
    tab.page.click("button.cite")
    tab.page.wait_for_selector("mark.active")
    assert tab.page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_the_first_paint_is_fast_and_the_page_is_small(opened: Open) -> None:
    tab = opened()
    paints = []
    # The best of three: what the page itself takes, not what else the machine was doing.
    for _ in range(3):
        tab.page.reload()
        tab.page.wait_for_selector("#question")
        tab.page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        paints.append(tab.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
    resources = "performance.getEntriesByType('resource').filter(row => !row.name.includes('/api/'))"
    size = tab.page.evaluate(f"{resources}.reduce((sum, row) => sum + row.decodedBodySize, 0)")
    assert min(paints) < 500
    assert int(size) < 100_000


def test_the_keyboard_alone_is_enough(tab: Tab) -> None:
    assert tab.page.evaluate("document.activeElement.id") == "question"
    tab.page.keyboard.type(SHARE)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(".turn .tools")
    tab.page.focus("#question")
    tab.page.keyboard.press("Shift+Enter")
    assert tab.page.locator(".turn").count() == 1


def test_the_protocol_is_described_on_a_page_of_its_own(tab: Tab) -> None:
    tab.page.goto(f"{tab.base}/docs")
    tab.page.wait_for_selector("section h2")
    said = tab.page.inner_text("#operations")
    assert "POST /v1/chat/completions" in said
    assert "POST /api/ask" in said
    assert "messages" in said
    assert tab.page.evaluate("document.documentElement.scrollWidth") == WIDE[0]
