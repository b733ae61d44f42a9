"""The plan outline: what a model covers when seen from straight above."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.raster import raster_outline

MAX_EXACT_TRIANGLES = 20_000
MAX_EDGE_PAIRS = 500_000
EDGES_AT_ONCE = 64
LARGEST = 256
GRID_M = 0.001
WALL_M = 0.001
SAMPLES = 9  # points looked at along an edge

Plan = NDArray[np.float64]
Areas = NDArray[np.object_]

_NO_AREAS: Areas = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Outline:
    """An area in metres and how it was found: cell_m is 0 when exact to 1 mm, else the grid used."""

    geometry: BaseGeometry
    cell_m: float


def plan_outline(plan: Plan) -> Outline:
    """Unite triangles (k, 3, 2), given in metres, into the area they cover.

    Corners are snapped to 1 mm. A surface seen edge on, such as a banner, counts as a strip 1 mm wide. Above
    20,000 triangles, or when too many edges cross to unite them in about a second, a 5 cm grid is used
    instead; the choice depends on the model alone, so everyone gets the same outline.
    """
    snapped = np.round(plan, 3)
    exact = exact_outline(snapped) if len(snapped) <= MAX_EXACT_TRIANGLES else None
    return exact or grid_outline(snapped)


def exact_outline(plan: Plan, areas: Areas = _NO_AREAS) -> Outline | None:
    """Unite triangles snapped to 1 mm, and polygons, to the millimetre.

    What lies within 1 mm of the polygons is left out. None when so many edges cross that it would take too long.
    """
    visible = _without_hidden(plan, areas)
    return None if is_tangled(_edges(visible)) else Outline(_areas_only(_united(visible, areas)), 0.0)


def grid_outline(plan: Plan) -> Outline:
    """Cover triangles snapped to 1 mm by the cells of a grid: never too narrow, at most one cell too wide."""
    geometry, cell = raster_outline(plan)
    return Outline(_areas_only(geometry), cell)


def _doubled_areas(plan: Plan) -> NDArray[np.float64]:
    one, other = plan[:, 1] - plan[:, 0], plan[:, 2] - plan[:, 0]
    doubled: NDArray[np.float64] = np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    return doubled


def _polygons(plan: Plan) -> Areas:
    """Make polygons of the triangles that have an area in the plan."""
    polygons: Areas = shapely.polygons(plan[_doubled_areas(plan) > 0][:, [0, 1, 2, 0]])
    return polygons


def _without_hidden(plan: Plan, polygons: Areas) -> Plan:
    """Leave out what lies well inside the largest triangles and the polygons: mostly, nearly everything."""
    areas = _doubled_areas(plan)
    largest = np.argsort(-areas, kind="stable")[:LARGEST]
    around = shapely.buffer(polygons, GRID_M, join_style="mitre")
    cover = shapely.union_all(np.concatenate([_polygons(plan[largest]), around]))
    shapely.prepare(cover)
    shapes = shapely.linestrings(plan[:, [0, 1, 2, 0]])
    shapes[areas > 0] = _polygons(plan)
    visible = ~shapely.contains_properly(cover, shapes)
    visible[largest] = True
    kept: Plan = plan[visible]
    return kept


def _edges(plan: Plan) -> Plan:
    """List each edge (k, 2, 2) once, its lesser corner first; one may have no length."""
    pairs = np.concatenate([plan[:, [i, (i + 1) % 3]] for i in range(3)])
    swap = (pairs[:, 0, 0] > pairs[:, 1, 0]) | (
        (pairs[:, 0, 0] == pairs[:, 1, 0]) & (pairs[:, 0, 1] > pairs[:, 1, 1])
    )
    pairs[swap] = pairs[swap, ::-1]
    return np.unique(pairs.reshape(-1, 4), axis=0).reshape(-1, 2, 2)


def is_tangled(edges: Plan, most: int = MAX_EDGE_PAIRS) -> bool:
    """Tell whether so many edges (k, 2, 2) may cross that uniting them could take minutes."""
    lines = shapely.linestrings(edges)
    tree = shapely.STRtree(lines)
    pairs = 0
    for start in range(0, len(lines), EDGES_AT_ONCE):
        pairs += tree.query(lines[start : start + EDGES_AT_ONCE]).shape[1]
        if pairs > most:
            return True
    return False


def _united(plan: Plan, areas: Areas) -> BaseGeometry:
    longest = np.sqrt(np.max([((a - b) ** 2).sum(axis=1) for a, b in _sides(plan)], axis=0))
    edge_on = _doubled_areas(plan) <= longest * GRID_M  # lower than 1 mm in the plan
    solid = shapely.disjoint_subset_union_all(np.concatenate([_polygons(plan), areas]))
    return shapely.union(solid, _walls_beyond(solid, _edges(plan[edge_on])))


def _sides(plan: Plan) -> list[tuple[Plan, Plan]]:
    return [(plan[:, i], plan[:, (i + 1) % 3]) for i in range(3)]


def _walls_beyond(solid: BaseGeometry, edges: Plan) -> BaseGeometry:
    """Give body to surfaces seen edge on that no other part of the model covers."""
    shapely.prepare(solid)
    samples = edges[:, :1] + np.linspace(0, 1, SAMPLES)[:, None] * (edges[:, 1:] - edges[:, :1])
    close = shapely.dwithin(solid, shapely.points(samples), GRID_M).all(axis=1)
    strips = shapely.buffer(shapely.linestrings(edges[~close]), WALL_M / 2, cap_style="square")
    return shapely.disjoint_subset_union_all(strips)


def _areas_only(geometry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(geometry)
    areas = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
