"""A park: a paved clearing with a shallow basin, a path around it, and lawn under trees."""

import math

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.scene.ground import Ground
from geodata.scene.light import linear
from geodata.scene.places.setting import Place, Setting, scattered, strip
from geodata.scene.places.walls import rim

LAWN_M = 120.0
PATH_M = 3.0
BASIN_LENGTH_M, BASIN_WIDTH_M = 9.0, 3.4


def park(setting: Setting) -> Place:
    """Lay out a park around the site."""
    basin = _basin(setting)
    walks = shapely.union_all(
        [setting.site.buffer(PATH_M, join_style="mitre")]
        + [
            strip(setting.centre, setting.axis + turn, LAWN_M, PATH_M)
            for turn in (0.0, math.pi * 0.5, math.pi, math.pi * 1.5)
        ]
    )
    grounds = (
        Ground("water", basin.buffer(-0.3), 0.06),
        Ground("setts", setting.site.difference(basin.buffer(-0.02)), 0.0, setting.axis),
        Ground("gravel", walks.difference(basin.buffer(-0.02)), 0.0),
        Ground("lawn", shapely.Point(setting.centre).buffer(LAWN_M).difference(basin.buffer(-0.02))),
    )
    edge = rim(basin, 0.3, 0.16, linear("#b9b2a5"))
    trees = scattered(walks.union(basin), 75.0, 8.0, ("zelkova-a", "zelkova-b", "zelkova-a", "maple"), 3)
    shrubs = scattered(walks.union(basin), 16.0, 2.6, ("shrub",), 4)
    return Place(grounds, (edge,), (*trees, *shrubs[::3]), basin.buffer(0.2))


def _basin(setting: Setting) -> BaseGeometry:
    """A long rounded pool behind the proposal, so that it shows in the front view and hides nothing."""
    x, z = setting.centre
    back_x, back_z = setting.back
    line = shapely.LineString([(-BASIN_LENGTH_M / 2, 0.0), (BASIN_LENGTH_M / 2, 0.0)]).buffer(BASIN_WIDTH_M / 2)
    turned = shapely.affinity.rotate(line, math.atan2(-back_x, back_z), use_radians=True)
    far = 3.0
    while True:
        moved = shapely.affinity.translate(turned, x + back_x * far, z + back_z * far)
        if moved.distance(setting.footprint) >= 2.2:
            return moved
        far += 0.5
