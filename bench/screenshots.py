"""Makes the pictures of docs/page.md: the page over the bundled samples, in a real Chromium.

usage: screenshots.py [--out DIR]     (needs Chromium and the dev extra)
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from api.http.plan import Plan
from api.http.server import listening, server_config
from rag.assembly import sync_index
from rag.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOOKS = {"wide": (1200, 750, "light"), "phone": (360, 720, "light"), "dark": (1200, 750, "dark")}
QUESTIONS = {
    "answer": "2024年上海三大先导产业规模是多少？",
    "panel": "望潮区首台套奖励在哪个平台申报，要交纸质材料吗？",
    "refusal": "望潮区首条低空物流航线的票价是多少？",
    "conflict": "望潮区2024年的企业研发投入是多少？",
    "error": "？？",
}
COLOURS = 128
MOST_BYTES = 150_000
SETTLE_MS = 500


def main() -> None:
    """Write one picture for each look and state."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "page")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    path = next((found for name in BROWSERS if (found := shutil.which(name)) is not None), None)
    if path is None:
        raise SystemExit("there is no Chromium on this machine; install the package `chromium`")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for look in LOOKS:
            for state in QUESTIONS:
                picture = small(pictured(browser, url, look=look, state=state))
                assert len(picture) <= MOST_BYTES
                (out / f"{state}-{look}.png").write_bytes(picture)
                print(f"{state}-{look}.png  {len(picture):,} bytes")


@contextmanager
def served() -> Iterator[str]:
    """Serve the samples on a free port until the block ends; yields the address."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(index=Path(folder) / "index")
        sync_index(settings, [ROOT / "samples" / "articles"], progress=lambda _: None)
        plan = Plan(
            indexes={"default": settings}, drafts=Path(folder) / "drafts.jsonl", uploads=Path(folder) / "uploads"
        )
        server = uvicorn.Server(server_config(plan.app(), grace_s=plan.grace_s))
        with listening("127.0.0.1", 0) as listener:
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            try:
                while not server.started:
                    time.sleep(0.01)
                yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
            finally:
                server.should_exit = True
                thread.join()


def pictured(browser: Browser, url: str, *, look: str, state: str) -> bytes:
    """Return a picture of one state of the page, as a new reader sees it."""
    width, height, scheme = LOOKS[look]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#corpus:not(:empty)")
    page.fill("#question", QUESTIONS[state])
    page.press("#question", "Enter")
    page.wait_for_selector(".turn .tools")
    if state == "panel":
        open_article(page)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(SETTLE_MS)
    taken = page.screenshot()
    context.close()
    return taken


def open_article(page: Page) -> None:
    """Open the article behind the first number."""
    page.locator("button.cite").first.click()
    page.wait_for_selector("mark.active")


def small(picture: bytes) -> bytes:
    """Return the picture with a palette: text needs few colours."""
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
