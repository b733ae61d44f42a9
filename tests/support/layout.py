"""What a browser test asks of a page's layout: nothing wider than the window, no text outside its own box."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page

_OUTSIDE = """() => {
    const room = document.documentElement.clientWidth;
    const clipped = (it) => it !== null
        && (getComputedStyle(it).clipPath === "inset(50%)" || clipped(it.parentElement));
    const unseen = (it) => clipped(it)
        || it.closest(".skip, [hidden], option, title, script, style, svg") !== null;
    const block = (it) => getComputedStyle(it).display.startsWith("inline") ? block(it.parentElement) : it;
    const scrolls = (it) => it !== null
        && (/auto|scroll/.test(getComputedStyle(it).overflowX) || scrolls(it.parentElement));
    // The blank at the end of a line may hang over its box; a full-width one is as wide as a letter of Japanese.
    const letter = (owner) => parseFloat(getComputedStyle(owner).fontSize) + 1;
    const blankOf = (text, owner) => text.includes("\\u3000") ? letter(owner) : 8;
    const found = [];
    if (document.documentElement.scrollWidth > room) {
        found.push(`the page is ${document.documentElement.scrollWidth} px wide in ${room}`);
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        const owner = text.parentElement;
        if (!text.data.trim() || unseen(owner)) continue;
        const box = block(owner).getBoundingClientRect();
        const blank = blankOf(text.data, owner);
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const line of range.getClientRects()) {
            if (line.width < 2) continue;
            const leavesBox = line.left < box.left - blank || line.right > box.right + blank;
            const leavesPage = !scrolls(owner) && (line.left < -1 || line.right > room + 1);
            if (leavesBox || leavesPage) {
                found.push(`<${owner.tagName} class="${owner.className}"> ${text.data.trim().slice(0, 60)}`);
                break;
            }
        }
    }
    return found;
}"""
_SHOWN = "() => document.body.textContent"


def texts_outside(page: Page) -> Sequence[str]:
    """Texts that stick out of the box they are in or out of the window; also says when the page is too wide."""
    found: list[str] = page.evaluate(_OUTSIDE)
    return found


def text_of(page: Page) -> str:
    """All text of a page as it is in the document, shown or folded away."""
    text: str = page.evaluate(_SHOWN)
    return text
