import re
from datetime import UTC, datetime, timedelta

import pytest
from support.tiny_programme import BALLOT

from civic.admin.deeds import DEEDS
from civic.audit.queries import latest_entries
from civic.ballots.queries import ballot_by_slug, law_of
from civic.installations.queries import installations_of, steps_of
from civic.tallies.queries import decision_of

PAGE = f"/admin/ballots/{BALLOT}"


async def ballot(site):
    async with site.context.database.reading() as session:
        return await ballot_by_slug(session, BALLOT)


async def law(site):
    async with site.context.database.reading() as session:
        return await law_of(session, await ballot_by_slug(session, BALLOT))


async def offered(site) -> set[str]:
    """The deeds whose form stands on the page."""
    return set(re.findall(rf'action="{PAGE}/(\w+)', (await site.get(PAGE)).text))


async def test_the_whole_way_of_a_ballot(both_site):
    site = both_site
    assert await offered(site) == {"open", "cancel"}
    answer = await site.post(f"{PAGE}/open")
    assert (answer.status, answer.headers["location"]) == (303, PAGE)
    assert (await ballot(site)).state == "open"
    assert await offered(site) == {"close", "extend", "withdraw", "cancel"}
    await site.vote("U1", "bench")
    await site.vote("U2", "tree")
    site.clock.pass_by(timedelta(seconds=1))
    assert (await site.post(f"{PAGE}/close")).status == 303
    assert (await ballot(site)).state == "closed"
    assert await offered(site) == {"cancel"}
    site.clock.pass_by(timedelta(minutes=5))
    await site.seal_only()
    assert await offered(site) == {"decision"}
    page = (await site.get(PAGE)).text
    # The bench and the tree have one vote each, and the tree costs less.
    assert re.search(r'value="tree"\s+checked', page)
    assert not re.search(r'value="bench"\s+checked', page)
    answer = await site.post(f"{PAGE}/decision", {"proposals": "tree", "reason": " 木かげがほしい "})
    assert answer.status == 303
    assert await offered(site) == {"install"}
    fields = {"installation": "1", "status": "installed", "note": "できました"}
    assert (await site.post(f"{PAGE}/install", fields)).status == 303
    async with site.context.database.reading() as session:
        found = await ballot_by_slug(session, BALLOT)
        decision = await decision_of(session, found.id)
        [installation] = await installations_of(session, found.id)
        steps = await steps_of(session, installation.id)
        verbs = [entry.verb for entry in await latest_entries(session, 20)]
    assert found.state == "decided"
    assert (decision.reason, decision.differs, decision.actor) == ("木かげがほしい", False, "demo:staff")
    taken = [(step.status, step.note) for step in steps]
    assert taken == [("adopted", "木かげがほしい"), ("installed", "できました")]
    assert {"ballot.opened", "ballot.closed", "ballot.decided", "installation.installed"} <= set(verbs)


async def test_several_proposals_can_be_decided(voted_site):
    await voted_site.seal()
    fields = [("proposals", "tree"), ("proposals", "stage"), ("reason", "both")]
    assert (await voted_site.post(f"{PAGE}/decision", fields)).status == 303
    async with voted_site.context.database.reading() as session:
        decision = await decision_of(session, (await ballot_by_slug(session, BALLOT)).id)
    chosen = [(place["proposal"], place["site"]) for place in decision.selected]
    assert chosen == [("tree", "plaza"), ("stage", "park")]


async def test_the_new_close_is_meant_in_japan(open_site):
    form = {"closes_at": "2026-10-16T18:30", "reason": "雨だったため"}
    assert (await open_site.post(f"{PAGE}/extend", form)).status == 303
    assert (await ballot(open_site)).closes_at == datetime(2026, 10, 16, 9, 30, tzinfo=UTC)
    [notice] = (await law(open_site)).notices
    assert (notice.kind, notice.data["reason"]) == ("extension", "雨だったため")


async def test_an_option_is_withdrawn_with_its_reason(open_site):
    form = {"proposal": "stage", "reason": "音が大きい"}
    assert (await open_site.post(f"{PAGE}/withdraw", form)).status == 303
    assert set((await law(open_site)).withdrawn) == {"stage"}
    assert 'value="stage"' not in (await open_site.get(PAGE)).text


async def test_a_ballot_is_cancelled_with_its_reason(open_site):
    assert (await open_site.post(f"{PAGE}/cancel", {"reason": "工事のため"})).status == 303
    assert (await ballot(open_site)).state == "cancelled"
    assert await offered(open_site) == set()


async def test_the_chosen_language_stays_after_a_deed(site):
    answer = await site.post(f"{PAGE}/open?lang=en")
    assert answer.headers["location"] == f"{PAGE}?lang=en"


