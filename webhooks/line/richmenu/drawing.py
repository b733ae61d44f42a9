"""Draws the pictures of the menu: ``python -m webhooks.line.richmenu.drawing``.

The pictures are kept beside this file and go out as they are: a server needs no font, and every installation
publishes the same bytes, so that the hash in a menu's name means the same everywhere. Whoever changes a word, a
colour or a shape draws them again (Noto Sans CJK, Debian's ``fonts-noto-cjk``); a test says when that is due.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from webhooks.line.richmenu.definition import AREAS, HEIGHT, MENU_LANGUAGES, WIDTH, Area, picture_path
from webhooks.line.richmenu.icons import ICONS, Square

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")
"""The first face of the file has the Japanese forms of the characters."""

GROUND = "#f6f7fa"
TILE = "#ffffff"
EDGE = "#767676"
TEXT = "#1a1a1a"
PRIMARY = "#0017c1"
"""Colours of the pages (``frontend/styles/tokens.css``). Tiles are light with a dark edge, the first one dark:
they stand out from LINE's light and dark surroundings alike."""

MAIN_PX, TEXT_PX, LEAST_PX = 190, 120, 100
"""Heights of type; long words are smaller. The smallest phone, 320 points wide, shows them as 24, 15 and 13."""

_SHARP = 2
"""Shapes have no smooth edges by themselves: all is drawn twice as large and then reduced."""

_GAP, _ROUND, _LINE, _MARGIN = 14, 44, 5, 50


def draw(lang: str) -> bytes:
    """The picture of a language as PNG of ``WIDTH`` x ``HEIGHT`` pixels; what stands in it is its description."""
    image = Image.new("RGB", (WIDTH * _SHARP, HEIGHT * _SHARP), GROUND)
    for area in AREAS:
        _draw_area(ImageDraw.Draw(image), area, lang)
    info = PngInfo()
    info.add_itxt("Description", described(lang))
    written = BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.BOX).save(written, "PNG", optimize=True, pnginfo=info)
    return written.getvalue()


def described(lang: str) -> str:
    """The words of the picture."""
    return " / ".join(area.label(lang) for area in AREAS)


def is_main(area: Area) -> bool:
    """Whether it is the one large area."""
    return area.height == HEIGHT


def _draw_area(draw: ImageDraw.ImageDraw, area: Area, lang: str) -> None:
    """A tile with the icon above the word."""
    main = is_main(area)
    ink, ground = (TILE, PRIMARY) if main else (PRIMARY, TILE)
    side, up, down = (400, 140, 250) if main else (190, 75, 130)
    middle_x, middle_y = area.left + area.width / 2, area.top + area.height / 2
    _tile(draw, area, ground)
    left, top = (middle_x - side / 2) * _SHARP, (middle_y - up - side / 2) * _SHARP
    ICONS[area.command](Square(draw, left, top, side * _SHARP, ink, ground))
    word = area.label(lang)
    font = _fitting(word, MAIN_PX if main else TEXT_PX, area.width - 2 * _MARGIN)
    draw.text((middle_x * _SHARP, (middle_y + down) * _SHARP), word, TILE if main else TEXT, font, anchor="mm")


def _fitting(word: str, px: int, width: int) -> ImageFont.FreeTypeFont:
    """The type of a height, or smaller where the word would be too wide; ValueError below what can be read."""
    for height in range(px, LEAST_PX - 1, -1):
        font = ImageFont.truetype(FONT, height * _SHARP, index=0)
        if font.getlength(word) <= width * _SHARP:
            return font
    raise ValueError(f"{word!r} has no room in the menu: find a shorter word")


def _tile(draw: ImageDraw.ImageDraw, area: Area, ground: str) -> None:
    corners = [
        (area.left + _GAP) * _SHARP,
        (area.top + _GAP) * _SHARP,
        (area.left + area.width - _GAP) * _SHARP,
        (area.top + area.height - _GAP) * _SHARP,
    ]
    edge = ground if is_main(area) else EDGE
    draw.rounded_rectangle(corners, _ROUND * _SHARP, ground, edge, _LINE * _SHARP)


if __name__ == "__main__":
    for language in MENU_LANGUAGES:
        picture_path(language).write_bytes(draw(language))
