"""Placements, checks and layers as GeoJSON."""

import json

import pytest
from shapely.geometry import box, shape
from sqlmodel import select
from support.rfc7946 import check_collection
from support.tiny_programme import square

from civic.proposals.tables import Placement
from civic.sites.tables import Site
from geodata.crs import geometry_to_plane, to_plane

API = "/api/v1"
MIDDLE_OF_PARK = (139.6902, 35.6907)
OVERRUN = square(139.6904, 35.6905, 0.00001)
LAYERS = {
    "gates": [{"type": "LineString", "coordinates": [[139.692000001, 35.689], [139.692, 35.6891]]}],
    "hydrants": [{"type": "Point", "coordinates": [139.6921, 35.689123456]}],
}


async def collection(site, name):
    answer = await site.get(f"{API}/{name}.geojson?programme=tiny")
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"].startswith("application/geo+json")
    document = json.loads(answer.text)
    check_collection(document)
    return {feature["id"]: feature for feature in document["features"]}


@pytest.fixture
async def change(site):
    """Changes the stored checks of the first placement, as another version of the checks would have left them."""

    async def change(**report):
        async with site.context.database.writing() as session:
            placement = (await session.exec(select(Placement).order_by(Placement.id))).first()
            placement.checks = {**placement.checks, **report}
            session.add(placement)

    return change


async def test_a_placement_says_where_and_how_the_proposal_stands(site):
    found = await collection(site, "placements")
    assert list(found) == ["bench/1", "tree/1", "stage/1", "stage/2"]
    properties = found["stage/1"]["properties"]
    assert (properties["proposal"], properties["site"], properties["level"]) == ("stage", "park", "ground")
    assert properties["title"] == {"ja": "小さな舞台", "en": "Small stage"}
    assert (properties["lon"], properties["lat"]) == MIDDLE_OF_PARK
    assert (properties["heading_deg"], properties["base_m"], properties["scale"]) == (90.0, 0.0, 1.0)
    assert properties["cost_yen"] == 2_000_000


async def test_it_carries_its_checks_as_the_planning_aid_they_are(site):
    properties = (await collection(site, "placements"))["stage/1"]["properties"]
    proposal = json.loads((await site.get(f"{API}/programmes/tiny/proposals/stage")).text)
    report = proposal["placements"][0]["checks"]
    assert {name: properties[name] for name in report} == report
    assert {"name", "verdict", "value", "limit", "unit", "reason_ja", "reason_en"} == set(properties["checks"][0])
    assert len(properties["inputs_sha256"]) == 64
    assert properties["rules_version"].startswith("placement-")
    assert "data_year" in properties
    assert "目安" in properties["notice_ja"]
    assert "planning aid" in properties["notice_en"]


async def test_the_footprint_lies_on_the_ground_in_metres(site):
    """The stage is 6 m wide and 4 m deep; it faces east, so it is 6 m from south to north."""
    stage = (await collection(site, "placements"))["stage/1"]
    assert stage["properties"]["footprint"] == "outline"
    footprint = geometry_to_plane(shape(stage["geometry"]))
    east, north = to_plane(*MIDDLE_OF_PARK)
    assert footprint.bounds == pytest.approx((east - 2, north - 3, east + 2, north + 3), abs=0.012)
    assert footprint.symmetric_difference(box(*footprint.bounds)).area < 0.1


async def test_a_placement_of_an_older_version_shows_its_extent_and_says_so(site, change):
    await change(footprint=None)
    assert (await collection(site, "placements"))["bench/1"]["properties"]["footprint"] == "extent"
    await change(footprint=OVERRUN)
    bench = (await collection(site, "placements"))["bench/1"]
    assert (bench["properties"]["footprint"], bench["geometry"]) == ("outline", OVERRUN)


async def test_what_a_check_found_is_drawn(site, change):
    found = {"name": "inside_site", "verdict": "fail", "value": 1.0, "limit": 0.0, "unit": "m2"}
    reasons = {"reason_ja": "はみ出しています。", "reason_en": "It overruns."}
    await change(checks=[{**found, **reasons, "geometry": OVERRUN}, {**found, **reasons, "name": "height"}])
    checks = {name: one for name, one in (await collection(site, "checks")).items() if name.startswith("bench/")}
    assert list(checks) == ["bench/1/inside_site"]
    check = checks["bench/1/inside_site"]
    assert check["geometry"] == OVERRUN
    said = check["properties"]
    assert {name: said[name] for name in found | reasons} == found | reasons
    assert (said["proposal"], said["placement"], said["site"]) == ("bench", "bench/1", "plaza")
    assert len(said["inputs_sha256"]) == 64
    assert "planning aid" in said["notice_en"]


async def test_layers_are_drawn_to_1_cm(site):
    assert await collection(site, "layers") == {}
    async with site.context.database.writing() as session:
        plaza = (await session.exec(select(Site).where(Site.slug == "plaza"))).one()
        plaza.layers = LAYERS
        session.add(plaza)
    layers = await collection(site, "layers")
    assert list(layers) == ["plaza/gates/1", "plaza/hydrants/1"]
    assert layers["plaza/hydrants/1"]["geometry"] == {"type": "Point", "coordinates": [139.6921, 35.6891235]}
    assert layers["plaza/gates/1"]["properties"] == {"site": "plaza", "layer": "gates", "level": "ground"}


@pytest.mark.parametrize("name", ["placements", "checks"])
async def test_what_may_not_be_published_is_left_out(site, name, withheld):
    await withheld("stage")
    assert not any(one.startswith("stage") for one in await collection(site, name))


async def test_there_is_no_count_anywhere(voted_site):
    for name in ("placements", "checks", "layers"):
        for feature in (await collection(voted_site, name)).values():
            assert not {"votes", "approvals", "rank", "voters"} & set(feature["properties"])
