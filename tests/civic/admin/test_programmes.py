"""What staff read about programmes: the season, what to do next, and every proposal with its checks."""

import json
import re
from datetime import timedelta

import pytest
from support.site import OPENS
from support.staff import sign_in
from support.tiny_programme import BALLOT, PROGRAMME, load_programme, write_tiny_programme

HOME, PAGE = "/admin", f"/admin/programmes/{PROGRAMME}"


def tasks(page: str) -> list[str]:
    """What is to do next."""
    listed = re.search(r'<ul class="rows tasks">(.*?)</ul>', page, re.DOTALL)
    return re.findall(r">([^<>]+)</a>", listed[1]) if listed else []


async def test_the_line_of_time_says_what_goes_on(site):
    page = (await site.get(HOME, "en")).text
    assert "Now: Voting period, 5 days left" in page
    assert "Today, Wed 14 Oct 2026" in page
    assert re.findall(r'<span class="timeline-days">([^<]*)</span>', page) == [
        "Mon 14 Sep – Mon 12 Oct 2026",
        "Tue 13 Oct – Mon 19 Oct 2026",
        "Mon 19 Oct – Fri 23 Oct 2026",
    ]
    site.clock.pass_by(timedelta(days=30))
    page = (await site.get(HOME, "en")).text
    assert "All stages are over." in page
    assert "Today" not in page


async def test_next_is_what_waits_in_each_state(site):
    assert tasks((await site.get(HOME, "en")).text) == []
    await site.open_ballot()
    assert tasks((await site.get(HOME, "en")).text) == ["Announce “A tiny ballot” to all friends."]
    await site.vote("U1", "bench")
    await site.seal()
    assert tasks((await site.get(HOME, "en")).text) == ["Record the decision on “A tiny ballot”."]
    await site.post(f"/admin/ballots/{BALLOT}/decision", {"proposals": "bench", "reason": "x"})
    assert tasks((await site.get(HOME, "en")).text) == ["Announce the result of “A tiny ballot” to all friends."]


async def test_the_list_shows_turnout_and_no_form(voted_site):
    page = (await voted_site.get(HOME, "en")).text
    assert "Took part: 4" in page
    assert "<form" not in page


async def test_proposals_stand_there_with_value_limit_and_unit(site):
    page = (await site.get(PAGE, "en")).text
    assert re.search(r"Height\s*<strong>1 m</strong>\s*\(limit 6 m\)", page)
    assert "Outside the site" in page
    assert f'href="/p/{PROGRAMME}/bench?lang=en"' in page
    assert f'href="{PAGE}/proposals/new?lang=en"' in page
    assert f'href="{PAGE}/proposals/bench/edit?lang=en"' in page
    assert "July workshop, Table A" in page
    assert "The picture is being drawn" in page


async def test_sites_tell_their_limits(site):
    page = (await site.get(PAGE, "en")).text
    for words in ("At most 6 m high", "At most 30 m² of ground", "Proposals here: 3", "Proposals here: 1"):
        assert words in page, words
    assert '<bdi lang="ja">見本の町</bdi>' in page


@pytest.fixture
async def wanting_site(site, tmp_path):
    """One proposal without consent, one without English, one whose model is too high for its site."""
    folder = write_tiny_programme(tmp_path / "wanting", now=OPENS)
    document = json.loads((folder / "programme.yaml").read_text(encoding="utf-8"))
    bench, tree, stage = document["proposals"]
    bench["consent"] = {"publish": False}
    del tree["alt"]["en"]
    stage["placements"][0]["scale"] = 3.0
    document["ballots"] = []
    (folder / "programme.yaml").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    await load_programme(site.context, folder)
    return site


async def test_what_is_missing_is_said(wanting_site):
    page = (await wanting_site.get(PAGE, "en")).text
    assert "There is no consent to publish." in page
    assert "(alternative text) are missing in English." in page
    assert page.count("Not published") == 1
    assert f'href="/p/{PROGRAMME}/bench' not in page
    assert "verdict-fail" in page
    home = (await wanting_site.get(HOME, "en")).text
    assert tasks(home) == ["Look at the proposals that lack something: 2"]
    listed = (await wanting_site.get("/admin/programmes", "en")).text
    assert "Proposals that lack something: 2" in listed


async def test_an_unknown_programme_or_picture_is_404(site):
    assert (await site.get("/admin/programmes/none")).status == 404
    assert (await site.get(f"/admin/files/pictures/{'0' * 64}.jpg")).status == 404
    assert (await site.get("/admin/files/pictures/..%2F..%2Fsecret.jpg")).status == 404


async def test_a_facilitator_sees_programmes_and_nothing_to_press_that_only_planners_may(site):
    async with site.served_as(mode="production") as other:
        cookie = await sign_in(other, "佐藤", "facilitator")
        pages = [await other.get(path, "en", cookie=cookie) for path in (HOME, "/admin/programmes", PAGE)]
        assert [page.status for page in pages] == [200] * 3
        for page in pages:
            assert "/admin/ballots/" not in page.text
            assert "/admin/audit" not in page.text
        assert "A tiny ballot" in pages[0].text
        for path in ("", "/turnout", "/send/announcement"):
            assert (await other.get(f"/admin/ballots/{BALLOT}{path}", cookie=cookie)).status == 403
        for path in ("/open", "/send/announcement"):
            assert (await other.post(f"/admin/ballots/{BALLOT}{path}", cookie=cookie)).status == 403


DAYS = f"{PAGE}/sites/plaza/days"


async def test_days_given_to_something_else_are_recorded_and_shown(site):
    answer = await site.post(DAYS, {"year": "2026", "days": "12", "note": "祭り <b>"})
    assert answer.status == 303
    page = (await site.get(PAGE, "en")).text
    assert "2026: 12 days" in page
    assert "祭り &lt;b&gt;" in page
    await site.post(DAYS, {"year": "2026", "days": "14", "note": ""})
    assert "2026: 14 days" in (await site.get(PAGE, "en")).text


@pytest.mark.parametrize(
    "typed", [{"year": "26"}, {"days": "367"}, {"days": "many"}, {"days": ""}, {"days": "-1"}]
)
async def test_a_year_or_days_that_cannot_be_are_refused(site, typed):
    answer = await site.post(DAYS, {"year": "2026", "days": "3", "note": ""} | typed)
    assert answer.status == 422
    assert "Nothing is recorded yet." in (await site.get(PAGE, "en")).text


async def test_only_planners_record_days(site):
    async with site.served_as(mode="production") as other:
        cookie = await sign_in(other, "佐藤", "facilitator")
        assert (await other.post(DAYS, {"year": "2026", "days": "3", "note": ""}, cookie=cookie)).status == 403
        assert DAYS not in (await other.get(PAGE, "en", cookie=cookie)).text
