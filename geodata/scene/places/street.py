"""A street: a wide footway, a kerb, a carriageway behind the proposal, and trees in rows."""

import math

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.scene.ground import Ground
from geodata.scene.light import linear
from geodata.scene.places.setting import Place, Setting, row, scattered, strip
from geodata.scene.places.walls import block

REACH_M = 160.0
CARRIAGEWAY_M, KERB_M, DROP_M = 13.0, 0.2, 0.15
DASH_M, GAP_M, LINE_M = 5.0, 5.0, 0.15


def street(setting: Setting) -> Place:
    """Lay out a street along the site; the carriageway runs on the side of the proposal's back."""
    axis, out = setting.axis, setting.out
    near = setting.edge(out) + 0.7
    far = near + CARRIAGEWAY_M

    def band(start: float, end: float) -> BaseGeometry:
        x, z = setting.offset(out, (start + end) / 2)
        return strip((x - math.cos(axis) * REACH_M, z - math.sin(axis) * REACH_M), axis, 2 * REACH_M, end - start)

    road, here = band(near, far), shapely.Point(setting.centre)
    kerbs = (band(near - KERB_M, near), band(far, far + KERB_M))
    grounds = (
        *(Ground("marking", mark, -DROP_M + 0.004) for mark in _dashes(setting, (near + far) / 2)),
        Ground(
            "marking", shapely.union(band(near + 0.5, near + 0.65), band(far - 0.65, far - 0.5)), -DROP_M + 0.004
        ),
        Ground("asphalt", road, -DROP_M, axis),
        Ground("pavers", setting.site.union(here.buffer(80.0)), 0.0, axis),
    )
    stone = [block(kerb, DROP_M + 0.004, linear("#b3aea5"), -DROP_M) for kerb in kerbs]
    trees = (
        *row(setting, out, near - 1.1, 8.0, ("zelkova-a",)),
        *row(setting, out, far + 1.6, 8.0, ("zelkova-b",)),
        *row(setting, out, far + 5.0, 4.0, ("planter",)),
    )
    return Place(
        grounds,
        tuple(stone),
        (*trees, *scattered(road.buffer(12.0), 30.0, 10.0, ("zelkova-a",), 9)),
        road.buffer(0.5),
    )


def _dashes(setting: Setting, at: float) -> list[BaseGeometry]:
    x, z = setting.offset(setting.out, at)
    cos, sin = math.cos(setting.axis), math.sin(setting.axis)
    count = int(REACH_M / (DASH_M + GAP_M))
    starts = [(x + cos * k * (DASH_M + GAP_M), z + sin * k * (DASH_M + GAP_M)) for k in range(-count, count)]
    return [shapely.union_all([strip(start, setting.axis, DASH_M, LINE_M) for start in starts])]
