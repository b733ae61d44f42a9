"""What LINE refuses in a rich menu and its picture."""

import re
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError

from webhooks.line.simulator.validation import (
    SHORT_LABEL,
    Problem,
    Problems,
    action_problems,
    grapheme_length,
)

MAX_NAME = 300
MAX_CHAT_BAR = 14
MAX_AREAS = 20
WIDTHS = range(800, 2501)
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45
MAX_PICTURE_BYTES = 1_000_000
ALIAS = re.compile(r"[a-z0-9_-]{1,32}")


def menu_problems(menu: dict[str, Any]) -> list[Problem]:
    """All violations in a rich menu object; empty when LINE would take it."""
    return [*_named(menu, "name", MAX_NAME), *_named(menu, "chatBarText", MAX_CHAT_BAR), *_content(menu)]


def picture_trouble(picture: bytes, size: dict[str, int]) -> str:
    """Why LINE does not take a picture for a menu of some size; empty when it does."""
    if len(picture) > MAX_PICTURE_BYTES:
        return "The image is larger than 1 MB"
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as image:
            fits = image.size == (size["width"], size["height"])
    except (UnidentifiedImageError, OSError):
        return "The image must be a JPEG or PNG"
    return "" if fits else "The image size does not match the size of the rich menu"


def _named(menu: dict[str, Any], name: str, limit: int) -> Problems:
    value = menu.get(name)
    if not isinstance(value, str) or not value:
        yield Problem(name, "May not be empty")
    elif grapheme_length(value) > limit:
        yield Problem(name, f"Length must be between 0 and {limit}")


def _content(menu: dict[str, Any]) -> Problems:
    if not isinstance(menu.get("selected"), bool):
        yield Problem("selected", "Must be true or false")
    size = menu.get("size")
    if not _is_size(size):
        yield Problem("size", "Width 800 to 2500, height 250 or more, width / height 1.45 or more")
        return
    areas = menu.get("areas")
    if not isinstance(areas, list) or len(areas) > MAX_AREAS:
        yield Problem("areas", f"Size must be between 0 and {MAX_AREAS}")
        return
    for i, area in enumerate(areas):
        yield from _area(area if isinstance(area, dict) else {}, size, f"areas[{i}]")


def _is_size(size: object) -> bool:
    if not isinstance(size, dict):
        return False
    width, height = size.get("width"), size.get("height")
    if not isinstance(width, int) or not isinstance(height, int):
        return False
    return width in WIDTHS and height >= LEAST_HEIGHT and width / height >= LEAST_RATIO


def _area(area: dict[str, Any], size: Any, path: str) -> Problems:
    bounds = area.get("bounds")
    if not isinstance(bounds, dict) or not _is_place(bounds):
        yield Problem(f"{path}.bounds", "Must be x, y, width and height")
    elif bounds["x"] + bounds["width"] > size["width"] or bounds["y"] + bounds["height"] > size["height"]:
        yield Problem(f"{path}.bounds", "Must lie inside the rich menu")
    yield from action_problems(area.get("action"), f"{path}.action", SHORT_LABEL)


def _is_place(bounds: dict[str, Any]) -> bool:
    least = {"x": 0, "y": 0, "width": 1, "height": 1}
    numbers = [(bounds.get(name), number) for name, number in least.items()]
    return all(isinstance(given, int) and given >= number for given, number in numbers)
