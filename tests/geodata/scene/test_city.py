"""Surveyed buildings as plain blocks in a scene."""

import numpy as np
import pytest
import shapely

from geodata.crs import geometry_to_lonlat, to_plane
from geodata.placement import Building, Placement
from geodata.scene.city import building_meshes, without_surveyed

HERE = Placement(139.6917, 35.6896, 0.0)
E, N = to_plane(HERE.lon, HERE.lat)


def building(west, south, east, north, height, ground):
    plan = shapely.box(E + west, N + south, E + east, N + north)
    return Building("b", geometry_to_lonlat(plan), height, ground)


def test_a_building_stands_where_it_was_surveyed_with_its_outside_in_front():
    """10 m east and 20 m north of the placement, 2 m below the site's ground, 12 m tall: x 10-14, z -26 to -20."""
    [mesh] = building_meshes([building(10, 20, 14, 26, 12.0, 31.0)], HERE, 33.0)
    assert mesh.positions.min(axis=0) == pytest.approx([10, -2, -26], abs=0.001)
    assert mesh.positions.max(axis=0) == pytest.approx([14, 10, -20], abs=0.001)
    middle = np.array([12, 4, -23])
    corners = mesh.positions[mesh.triangles]
    outward = np.einsum("ij,ij->i", corners.mean(axis=1) - middle, mesh.normals[mesh.triangles][:, 0])
    assert (outward > 0).all()
    turned = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("ij,ij->i", turned, mesh.normals[mesh.triangles][:, 0]) > 0).all()


def test_what_stays_below_the_ground_is_left_out_and_an_unknown_ground_is_the_sites():
    low, unknown = building(0, 9, 5, 12, 3.0, 29.0), building(0, 9, 5, 12, 3.0, None)
    assert building_meshes([low], HERE, 33.0) == ()
    [mesh] = building_meshes([unknown], HERE, 33.0)
    assert (mesh.positions[:, 1].min(), mesh.positions[:, 1].max()) == pytest.approx((0, 3))


def test_a_tower_gives_way_to_the_building_surveyed_in_its_place():
    tower, other = building_meshes(
        [building(10, 20, 14, 26, 99.0, None), building(60, 20, 64, 26, 99.0, None)], HERE, 33.0
    )
    assert without_surveyed([tower, other], [building(9, 22, 20, 30, 50.0, None)], HERE) == [other]
    assert without_surveyed([tower, other], [], HERE) == [tower, other]
