"""How a Flex component looks, as class names of the chat page's stylesheet.

Only words from fixed sets become classes, whatever a message holds: no style travels from a message into the page.
"""

import re
from collections.abc import Mapping
from typing import Any

Component = Mapping[str, Any]

BUBBLE_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
TEXT_SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
LAYOUTS = ("vertical", "horizontal", "baseline")
SIDES = ("start", "center", "end")
BUTTON_STYLES = ("link", "primary", "secondary")
RATIOS = {"1-1": 1.0, "4-3": 4 / 3, "3-2": 1.5, "20-13": 20 / 13, "16-9": 16 / 9, "2-1": 2.0, "3-4": 0.75}
PALETTE = {
    "white": 0xFFFFFF,
    "pale": 0xF5F6F8,
    "sky": 0xE8F1FE,
    "silver": 0xDCDFE5,
    "grey": 0x8C8C8C,
    "quiet": 0x555558,
    "ink": 0x1A1A1C,
    "line": 0x06C755,
    "green": 0x196A3D,
    "mint": 0xE6F5EC,
    "blue": 0x0017C1,
    "navy": 0x00118F,
    "red": 0xB0000F,
    "rose": 0xFDEEEE,
    "orange": 0xC74700,
    "yellow": 0xFFE680,
}
_RATIO = re.compile(r"([1-9][0-9]{0,4}):([1-9][0-9]{0,4})", re.ASCII)
_COLOUR = re.compile(r"#([0-9A-Fa-f]{6})")


def bubble_classes(bubble: Component) -> str:
    """The width of a card."""
    return f"card-{_one_of(bubble.get('size'), BUBBLE_SIZES, 'mega')}"


def block_classes(bubble: Component, block: str) -> str:
    """Header, hero, body or footer, with its ground."""
    style = _object(_object(bubble.get("styles")).get(block))
    return _joined(f"block-{block}", _ground(style), "block-ruled" if style.get("separator") else "")


def box_classes(box: Component) -> str:
    """Direction, gaps, alignment and ground."""
    return _joined(
        f"box-{_one_of(box.get('layout'), LAYOUTS, 'vertical')}",
        f"gap-{_one_of(box.get('spacing'), STEPS, 'none')}",
        f"pad-{_one_of(box.get('paddingAll'), STEPS, 'none')}" if "paddingAll" in box else "",
        f"items-{_one_of(box.get('alignItems'), SIDES, 'start')}" if "alignItems" in box else "",
        _ground(box),
    )


def text_classes(text: Component) -> str:
    """Size, weight, colour, alignment, one line or many."""
    return _joined(
        f"text-{_one_of(text.get('size'), TEXT_SIZES, 'md')}",
        "bold" if text.get("weight") == "bold" else "",
        f"ink-{nearest(text.get('color')) or 'ink'}",
        f"align-{_one_of(text.get('align'), SIDES, 'start')}",
        "" if text.get("wrap") else "one-line",
    )


def button_classes(button: Component) -> str:
    """Style and colour: the ground of a filled button, the label of a link."""
    style = _one_of(button.get("style"), BUTTON_STYLES, "link")
    own = nearest(button.get("color"))
    colour = "" if own is None else f"{'ink' if style == 'link' else 'ground'}-{own}"
    return _joined(f"button-{style}", colour, "low" if button.get("height") == "sm" else "")


def picture_classes(image: Component) -> str:
    """The aspect ratio (the nearest that the page knows) and whether the picture is cut to fill it."""
    name = min(RATIOS, key=lambda name: abs(RATIOS[name] - _ratio(image.get("aspectRatio"))))
    return f"ratio-{name} {'cover' if image.get('aspectMode') == 'cover' else 'fit'}"


def place_classes(component: Component) -> str:
    """What the box around decides together with a component: its share of the room and its margin."""
    flex = component.get("flex")
    share = f"share-{flex}" if isinstance(flex, int) and not isinstance(flex, bool) and 0 <= flex <= 5 else ""
    before = f"before-{_one_of(component.get('margin'), STEPS, 'none')}" if "margin" in component else ""
    return _joined(share, before)


def nearest(colour: object) -> str | None:
    """The palette's name for a colour ``#RRGGBB``; None for what is no colour."""
    found = _COLOUR.match(colour) if isinstance(colour, str) else None
    if found is None:
        return None
    wanted = int(found.group(1), 16)
    return min(PALETTE, key=lambda name: _distance(PALETTE[name], wanted))


def _ground(component: Component) -> str:
    name = nearest(component.get("backgroundColor"))
    return "" if name is None else f"ground-{name}"


def _distance(one: int, other: int) -> int:
    return sum((((one >> shift) & 255) - ((other >> shift) & 255)) ** 2 for shift in (0, 8, 16))


def _ratio(value: object) -> float:
    """Width to height of ``20:13``; 1 where it cannot be read, as in LINE."""
    found = _RATIO.fullmatch(value) if isinstance(value, str) else None
    return int(found.group(1)) / int(found.group(2)) if found else 1.0


def _object(value: object) -> Component:
    return value if isinstance(value, dict) else {}


def _one_of(value: object, allowed: tuple[str, ...], default: str) -> str:
    return value if isinstance(value, str) and value in allowed else default


def _joined(*classes: str) -> str:
    return " ".join(name for name in classes if name)
