"""The pictures of the menu: readable, of our colours, the same bytes each time, and drawn of what they say now."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat
from support.styles import contrast, roles

from webhooks.line.richmenu import drawing
from webhooks.line.richmenu.definition import AREAS, HEIGHT, MENU_LANGUAGES, WIDTH, menu

languages = pytest.mark.parametrize("lang", MENU_LANGUAGES)
MOST_BYTES = 200_000
"""LINE takes 1 MB; on a slow line the menu should not be what one waits for."""


def opened(png):
    return Image.open(BytesIO(png))


@languages
def test_a_picture_is_small_and_of_the_size_that_is_told(lang):
    assert opened(menu(lang).picture).size == (WIDTH, HEIGHT)
    assert opened(menu(lang).picture).format == "PNG"
    assert len(menu(lang).picture) < MOST_BYTES


@languages
def test_a_picture_was_drawn_of_the_words_of_today(lang):
    """If this fails: python -m webhooks.line.richmenu.drawing."""
    assert opened(menu(lang).picture).info["Description"] == drawing.described(lang)


@languages
def test_drawn_again_it_is_the_same(lang):
    """Bytes twice here; beside the kept picture pixels, since another FreeType may smooth an edge otherwise."""
    if not drawing.FONT.is_file():
        pytest.skip(f"{drawing.FONT} is missing: install Noto Sans CJK (Debian: fonts-noto-cjk)")
    again = drawing.draw(lang)
    assert again == drawing.draw(lang)
    difference = ImageChops.difference(opened(again).convert("L"), opened(menu(lang).picture).convert("L"))
    assert ImageStat.Stat(difference).mean[0] < 0.5


def test_the_colours_are_those_of_the_pages():
    tokens = roles()
    assert (tokens["ground-quiet"], tokens["ground"]) == (drawing.GROUND, drawing.TILE)
    assert (tokens["text"], tokens["border"], tokens["primary"]) == (drawing.TEXT, drawing.EDGE, drawing.PRIMARY)


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        (drawing.TEXT, drawing.TILE, 4.5),
        (drawing.TILE, drawing.PRIMARY, 4.5),
        (drawing.PRIMARY, drawing.TILE, 3.0),
        (drawing.EDGE, drawing.TILE, 3.0),
        (drawing.EDGE, drawing.GROUND, 3.0),
        (drawing.PRIMARY, drawing.GROUND, 3.0),
    ],
)
def test_words_and_icons_stand_out(ink, ground, least):
    assert contrast(ink, ground) >= least


def share(picture, area, colour):
    """How much of an area has exactly this colour."""
    box = (area.left, area.top, area.left + area.width, area.top + area.height)
    pixels = picture.crop(box).getcolors(1 << 24)
    wanted = tuple(bytes.fromhex(colour[1:]))
    return sum(count for count, found in pixels if found == wanted) / (area.width * area.height)


@languages
def test_ground_and_ink_of_each_area_are_in_the_picture(lang):
    """Measured in the picture itself: grounds fill more than half, and both icon and word are there."""
    picture = opened(menu(lang).picture).convert("RGB")
    main, *others = AREAS
    assert share(picture, main, drawing.PRIMARY) > 0.5
    assert share(picture, main, drawing.TILE) > 0.05
    for area in others:
        assert share(picture, area, drawing.TILE) > 0.5
        assert share(picture, area, drawing.PRIMARY) > 0.02
        assert share(picture, area, drawing.TEXT) > 0.005