@pytest.mark.parametrize(
    ("deed", "fields", "status", "said"),
    [
        ("open", {}, 409, "is now “Open”"),
        ("extend", {"closes_at": "2026-10-16T00:00", "reason": " "}, 422, "reason"),
        ("extend", {"closes_at": "2026-10-14T00:00", "reason": "x"}, 422, "later"),
        ("extend", {"closes_at": "soon", "reason": "x"}, 422, "2026-10-20T18:00"),
        ("extend", {"closes_at": "2026-10-16T00:00+09:00", "reason": "x"}, 422, "2026-10-20T18:00"),
        ("extend", {"closes_at": "0001-01-01T00:00", "reason": "x"}, 422, "later"),
        ("extend", {}, 422, "2026-10-20T18:00"),
        ("withdraw", {"proposal": "nothing", "reason": "x"}, 422, "nothing"),
        ("withdraw", {"proposal": "bench"}, 422, "reason"),
        ("cancel", {}, 422, "reason"),
        ("cancel", {"reason": "x" * 2001}, 422, "2,000"),
        ("decision", {"proposals": "bench", "reason": "x"}, 409, "not been counted"),
        ("install", {"installation": "1", "status": "permit"}, 404, "installation"),
        ("install", {"installation": "9" * 40, "status": "permit"}, 404, "installation"),
        ("install", {"installation": "9" * 5_000, "status": "permit"}, 404, "installation"),
    ],
)
async def test_a_refusal_is_shown_on_the_page_and_changes_nothing(open_site, deed, fields, status, said):
    before = await law(open_site)
    answer = await open_site.post(f"{PAGE}/{deed}?lang=en", fields)
    assert answer.status == status
    [alert] = re.findall(r'role="alert">([^<]*)<', answer.text)
    assert said in alert
    assert "A tiny ballot" in answer.text
    assert (await law(open_site)) == before


async def test_what_was_typed_comes_back_with_a_refusal(open_site):
    form = {"closes_at": "2026-10-14T09:30", "reason": "<まだ>"}
    answer = await open_site.post(f"{PAGE}/extend", form | {"closes_at": "2026-10-14T00:01"})
    assert 'value="2026-10-14T00:01"' in answer.text
    assert answer.text.count("&lt;まだ&gt;") == 1


async def test_ticks_come_back_with_a_refused_decision(voted_site):
    await voted_site.seal()
    answer = await voted_site.post(f"{PAGE}/decision", {"proposals": "tree", "reason": ""})
    assert answer.status == 422
    assert re.findall(r'value="(\w+)"\s+checked', answer.text) == ["tree"]


async def test_an_installation_of_another_ballot_is_out_of_reach(voted_site):
    await voted_site.seal()
    await voted_site.post(f"{PAGE}/decision", {"proposals": "tree", "reason": "x"})
    answer = await voted_site.post("/admin/ballots/other/install", {"installation": "1", "status": "removed"})
    assert answer.status == 404
    async with voted_site.context.database.reading() as session:
        [installation] = await installations_of(session, (await ballot_by_slug(session, BALLOT)).id)
    assert installation.status == "adopted"


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"sec_fetch_site": "", "origin": "null"}],
)
async def test_a_form_of_another_site_does_nothing(open_site, headers):
    for path in [*(f"{PAGE}/{deed}" for deed in DEEDS), "/admin/quarantine", "/admin/x"]:
        answer = await open_site.post(f"{path}?lang=en", {"reason": "x"}, **headers)
        assert answer.status == 403, path
        assert "Pages of other sites cannot act here." in answer.text
    assert (await ballot(open_site)).state == "open"


async def test_too_large_a_form_is_refused(open_site):
    answer = await open_site.post(f"{PAGE}/cancel", {"reason": "x" * 70_000})
    assert answer.status == 413
    assert (await ballot(open_site)).state == "open"


async def test_an_unknown_deed_or_ballot_is_404(open_site):
    assert (await open_site.post(f"{PAGE}/explode")).status == 404
    assert (await open_site.post("/admin/ballots/none/close")).status == 404
    assert (await open_site.get("/admin/ballots/none")).status == 404


async def test_a_ballot_whose_end_passed_before_it_opened_is_not_offered_to_be_opened(site):
    site.clock.pass_by(timedelta(days=2))
    page = (await site.get(PAGE, "en")).text
    assert await offered(site) == {"cancel"}
    assert "Never opened" in page
    assert "cannot be opened any more" in page
    assert (await site.post(f"{PAGE}/open")).status == 409


async def test_an_extension_beyond_its_stage_is_done_and_warned_about(open_site):
    page = (await open_site.get(PAGE, "en")).text
    assert "voting stage ends: Mon 19 Oct 2026, until 09:00 JST" in page
    assert "notice-warning" not in page
    form = {"closes_at": "2026-10-19T09:00", "reason": "x"}
    assert (await open_site.post(f"{PAGE}/extend", form)).status == 303
    assert "notice-warning" not in (await open_site.get(PAGE, "en")).text
    assert (await open_site.post(f"{PAGE}/extend", form | {"closes_at": "2026-10-19T09:01"})).status == 303
    assert "closes after the end of its stage" in (await open_site.get(PAGE, "en")).text


async def test_an_installation_goes_on_in_order(voted_site):
    await voted_site.seal()
    await voted_site.post(f"{PAGE}/decision", {"proposals": "tree", "reason": "x"})
    form = {"installation": "1", "status": "removed", "note": "<もう撤去>"}
    refused = await voted_site.post(f"{PAGE}/install?lang=en", form)
    assert refused.status == 409
    [alert] = re.findall(r'role="alert">([^<]*)<', refused.text)
    assert "in this order" in alert
    assert refused.text.count("&lt;もう撤去&gt;") == 1
    offers = re.findall(r'<option value="(\w+)"', (await voted_site.get(PAGE)).text)
    assert offers == ["permit", "making", "installed", "adopted"]
    for status in ("making", "installed", "making", "installed", "evaluated", "removed"):
        assert (await voted_site.post(f"{PAGE}/install", form | {"status": status})).status == 303, status
