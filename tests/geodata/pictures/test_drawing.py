"""Pictures: the same each time, of the right size, showing the proposal's own colours."""

import io

import numpy as np
import pytest
from PIL import Image
from scenes import coloured, example, in_the_park, picture_bytes, plain_box, textured

from geodata.pictures import CAMERAS, draw, draw_all

SMALL = (160, 120)


def pixels(jpeg):
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def middle(jpeg):
    """The mean colour around the middle of the lower half, where the proposal is."""
    return pixels(jpeg)[55:85, 70:90].reshape(-1, 3).mean(axis=0)


def test_the_same_scene_gives_the_same_bytes():
    assert draw(example("shade-bench"), "people", *SMALL) == draw(example("shade-bench"), "people", *SMALL)


def test_one_rendering_gives_a_wide_and_a_square_picture():
    picture = draw_all(example("beacon"), ["people"], *SMALL)["people"]
    wide, square = pixels(picture.wide), pixels(picture.square)
    assert wide.shape == (120, 160, 3)
    assert square.shape == (120, 120, 3)
    assert np.abs(wide[:, 20:140] - square).mean() < 6  # two JPEGs of the same pixels


def test_a_picture_carries_no_metadata_and_is_no_flat_grey():
    jpeg = draw(example("lawn-stage"), "overview", *SMALL)
    picture = Image.open(io.BytesIO(jpeg))
    assert picture.format == "JPEG"
    assert len(picture.getexif()) == 0
    assert pixels(jpeg).std() > 25


@pytest.mark.parametrize("slug", ["piano-and-books", "book-tunnel", "planters-to-sit-on"])
def test_every_kind_of_place_can_be_drawn(slug):
    for name in CAMERAS:
        shown = pixels(draw(example(slug), name, *SMALL))
        assert 60 < shown.mean() < 220


@pytest.mark.parametrize(
    ("low", "high"),
    [((-0.05, 0, -0.05), (0.05, 0.1, 0.05)), ((-20, 0, -1.5), (20, 3, 1.5)), ((-4, 0, -4), (4, 0.01, 4))],
)
def test_odd_sizes_give_pictures(low, high):
    assert pixels(draw(in_the_park(plain_box(low, high)), "people", *SMALL)).shape == (120, 160, 3)


def test_corner_colours_show():
    red, green, blue = middle(draw(in_the_park(coloured()), "people", *SMALL))
    assert green > 1.5 * red
    assert green > 1.5 * blue


@pytest.mark.parametrize(
    ("kind", "mime_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_pictures_on_a_model_show(kind, mime_type):
    scene = in_the_park(textured(picture_bytes(kind), mime_type))
    shown = pixels(draw(scene, "people", *SMALL)).reshape(-1, 3)
    reds, blues = (shown[:, a] > 2 * shown[:, b] + 30 for a, b in ((0, 2), (2, 0)))
    assert reds.sum() > 300
    assert blues.sum() > 300


def test_a_broken_picture_falls_back_to_the_plain_colour():
    broken = picture_bytes("PNG")[:60]
    assert pixels(draw(in_the_park(textured(broken)), "people", *SMALL)).shape == (120, 160, 3)


def test_an_unknown_camera_is_refused():
    with pytest.raises(KeyError):
        draw(example("beacon"), "drone", *SMALL)
