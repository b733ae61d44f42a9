"""Sun and view among the checks of a placement: only where buildings around are known, for a view gates too."""

from dataclasses import replace

import pytest
import shapely
from scenes import FOLDER

from civic.proposals.checks import check_placement
from civic.proposals.gate import admit
from geodata.crs import geometry_to_lonlat, to_plane
from geodata.ingest.formats.units import Units
from geodata.ingest.limits import Limits
from geodata.placement import Building, Ground, Layers, Placement, SiteRules

HERE = Placement(139.6917, 35.6896, 0.0)
E, N = to_plane(HERE.lon, HERE.lat)


def plan(west, south, east, north):
    return geometry_to_lonlat(shapely.box(E + west, N + south, E + east, N + north))


def gate(north):
    return geometry_to_lonlat(shapely.LineString([(E - 1, N + north), (E + 1, N + north)]))


SITE = SiteRules(plan(-30, -30, 30, 30), 33.0, "ground", layers=Layers(gates=(gate(-28), gate(28))))
HOUSE = Building("b", plan(-40, 50, 40, 60), 60.0, None)


def names(ground):
    model = admit((FOLDER / "beacon.glb").read_bytes(), "beacon.glb", Units(), Limits())
    return {check.name for check in check_placement(model, HERE, ground).checks} & {"sun_hours", "view"}


@pytest.mark.parametrize(
    ("site", "buildings", "judged"),
    [
        (SITE, [HOUSE], {"sun_hours", "view"}),
        (replace(SITE, layers=Layers()), [HOUSE], {"sun_hours"}),
        (SITE, [], set()),
        (replace(SITE, level="underground"), [HOUSE], set()),
    ],
)
def test_sun_and_view_are_judged_where_their_facts_are_known(site, buildings, judged):
    assert names(Ground(site, buildings, (), (), 0, 2020 if buildings else None)) == judged
