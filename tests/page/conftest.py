"""A real Chromium before a real server: pages that note every script error, dialog and foreign request."""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from rag.config import Settings
from tests.serving import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page, Request

    Open = Callable[..., "Tab"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_S = 20
WIDE, PHONE = (1280, 800), (360, 740)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One page. `faults` lists script errors, dialogs and requests to any host but the server's."""

    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Ask, and wait until the answer is whole."""
        before = self.page.locator(".turn .tools").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.until(f"document.querySelectorAll('.turn .tools').length > {before}")

    def until(self, expression: str) -> None:
        """Wait until an expression is true; the page's own waiting is forbidden by its policy."""
        ends = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(expression):
            assert time.monotonic() < ends, f"never true: {expression}"
            time.sleep(0.02)

    def last(self, selector: str) -> str:
        """Return the text of the first such element of the last turn."""
        return self.page.locator(f".turn:last-child {selector}").first.inner_text()

    def watch(self) -> None:
        """Note what a page must never do."""

        def note_dialog(dialog: Dialog) -> None:
            self.faults.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        def note_request(request: Request) -> None:
            if not request.url.startswith((self.base, "data:")):
                self.faults.append(request.url)

        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", note_dialog)
        self.page.on("request", note_request)


@contextmanager
def served(settings: Settings, *, drafts: Path | None = None, uploads: Path | None = None) -> Iterator[str]:
    """Serve in a thread until the block ends; yields the address."""
    with serving(settings, drafts=drafts, uploads=uploads) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, or a skip. Its event loop must end before other tests run theirs."""
    path = next((found for name in BROWSERS if (found := shutil.which(name)) is not None), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def base(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the samples, which keeps marks."""
    with served(Settings(index=sample_index), drafts=tmp_path_factory.mktemp("drafts") / "drafts.jsonl") as url:
        yield url


@pytest.fixture
def opened(browser: Browser, base: str) -> Iterator[Open]:
    """Opens tabs, each with a browser memory of its own."""
    contexts = []

    def open_tab(
        size: tuple[int, int] = WIDE, *, locale: str = "zh-CN", dark: bool = False, url: str | None = None
    ) -> Tab:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        tab = Tab(page=context.new_page(), base=base if url is None else url)
        tab.watch()
        tab.page.goto(tab.base)
        tab.until("document.querySelector('#corpus').textContent !== ''")
        return tab

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture
def tab(opened: Open) -> Iterator[Tab]:
    """A wide tab in Chinese that did nothing forbidden by the end of the test."""
    started = opened()
    yield started
    assert started.faults == []
