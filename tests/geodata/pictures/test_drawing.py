"""Pictures: the same each time, of the right size, showing the proposal's own colours."""

import io

import numpy as np
import pytest
from PIL import Image
from scenes import PARK, coloured, example, in_the_park, picture_bytes, plain_box, textured

from geodata.glb_writer import Mesh
from geodata.pictures import CAMERAS, draw, draw_all
from geodata.placement import Placement
from geodata.scene import SceneSpec, Sun, build_alone, build_scene
from geodata.west_shinjuku.generator import shapes

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
    for picture in draw_all(example(slug), CAMERAS, *SMALL).values():
        assert 60 < pixels(picture.wide).mean() < 220


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


def test_other_eyes_look_from_the_same_place_at_their_own_height():
    scene = example("shade-bench")
    adult, child, wheelchair = (scene.camera(name) for name in ("people", "child", "wheelchair"))
    assert [camera.position[1] for camera in (adult, child, wheelchair)] == [1.6, 1.1, 1.2]
    assert {camera.position[::2] for camera in (adult, child, wheelchair)} == {adult.position[::2]}
    lowest = [camera.project(scene.subject.hull)[:, 1].min() for camera in (adult, child, wheelchair)]
    assert max(lowest) - min(lowest) < 0.02  # the proposal stands at the same height in each frame
    drawn = draw_all(scene, ["people", "child", "wheelchair"], *SMALL)
    assert len({picture.wide for picture in drawn.values()}) == 3


def test_the_sun_of_an_hour_goes_behind_towers_and_that_of_the_cards_does_not():
    tower = shapes.box(200.0, 300.0, 10.0)
    south = Mesh(tower.positions + np.array([0.0, 0.0, 60.0]), tower.normals, tower.triangles)
    model, placement = plain_box((-1, 0, -1), (1, 2, 1)), Placement(PARK.centroid.x, PARK.centroid.y, 200.0)
    suns = (Sun(180.0, 20.0), Sun(180.0, 20.0, behind_towers=False))
    scenes = [build_scene(SceneSpec(model, placement, PARK, blocks=(south,), sun=sun)) for sun in suns]
    shaded, sunny = (pixels(draw(scene, "overview", *SMALL)).mean() for scene in scenes)
    assert shaded < 0.75 * sunny


def test_a_sun_below_the_horizon_is_refused():
    with pytest.raises(ValueError, match="too low"):
        Sun(180.0, -3.0)


def test_a_model_alone_stands_on_empty_ground_with_one_adult():
    scene = build_alone(textured(picture_bytes("PNG")))
    assert [len(scene.figures), len(scene.plants), len(scene.solids), len(scene.fixtures)] == [1, 0, 0, 0]
    shown = pixels(draw(scene, "people", *SMALL))
    red, blue = shown[..., 0] - shown[..., 2] > 80, shown[..., 2] - shown[..., 0] > 80
    assert red.mean() > 0.02
    assert blue.mean() > 0.02
