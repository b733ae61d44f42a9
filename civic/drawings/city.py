"""What the renderer is told of the buildings around a placement."""

from collections.abc import Sequence
from typing import Any

import shapely
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.buildings.queries import buildings_near
from civic.buildings.tables import Building
from civic.proposals.tables import Placement
from civic.sites.tables import Site
from geodata.crs import geometry_to_plane, points_to_plane

DRAWN_M, MOST = 150.0, 80
"""Buildings as far as this from a placement are drawn, and no more than so many: those nearest."""


async def city_of(session: AsyncSession, placement: Placement, site: Site) -> dict[str, Any]:
    """The surveyed buildings around a placement; empty without any, and under ground."""
    here = shapely.Point(placement.lon, placement.lat)
    near = [] if site.level == "underground" else await buildings_near(session, here, DRAWN_M)
    if not near:
        return {}
    return {"city": {"ground_m": site.ground_m, "buildings": [_drawn(one) for one in _nearest(near, here)]}}


def _nearest(buildings: Sequence[Building], here: shapely.Point) -> Sequence[Building]:
    """The nearest in an order that the same buildings always have."""
    footprints = shapely.from_wkb([building.footprint for building in buildings])
    away = shapely.distance(shapely.transform(footprints, points_to_plane), geometry_to_plane(here))
    order = away.argsort(kind="stable")[:MOST]
    return [buildings[place] for place in sorted(order.tolist())]


def _drawn(building: Building) -> dict[str, Any]:
    return {
        "id": building.source_id,
        "footprint": building.footprint.hex(),
        "height_m": building.height_m,
        "ground_m": building.ground_m,
    }
