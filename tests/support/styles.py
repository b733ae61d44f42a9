"""The stylesheet as a browser puts it together from its @imports, and the colours of its roles."""

import re
from pathlib import Path

from civic.kernel.i18n import frontend_dir

STYLES = frontend_dir() / "styles"
DESIGN_TOKENS = frontend_dir() / "node_modules" / "@digital-go-jp" / "design-tokens" / "dist" / "tokens.css"

_IMPORT = re.compile(r'@import "([^"]+)";')
_ROLE = re.compile(r"--([\w-]+): (?:var\(--([\w-]+), )?(#[0-9a-f]{6})\)?;")


def stylesheet(path: Path = STYLES / "civic.css") -> str:
    """The text of a stylesheet with its imports in their place."""
    text = path.read_text(encoding="utf-8")
    return _IMPORT.sub(lambda found: stylesheet(path.parent / found[1]), text)


def roles() -> dict[str, str]:
    """The colour written for each role of tokens.css."""
    return {role: colour for role, _, colour in _ROLE.findall(stylesheet(STYLES / "tokens.css"))}


def borrowed() -> dict[str, str]:
    """The tokens of the Digital Agency's design system that are used, each with the colour written beside it."""
    return {token: colour for _, token, colour in _ROLE.findall(stylesheet(STYLES / "tokens.css")) if token}


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
