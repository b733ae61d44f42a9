"""A square: large granite slabs with darker bands, trees with round benches along its edge."""

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.scene.ground import Ground
from geodata.scene.places.setting import Place, Setting, along_edge, scattered
from geodata.scene.prop import Stand

AROUND_M = 70.0


def plaza(setting: Setting) -> Place:
    """Lay out a square over the site, with footways and trees around it."""
    here = shapely.Point(setting.centre)
    square = setting.site.union(setting.stage(4.0))
    grounds = (
        Ground("slabs", square, 0.0, setting.axis),
        Ground("pavers", here.buffer(AROUND_M).union(square.buffer(6.0)), 0.0, setting.axis),
    )
    return Place(
        grounds, plants=(*_edge_trees(setting.site), *scattered(square, 60.0, 9.0, ("zelkova-a", "zelkova-b"), 5))
    )


def _edge_trees(site: BaseGeometry) -> tuple[Stand, ...]:
    inner = site.buffer(-3.0)
    return along_edge(inner if not inner.is_empty else site, 8.5, ("bench-tree", "planter"))
