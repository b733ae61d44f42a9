"""The staff page of how a proposal is seen: eyes, and the sun of a day and hour that is asked for and drawn."""

from __future__ import annotations

import json

import pytest
from sqlmodel import select
from support.site import Site

from civic.drawings.actions import Drawn, Shapes, keep_drawing
from civic.drawings.rules import CAMERAS, EYES
from civic.drawings.sun import DRAW_SUN, PATIENCE
from civic.drawings.tables import SunPicture
from civic.jobs.drawings import draw_sun
from civic.kernel.queue import Job
from civic.proposals.tables import Placement

PAGE = "/admin/programmes/tiny/proposals/bench/views"
NOON = {"day": "2026-12-22", "hour": "12:00"}


async def placement_of(site: Site) -> int:
    async with site.context.database.reading() as session:
        return min(placement.id or 0 for placement in (await session.exec(select(Placement))).all())


async def asked(site: Site) -> list[str]:
    async with site.context.database.reading() as session:
        jobs = (await session.exec(select(Job))).all()
        return [json.dumps(job.payload) for job in jobs if job.name == DRAW_SUN]


async def address(site: Site, **typed: str) -> str:
    return f"{PAGE}?place={await placement_of(site)}&" + "&".join(f"{k}={v}" for k, v in typed.items())


async def test_the_page_shows_the_place_from_three_heights_of_eyes(site):
    number = await placement_of(site)
    pictures = {camera: Shapes(f"{k:064d}", f"{k + 9:064d}") for k, camera in enumerate((*CAMERAS, *EYES))}
    async with site.context.database.writing() as session:
        await keep_drawing(session, number, Drawn("0" * 64, "1" * 64, {}, pictures), site.clock())
    page = (await site.get(PAGE, "en")).text
    assert page.count('src="/admin/files/pictures/') == 3
    assert "An adult&#39;s eyes" in page
    assert "planning aid" in page


async def test_looking_changes_nothing_and_asking_queues_one_drawing(site):
    where = await address(site, **NOON)
    page = await site.get(where)
    assert page.status == 200
    assert "太陽は南、高さ31度" in page.text  # 90 - 35.69 - 23.43 = 30.9 at noon of the solstice
    assert await asked(site) == []
    for _ in range(2):
        answer = await site.post(PAGE, {"place": str(await placement_of(site)), **NOON})
        assert answer.status == 303
        assert "day=2026-12-22&hour=12:00" in answer.headers["location"]
    answer = await site.post(f"{PAGE}?lang=en", {"place": str(await placement_of(site)), **NOON})
    assert (await site.get(answer.headers["location"])).status == 200
    assert len(await asked(site)) == 1
    assert "絵をつくっています" in (await site.get(where)).text
    site.clock.pass_by(PATIENCE)
    assert "この日時の絵を描く" in (await site.get(where)).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "2026-12-22", "hour": "20:00"}, "太陽が出ていない"),
        ({"day": "2026-12-22", "hour": "99:00"}, "のように入れてください"),
        ({"day": "tomorrow", "hour": "12:00"}, "のように入れてください"),
        ({"day": "1999-12-22", "hour": "12:00"}, "のように入れてください"),
    ],
)
async def test_without_sun_or_a_time_the_page_says_so_and_nothing_is_asked(site, typed, sentence):
    page = await site.get(await address(site, **typed))
    assert page.status == 422
    assert sentence in page.text
    answer = await site.post(PAGE, {"place": str(await placement_of(site)), **typed})
    assert answer.status == 422
    assert await asked(site) == []


async def test_a_place_of_another_proposal_is_not_asked_for(site):
    assert (await site.post(PAGE, {"place": "999999", **NOON})).status == 404


@pytest.mark.timeout(300)
async def test_the_worker_draws_it_and_the_staff_see_it(site):
    await site.post(PAGE, {"place": str(await placement_of(site)), **NOON})
    await draw_sun(site.context, json.loads((await asked(site))[0]))
    async with site.context.database.reading() as session:
        drawn = (await session.exec(select(SunPicture))).one()
    assert drawn.wide is not None
    page = await site.get(await address(site, **NOON))
    assert f"/admin/files/pictures/{drawn.wide}.jpg" in page.text
    picture = await site.get(f"/admin/files/pictures/{drawn.wide}.jpg")
    assert (picture.status, picture.headers["content-type"]) == (200, "image/jpeg")
    assert (await site.get(f"/files/pictures/{drawn.wide}.jpg")).status == 404
