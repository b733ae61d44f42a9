"""A square under glass: polished tiles, slender columns, and a steel grid with the sky above."""

import math
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geodata.glb_writer import Mesh, merge
from geodata.scene.ground import Ground
from geodata.scene.places.setting import Place, Setting, along_edge, scattered
from geodata.scene.prop import Stand, joined, painted
from geodata.scene.props import HALL_M, STEEL
from geodata.west_shinjuku.generator.shapes import Point, beam

BAY_M = 4.5
REACH_M = 55.0


def hall(setting: Setting) -> Place:
    """Lay out a glass-roofed hall over the site and everywhere the cameras stand."""
    near = setting.site.intersection(shapely.Point(setting.centre).buffer(REACH_M))
    inside = shapely.convex_hull(near.union(setting.stage(5.0))).simplify(0.5)
    grounds = (
        Ground("tiles", inside, 0.0, setting.axis),
        Ground("pavers", inside.buffer(30.0), 0.0, setting.axis),
    )
    frame = joined(painted(mesh, STEEL) for mesh in (_roof(inside, setting.axis), _walls(inside)))
    columns = tuple(
        Stand("column", (x, 0.0, z)) for x, z in _lattice(inside.buffer(-1.0), setting.axis, 3 * BAY_M)
    )
    pots = along_edge(inside.buffer(-3.0), 6.5, ("potted-tree", "planter"))
    return Place(
        grounds, (frame,), (*columns, *pots, *scattered(inside.buffer(3.0), 50.0, 9.0, ("zelkova-a",), 6))
    )


def _lattice(area: BaseGeometry, axis: float, spacing: float) -> list[tuple[float, float]]:
    turned = shapely.affinity.rotate(area, -axis, origin=(0, 0), use_radians=True)
    low_x, low_z, high_x, high_z = turned.bounds
    xs, zs = np.arange(low_x, high_x, spacing), np.arange(low_z, high_z, spacing)
    grid = shapely.affinity.rotate(
        shapely.multipoints([(x, z) for x in xs for z in zs]), axis, origin=(0, 0), use_radians=True
    )
    return [(point.x, point.y) for point in shapely.get_parts(grid) if area.contains(point)]


def _roof(area: BaseGeometry, axis: float) -> Mesh:
    """Beams both ways across an area, at the height of the hall."""
    beams = []
    for turn, size in ((axis, 0.28), (axis + math.pi / 2, 0.16)):
        for start, end in _chords(area, turn, BAY_M):
            beams.append(_bar((start[0], HALL_M, start[1]), (end[0], HALL_M, end[1]), size * 0.5, size))
    return merge(beams)


def _chords(
    area: BaseGeometry, turn: float, spacing: float
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    turned = shapely.affinity.rotate(area, -turn, origin=(0, 0), use_radians=True)
    low_x, low_z, high_x, high_z = turned.bounds
    lines = [
        shapely.LineString([(low_x - 1, z), (high_x + 1, z)]) for z in np.arange(low_z + 0.3, high_z, spacing)
    ]
    cut = [
        shapely.affinity.rotate(turned.intersection(line), turn, origin=(0, 0), use_radians=True) for line in lines
    ]
    return [
        (part.coords[0], part.coords[-1]) for line in cut for part in shapely.get_parts(line) if part.length > 0.5
    ]


def _walls(area: BaseGeometry) -> Mesh:
    """The frame of the glass front along the outline: posts and two rails."""
    outline = area.exterior
    count = max(int(outline.length / BAY_M), 3)
    feet = [outline.interpolate(k / count, normalized=True).coords[0] for k in range(count)]
    posts = [_bar((x, 0.0, z), (x, HALL_M, z), 0.12, 0.12) for x, z in feet]
    ring = [*feet, feet[0]]
    rails = [
        _bar((x0, y, z0), (x1, y, z1), 0.1, 0.1)
        for y in (HALL_M / 2, HALL_M)
        for (x0, z0), (x1, z1) in pairwise(ring)
    ]
    return merge([*posts, *rails])


def _bar(start: Point, end: Point, width: float, height: float) -> Mesh:
    """A square bar without its two ends, which meet the ground or other bars."""
    bar = beam(start, end, width, height)
    return Mesh(bar.positions[:16], bar.normals[:16], bar.triangles[:8])
