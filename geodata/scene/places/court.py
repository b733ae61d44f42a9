"""Open space of a building: brick paving, planters and trees with benches; below street level behind a wall."""

import shapely

from geodata.scene.ground import Ground
from geodata.scene.light import linear
from geodata.scene.places.setting import Place, Setting, along_edge, scattered
from geodata.scene.places.walls import rim

WALL_M, WALL_WIDTH_M = 1.1, 0.6


def court(setting: Setting) -> Place:
    """Lay out a brick court over the site."""
    inside = shapely.convex_hull(setting.site.union(setting.stage(4.0))).simplify(0.5)
    yard, outline = inside.buffer(2.0, quad_segs=2), inside.buffer(2.0 + WALL_WIDTH_M, quad_segs=2)
    grounds = (
        Ground("brick", yard, 0.0, setting.axis),
        Ground("pavers", inside.buffer(40.0, quad_segs=2), 0.0, setting.axis),
    )
    walls = (rim(outline, WALL_WIDTH_M, WALL_M, linear("#c2ab9a")),) if setting.sunken else ()
    plants = (
        *along_edge(inside.buffer(-0.8), 6.0, ("planter", "bench-tree", "potted-tree")),
        *scattered(inside.buffer(4.0), 40.0, 8.0, ("zelkova-b", "zelkova-a"), 8),
    )
    return Place(grounds, walls, plants)
