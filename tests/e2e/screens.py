"""Save what people see: ``python tests/e2e/screens.py FOLDER [PAGE …]``: every page, width and language."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from e2e.pages import PAGES, WIDTHS, languages_of, personal_pages
from playwright.sync_api import Browser, sync_playwright
from support.browser import FLAGS, chromium_or_skip, running_demo, settle, wait_for_pictures


def save_every_page(browser: Browser, origin: str, folder: Path, only: list[str]) -> int:
    """One JPEG a page, width and language, the whole page each; returns how many."""
    pages = {**PAGES, **personal_pages(origin)}
    saved = 0
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=origin)
        page = context.new_page()
        for name, path in pages.items():
            if only and name not in only:
                continue
            for lang in languages_of(path):
                page.goto(f"{path}?lang={lang}")
                settle(page)
                page.screenshot(path=folder / f"{name}-{width}-{lang}.png", full_page=True)
                saved += 1
        context.close()
    return saved


def main(arguments: list[str]) -> None:
    """Start a demo of its own, wait for its pictures, save the screens."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running_demo(Path(data)) as demo, sync_playwright() as playwright:
        wait_for_pictures(demo.origin)
        browser = playwright.chromium.launch(executable_path=chromium_or_skip(), args=list(FLAGS))
        saved = save_every_page(browser, demo.origin, folder, arguments[1:])
        browser.close()
    print(f"{saved} screens in {folder}")  # noqa: T201 - a command says what it did


if __name__ == "__main__":
    main(sys.argv[1:])
