"""What stands where: the proposal whole and in the open, people and plants out of its way."""

import math

import numpy as np
import pytest
import shapely
from scenes import PROPOSALS, coloured, example, in_the_park, plain_box, plan_point, spec

from geodata.glb_writer import Mesh
from geodata.ingest import ModelRejected
from geodata.placement import Placement
from geodata.scene import CAMERAS, SceneSpec, build_scene
from geodata.scene.cameras import is_clear
from geodata.scene.figures import SCALE_FIGURE, SCALE_FIGURE_M
from geodata.scene.props import FURNITURE, prop_named
from geodata.scene.subject import place_subject
from geodata.west_shinjuku.generator.shapes import box

ODD = {
    "tiny": ((-0.05, 0, -0.05), (0.05, 0.1, 0.05)),
    "long": ((-20, 0, -1.5), (20, 3, 1.5)),
    "tall": ((-0.5, 0, -0.5), (0.5, 30, 0.5)),
    "flat": ((-4, 0, -4), (4, 0.01, 4)),
}


@pytest.fixture(params=PROPOSALS)
def scene(request):
    return example(request.param)


def test_a_model_stands_with_its_front_along_the_heading_and_its_foot_on_the_place():
    subject = place_subject(
        plain_box((3, 5, 7), (5, 6, 11)), Placement(139.69, 35.69, 90.0, base_m=0.5, scale=2.0)
    )
    # 2 m wide, 4 m deep, front to the east: twice as large, so 8 m along x and 4 m along z
    assert subject.low == pytest.approx([-4, 0.5, -2], abs=1e-4)
    assert subject.high == pytest.approx([4, 2.5, 2], abs=1e-4)


def test_a_viewer_that_turns_scales_and_moves_the_file_gets_the_same_corners():
    subject = example("beacon").subject
    cos, sin = math.cos(subject.rotation_y), math.sin(subject.rotation_y)
    turned = subject.appearance.corners @ np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]).T
    assert np.allclose(subject.scale * turned + subject.position, subject.corners, atol=1e-3)


def test_the_proposal_is_wholly_inside_every_frame_and_fills_its_share(scene):
    for camera in scene.cameras:
        frame = camera.project(scene.subject.hull)
        assert np.abs(frame).max() < 0.95
        width, height = np.ptp(frame, axis=0) / 2
        assert width > 0.3 or height > 0.4, camera.name


@pytest.mark.parametrize("name", ODD)
def test_odd_models_are_wholly_inside_every_frame(name):
    scene = in_the_park(plain_box(*ODD[name]))
    assert [camera.name for camera in scene.cameras] == list(CAMERAS)
    for camera in scene.cameras:
        assert np.abs(camera.project(scene.subject.hull)).max() < 0.95


def test_no_camera_stands_in_or_behind_a_building(scene):
    for camera in scene.cameras:
        sight = shapely.union(scene.subject.footprint, shapely.Point(camera.position[0], camera.position[2]))
        assert not any(shapely.convex_hull(sight).intersects(solid.footprint) for solid in scene.solids)


def test_eye_level_cameras_stand_at_the_height_of_eyes():
    people, approach, overview = example("shade-bench").cameras
    assert people.position[1] == approach.position[1] == 1.6
    assert overview.position[1] > 5


def test_one_adult_of_165_cm_is_seen_whole_by_every_camera_beside_the_proposal(scene):
    figure = scene.figures[0]
    assert figure.prop == SCALE_FIGURE
    height = prop_named(SCALE_FIGURE, True).mesh.positions[:, 1].max()
    assert height == pytest.approx(SCALE_FIGURE_M, abs=0.01)
    assert scene.subject.footprint.distance(plan_point(figure)) < 5
    x, _, z = figure.at
    for camera in scene.cameras:
        frame = camera.project(np.array([[x, 0.0, z], [x, SCALE_FIGURE_M, z]]))
        assert np.abs(frame).max() < 1.0, camera.name


def test_nobody_and_nothing_stands_in_the_proposal_in_a_tower_or_before_the_proposal(scene):
    corridors = [camera.corridor(scene.subject.footprint, 0.0) for camera in scene.cameras]
    for stand in (*scene.figures, *scene.plants):
        radius = FURNITURE[stand.prop].radius_m * stand.scale if stand.prop in FURNITURE else 0.3
        body = plan_point(stand).buffer(radius)
        assert not body.intersects(scene.subject.footprint)
        assert not any(body.intersects(solid.footprint) for solid in scene.solids)
        if stand is not scene.figures[0]:
            assert not any(body.intersects(corridor) for corridor in corridors), stand


def test_people_do_not_stand_in_each_other_or_in_trunks(scene):
    places = [plan_point(stand) for stand in scene.figures]
    assert all(a.distance(b) > 1.0 for i, a in enumerate(places) for b in places[:i])
    assert all(plan_point(plant).distance(place) > 0.5 for plant in scene.plants for place in places)


def test_grounds_do_not_overlap_and_cover_what_the_cameras_see(scene):
    areas = [ground.area for ground in scene.grounds]
    assert all(a.intersection(b).area < 0.05 for i, a in enumerate(areas) for b in areas[:i])
    whole = shapely.union_all(areas)
    assert shapely.Point(0, 0).buffer(1_000).difference(whole).area < 0.1


def test_a_tower_drawn_over_the_proposal_is_left_out():
    here = spec("shade-bench")
    tower = here.blocks[0]
    onto = SceneSpec(
        here.model,
        here.placement,
        here.boundary,
        blocks=[
            type(tower)(tower.positions - tower.positions.mean(axis=0) * (1, 0, 1), tower.normals, tower.triangles)
        ],
    )
    assert build_scene(onto).solids == ()


def test_towers_all_around_do_not_hide_the_proposal():
    here = spec("shade-bench")
    ring = [(dx, dz) for dx in range(-30, 31, 6) for dz in range(-30, 31, 6) if max(abs(dx), abs(dz)) > 6]
    towers = [box(6, 40, 6) for _ in ring]
    walls = [
        Mesh(t.positions + np.array([dx, 0, dz]), t.normals, t.triangles)
        for t, (dx, dz) in zip(towers, ring, strict=True)
    ]
    scene = build_scene(SceneSpec(here.model, here.placement, here.boundary, blocks=walls))
    assert 0 < len(scene.solids) < len(walls)
    assert all(is_clear(camera, scene.subject, scene.solids) for camera in scene.cameras)


def test_the_same_spec_gives_the_same_scene():
    one, other = (build_scene(spec("book-tunnel")) for _ in range(2))
    assert (one.figures, one.plants, one.cameras) == (other.figures, other.plants, other.cameras)


def test_vertex_colours_reach_the_scene():
    looks = in_the_park(coloured()).subject.appearance
    assert np.allclose(looks.colors, [0, 1, 0, 1])


def test_bytes_that_are_no_model_are_refused():
    with pytest.raises(ModelRejected):
        in_the_park(b"no model")
