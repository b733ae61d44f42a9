"""What a planner reads on the page of a ballot, state by state."""

import re
from datetime import timedelta

import pytest
from support.tiny_programme import BALLOT

from civic.ballots.actions import extend_ballot, open_ballot

PAGE = f"/admin/ballots/{BALLOT}"
DAYS = timedelta(days=1)


async def read(site, lang="en", path=PAGE):
    answer = await site.get(path, lang)
    assert answer.status == 200
    return answer.text


def people(page: str) -> list[str]:
    """The number over the chart."""
    return re.findall(r'turnout-number">\s*<strong>([\d,]+)<', page)


async def test_before_the_opening_it_says_when_and_shows_no_turnout(site):
    page = await read(site)
    assert "It opens by itself: Wed 14 Oct 2026, 09:00 JST." in page
    assert people(page) == []
    assert (await site.get(f"{PAGE}/turnout")).status == 404


async def test_while_open_it_counts_people_by_the_hour_and_nothing_else(voted_site):
    voted_site.clock.pass_by(timedelta(hours=2))
    await voted_site.vote("U5", "bench")
    page = await read(voted_site)
    assert people(page) == ["5"]
    rows = re.findall(r'<th scope="row">([^<]*)</th>\s*<td class="number">(\d+)</td>', page)
    assert rows == [
        ("Wed 14 Oct 2026, between 09:00 and 09:59 JST", "4"),
        ("Wed 14 Oct 2026, between 11:00 and 11:59 JST", "1"),
    ]
    assert "civic-live" in page
    assert "approvals" not in page


async def test_how_people_choose_changes_nothing_on_the_page(open_site):
    """Somebody who took part already chooses something else: the same page, byte by byte."""
    await open_site.vote("U1", "bench")
    before = await read(open_site)
    await open_site.vote("U1", "tree", "stage")
    await open_site.vote("U1", op="none")
    assert await read(open_site) == before


async def test_the_part_that_refreshes_itself_is_the_same_as_on_the_page(voted_site):
    part = await read(voted_site, path=f"{PAGE}/turnout")
    assert part.lstrip().startswith('<div data-live="yes"')
    assert people(part) == ["4"]
    inside = re.search(r"<div data-part>(.*?)</div>\s*<p data-reload>", await read(voted_site), re.DOTALL)
    assert inside is not None
    assert inside[1].split() == re.sub(r"^\s*<div[^>]*>|</div>\s*$", "", part).split()


async def test_it_lives_until_it_is_counted(voted_site):
    await voted_site.close()
    assert 'data-live="yes"' in await read(voted_site, path=f"{PAGE}/turnout")
    assert "waits 60 seconds" in await read(voted_site)
    voted_site.clock.pass_by(timedelta(minutes=5))
    await voted_site.seal_only()
    part = await read(voted_site, path=f"{PAGE}/turnout")
    assert 'data-live="no"' in part
    assert 'data-state="counted"' in part
    assert "civic-live" not in await read(voted_site)


async def test_after_a_refusal_nothing_refreshes_itself(voted_site):
    """Loading that page anew would send the form again."""
    answer = await voted_site.post(f"{PAGE}/extend", {"closes_at": "x"})
    assert answer.status == 422
    assert "civic-live" not in answer.text


async def test_the_tally_tells_taking_part_from_voting(voted_site):
    await voted_site.vote("U5", "bench")
    await voted_site.vote("U5", "bench", op="remove")
    await voted_site.seal()
    page = await read(voted_site)
    assert "Of 5 people who took part, 4 voted." in page
    assert "The other 1 took back" in page
    assert "Record the decision" in page


async def test_when_everybody_voted_it_says_so(voted_site):
    await voted_site.seal()
    assert "All 4 people who took part have voted." in await read(voted_site)


async def test_a_ballot_of_two_months_is_shown_by_the_day(site):
    async with site.context.database.writing() as session:
        await open_ballot(session, "test", BALLOT, site.clock(), site.context.keys, at_once=False)
        await extend_ballot(session, "test", BALLOT, site.clock(), site.clock() + 60 * DAYS, "x")
    site.clock.pass_by(30 * DAYS)
    await site.vote("U1", "bench")
    page = await read(site)
    assert "by the day" in page
    assert page.count('<rect class="column"') == 31
    assert re.findall(r'<th scope="row">([^<]*)</th>', page) == ["Fri 13 Nov 2026"]


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_every_state_has_its_sentence(site, lang):
    seen = set()

    async def look():
        [lead] = re.findall(r'<p class="lead">([^<]*)</p>', await read(site, lang))
        assert lead.strip()
        seen.add(lead)

    await look()
    await site.open_ballot()
    await look()
    await site.vote("U1", "bench")
    await site.close()
    await look()
    site.clock.pass_by(timedelta(minutes=5))
    await site.seal_only()
    await look()
    await site.post(f"{PAGE}/decision", {"proposals": "bench", "reason": "x"})
    await look()
    assert len(seen) == 5


async def test_a_tally_that_nobody_took_part_in_says_so(open_site):
    await open_site.seal()
    assert "参加した人はいませんでした。" in (await open_site.get(PAGE)).text
