"""Placements worked out by hand: a corner near the Tocho, metres from there, and solids stacked from slabs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from geodata.crs import geometry_to_lonlat, to_lonlat
from geodata.placement import Ground, Layers, Placement, SiteRules, check_placement

E0, N0 = -12800.0, -34400.0  # a corner near the Tocho, in metres of EPSG:6677


@dataclass(frozen=True)
class Stack:
    """A solid of upright slabs, each a plan area from one height to another: its sections need no measuring."""

    slabs: tuple[tuple[shapely.Geometry, float, float], ...]
    outline_cell_m: float = 0.0

    @cached_property
    def outline(self):
        return shapely.union_all([plan for plan, _, _ in self.slabs])

    @cached_property
    def height_m(self):
        return max(high for _, _, high in self.slabs)

    def between(self, low_m, high_m):
        return shapely.union_all([plan for plan, low, high in self.slabs if low < high_m and high > low_m])


def block(width, depth, height, **extra):
    """A block with its middle at the origin: width from west to east, depth from south to north."""
    return Stack(((shapely.box(-width / 2, -depth / 2, width / 2, depth / 2), 0.0, height),), **extra)


def roof_on_posts(clear_m, thick_m=0.2):
    """A roof 4 m x 2 m on two posts 0.2 m square at its west and east ends; `clear_m` under the roof."""
    posts = [shapely.box(x - 0.1, -0.1, x + 0.1, 0.1) for x in (-1.9, 1.9)]
    roof = (shapely.box(-2, -1, 2, 1), clear_m, clear_m + thick_m)
    return Stack((*((post, 0.0, clear_m) for post in posts), roof))


def at(e, n, heading_deg=0.0, **extra):
    """A placement whose origin stands at e, n metres from the corner."""
    lon, lat = to_lonlat(E0 + e, N0 + n)
    return Placement(lon, lat, heading_deg, **extra)


def there(shape):
    """A shape in metres from the corner, in lon/lat."""
    return geometry_to_lonlat(shapely.transform(shape, lambda points: np.add(points, (E0, N0))))


def site(width=10.0, depth=10.0, level="ground", ground_m=33.0, layers=None, **rules):
    """A site of width x depth metres whose south-west corner is the corner; layers in metres from there."""
    shapes = {name: tuple(there(shape) for shape in shapes) for name, shapes in (layers or {}).items()}
    boundary = there(shapely.box(0, 0, width, depth))
    return SiteRules(boundary, ground_m, level, layers=Layers(**shapes), **rules)


def found(solid, placement, ground):
    """The checks of one placement by name; `ground` may be a bare site."""
    place = ground if isinstance(ground, Ground) else Ground(ground)
    return {check.name: check for check in check_placement(solid, placement, place)}
