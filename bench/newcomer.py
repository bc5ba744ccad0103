"""Walks docs/first-steps.md from a fresh clone: clone, `make ask`, `make serve`, the page, a question, a click on its number.

usage: newcomer.py [REPOSITORY]     (this one if none is named; needs git, make, Chromium and a package index)
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PAGE = "http://127.0.0.1:8000/"
QUESTION, EXPECTED = "前三季度上海GDP是多少？", "40721.17亿元"
PATIENCE_S = 60


def main() -> None:
    """Print how long each step took; fail at the first that does not do what the page says."""
    repository = sys.argv[1] if len(sys.argv) > 1 else str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "huwen"
        with timed("git clone"):
            subprocess.run(["git", "clone", "--quiet", repository, str(clone)], check=True)
        with timed("make ask, the first time"):
            assert "[1]" in asked(clone)
        with timed("make ask, again"):
            assert "[1]" in asked(clone)
        with serving(clone), timed("the page: ask, and click the number"):
            read_on_the_page()


@contextmanager
def timed(step: str) -> Iterator[None]:
    """Print how long a step took."""
    started = time.monotonic()
    yield
    print(f"{step}: {time.monotonic() - started:.1f} s")


def asked(clone: Path) -> str:
    """Return what `make ask` prints."""
    return subprocess.run(["make", "ask"], cwd=clone, check=True, capture_output=True).stdout.decode()


@contextmanager
def serving(clone: Path) -> Iterator[None]:
    """Run `make serve` until the block ends."""
    process = subprocess.Popen(["make", "serve"], cwd=clone, start_new_session=True)
    try:
        with timed("make serve"):
            wait_for_page()
        yield
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE_S)


def wait_for_page() -> None:
    """Wait until the page is there."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        try:
            urllib.request.urlopen(PAGE + "healthz", timeout=5).close()  # noqa: S310 - an address of this file
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the page did not come")


def read_on_the_page() -> None:
    """Ask on the page, and open the article behind the first number."""
    path = next((found for name in BROWSERS if (found := shutil.which(name)) is not None), None)
    if path is None:
        raise SystemExit("there is no Chromium on this machine; install the package `chromium`")
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]).new_page()
        page.goto(PAGE)
        page.wait_for_selector("#corpus:not(:empty)")
        page.fill("#question", QUESTION)
        page.press("#question", "Enter")
        page.wait_for_selector(".turn .tools")
        page.locator("button.cite").first.click()
        page.wait_for_selector("mark.active")
        assert EXPECTED in page.inner_text("mark.active")


if __name__ == "__main__":
    main()
