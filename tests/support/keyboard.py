"""Somebody at the keyboard: from stop to stop with Tab, and what a sighted person sees of each stop."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_STOPS = 150
SCROLLING_MS, LOOK_MS = 600, 50
IS_FOCUSED = "(it) => it === document.activeElement"
_REMEMBER = """() => {
    window.looks = new WeakMap();
    for (const it of document.querySelectorAll("*")) {
        const { outline, boxShadow } = getComputedStyle(it);
        window.looks.set(it, outline + boxShadow);
    }
}"""
_SEEN = """() => {
    const it = document.activeElement;
    if (it === null || it === document.body) return null;
    const marks = (look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
        || look.boxShadow !== "none";
    const isMarked = (part) => {
        if (part === null) return false;
        const look = getComputedStyle(part);
        if (marks(look) && window.looks.get(part) !== look.outline + look.boxShadow) return true;
        return isMarked(part.parentElement);
    };
    const box = it.getClientRects()[0] ?? new DOMRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const enough = (part, whole) => part >= Math.min(whole, 24);
    window.stops ??= [];
    if (!window.stops.includes(it)) window.stops.push(it);
    const words = (it.getAttribute("aria-label") ?? it.textContent).trim().replace(/\\s+/g, " ").slice(0, 40);
    return {
        number: window.stops.indexOf(it),
        name: `<${it.localName} ${it.className}> ${words}`,
        marked: isMarked(it),
        in_sight: enough(bottom - top, box.height) && enough(right - left, box.width),
        covered: hit === null || !(it.contains(hit) || hit.contains(it) || hit.closest("label")?.control === it),
    };
}"""


@dataclass(frozen=True)
class Stop:
    """An element with the focus: which it is, and whether a person sees that it is there."""

    number: int
    name: str
    marked: bool
    in_sight: bool
    covered: bool

    @property
    def is_seen(self) -> bool:
        """In sight (24 px of it at least), nothing over it, and marked as having the focus."""
        return self.marked and self.in_sight and not self.covered


def stops(page: Page, key: str = "Tab") -> list[Stop]:
    """Every stop from where the focus is until it leaves the page or comes round; AssertionError in a trap."""
    page.evaluate(_REMEMBER)
    found: list[Stop] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        stop = stop_now(page)
        if stop is None or (found and stop.number == found[0].number):
            return found
        if found and stop.number == found[-1].number:
            continue  # a field of several parts, such as a date, takes a press for each of them
        assert stop.number not in {known.number for known in found}, f"the focus goes back to {stop.name}"
        found.append(stop)
    raise AssertionError(f"no end after {MOST_STOPS} stops, at {found[-1].name}")


def stop_now(page: Page) -> Stop | None:
    """What has the focus, None when nothing has; a page that scrolls to it smoothly gets a moment."""
    seen = page.evaluate(_SEEN)
    for _ in range(SCROLLING_MS // LOOK_MS):
        if not seen or Stop(**seen).is_seen:
            break
        page.wait_for_timeout(LOOK_MS)
        seen = page.evaluate(_SEEN)
    return Stop(**seen) if seen else None


def go_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab (or Shift+Tab) until the focus is there; AssertionError when it never comes."""
    for _ in range(MOST_STOPS):
        if wanted.evaluate(IS_FOCUSED):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{MOST_STOPS} times {key} did not lead to {wanted}")


def press(page: Page, wanted: Locator, with_key: str = "Enter", key: str = "Tab") -> None:
    """Go there and press it."""
    go_to(page, wanted, key)
    page.keyboard.press(with_key)
