"""Which sites are in use now: of programmes that have begun and not ended, each once."""

from datetime import UTC, datetime, timedelta

import pytest
from shapely.geometry import box
from support.line import prepared, settings_for

from civic.programmes.queries import sites_in_use
from civic.programmes.tables import Programme, ProgrammeSite, Stage
from civic.sites.tables import Site
from geodata.shapes import to_wkb

NOW = datetime(2026, 11, 23, tzinfo=UTC)
AREA = to_wkb(box(139.69, 35.68, 139.70, 35.69))


def site(slug):
    return Site(slug=slug, title={"ja": slug}, level="ground", boundary=AREA, ground_m=33.0, rules={}, files={})


@pytest.fixture
async def city(database_url, tmp_path):
    async with (
        prepared(settings_for(tmp_path, database_url)) as (context, _),
        context.database.writing() as session,
    ):
        yield session


async def run(session, slug, sites, *days):
    """A programme on some sites, with a stage for each pair of days from now."""
    programme = Programme(slug=slug, title={"ja": slug}, area=AREA, files={}, source="")
    session.add(programme)
    await session.flush()
    for position, used in enumerate(sites):
        session.add(ProgrammeSite(programme_id=programme.id, site_id=used.id, position=position))
    for position, (opens, closes) in enumerate(days):
        window = {"opens_at": NOW + timedelta(days=opens), "closes_at": NOW + timedelta(days=closes)}
        session.add(Stage(programme_id=programme.id, position=position, kind="ballot", **window))
    await session.flush()


async def test_a_programme_runs_from_its_first_stage_to_its_last(city):
    sites = {slug: site(slug) for slug in ("plaza", "deck", "green", "over", "coming", "idle")}
    city.add_all(sites.values())
    await city.flush()
    await run(city, "short", [sites["green"], sites["plaza"]], (-5, -3), (2, 4))  # between two of its stages
    await run(city, "long", [sites["plaza"], sites["deck"]], (0, 90))
    await run(city, "over", [sites["over"]], (-9, 0))
    await run(city, "coming", [sites["coming"]], (1, 2))
    await run(city, "idle", [sites["idle"]])
    found = [(used.slug, programme.slug) for used, programme in await sites_in_use(city, NOW)]
    assert found == [("plaza", "long"), ("deck", "long"), ("green", "short")]
