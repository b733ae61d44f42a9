"""The way in by a link, the session, the way out; and everything that must not get in."""

import asyncio
import re
from collections import defaultdict
from datetime import timedelta

import pytest
from support.addresses import addresses
from support.site import BASE_URL
from support.staff import cookie_of, invite, sign_in
from support.tiny_programme import BALLOT, PROGRAMME

from civic.admin.gate import COOKIE
from civic.audit.queries import latest_entries
from civic.staff.actions import remove_staff

OPEN_TO_ALL = ("/admin/sign-in", "/admin/sign-out", "/admin/invitations/")


@pytest.fixture
async def served(site):
    """The site as in production: nobody is let in without an account."""
    async with site.served_as(mode="production") as other:
        yield other


async def inside(site, cookie: str) -> bool:
    answer = await site.get("/admin/nowhere", cookie=cookie)
    assert answer.status in {404, 401}
    return answer.status == 404


async def test_from_the_link_to_the_pages_and_out_again(both_site):
    async with both_site.served_as(mode="production") as site:
        invitation = await invite(site, "佐藤 花", "planner")
        page = await site.get(invitation.path)
        assert (page.status, page.text.count("佐藤 花 さんとして入る")) == (200, 1)
        assert page.headers["cache-control"] == "no-store"
        answer = await site.post(invitation.path)
        assert (answer.status, answer.headers["location"]) == (303, "/admin")
        cookie = cookie_of(answer)
        home = (await site.get("/admin", cookie=cookie)).text
        assert "佐藤 花" in home
        assert 'action="/admin/sign-out"' in home
        answer = await site.post("/admin/sign-out", cookie=cookie)
        assert (answer.status, answer.headers["location"]) == (303, "/admin/sign-in")
        assert cookie_of(answer) == f'{COOKIE}=""'
        assert not await inside(site, cookie), "ended in the database too, not only in the browser"
        async with site.context.database.reading() as session:
            verbs = [entry.verb for entry in await latest_entries(session, 3)]
        assert verbs == ["staff.signed_out", "staff.signed_in", "staff.invited"]


async def test_the_cookie_is_for_this_host_over_tls_and_not_for_scripts(served):
    answer = await served.post((await invite(served, "A", "planner")).path)
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert re.fullmatch(r"__Host-civic-staff=[\w-]{43}", name)
    assert {part.lower() for part in attributes} == {
        "httponly",
        "max-age=43200",
        "path=/",
        "samesite=lax",
        "secure",
    }


async def test_looking_at_a_link_does_not_use_it_up(served):
    invitation = await invite(served, "A", "planner")
    for _ in range(3):
        answer = await served.get(invitation.path)
        assert answer.status == 200
        assert "set-cookie" not in answer.headers
    assert (await served.post(invitation.path)).status == 303


async def test_a_used_link_says_what_to_do_and_sets_nothing(served):
    invitation = await invite(served, "A", "planner")
    await served.post(invitation.path)
    for answer in (await served.get(invitation.path, "en"), await served.post(f"{invitation.path}?lang=en")):
        assert answer.status == 404
        assert "Ask an owner to make a new one." in answer.text
        assert "set-cookie" not in answer.headers


async def test_used_expired_replaced_and_unknown_links_look_the_same(served):
    expired = await invite(served, "Expired", "planner")
    served.clock.pass_by(timedelta(hours=72))
    used, replaced = await invite(served, "Used", "planner"), await invite(served, "Replaced", "planner")
    await served.post(used.path)
    await invite(served, "Replaced", "planner")
    paths = [link.path for link in (expired, used, replaced)] + [f"/admin/invitations/{'x' * 43}"]
    answers = [await served.get(path) for path in paths]
    assert {answer.status for answer in answers} == {404}
    assert len({answer.text.replace(path, "") for answer, path in zip(answers, paths, strict=True)}) == 1


async def test_two_tabs_accept_at_once(both_site):
    async with both_site.served_as(mode="production") as site:
        invitation = await invite(site, "A", "planner")
        answers = await asyncio.gather(*(site.post(invitation.path) for _ in range(4)))
        assert sorted(answer.status for answer in answers) == [303, 404, 404, 404]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": BASE_URL},
        {"sec_fetch_site": "", "origin": "null"},
    ],
)
async def test_another_site_cannot_sign_anybody_in_or_out(served, headers):
    invitation = await invite(served, "A", "planner")
    assert (await served.post(invitation.path, **headers)).status == 403
    cookie = cookie_of(await served.post(invitation.path))
    assert (await served.post("/admin/sign-out", cookie=cookie, **headers)).status == 403
    assert await inside(served, cookie)


async def test_a_tampered_cookie_opens_nothing(served):
    cookie = await sign_in(served, "A", "owner")
    name, _, token = cookie.partition("=")
    wrong = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.swapcase(),
        token[:-1],
        token + "A",
        f"{token} {token}",
        "",
        "a" * 5000,
        "%00",
        "' or '1'='1",
    ]
    for value in wrong:
        assert not await inside(served, f"{name}={value}"), value
    assert not await inside(served, f"civic-staff={token}"), "only the name that browsers protect counts"
    assert not await inside(served, f"__host-civic-staff={token}")
    assert await inside(served, cookie)


async def test_the_session_of_a_removed_account_is_over(served):
    cookie = await sign_in(served, "A", "planner")
    async with served.context.database.writing() as session:
        await remove_staff(session, "cli", "A", served.clock())
    assert not await inside(served, cookie)
    assert (await served.post(f"/admin/ballots/{BALLOT}/open", cookie=cookie)).status == 401


async def test_signing_in_again_ends_the_session_that_this_browser_had(served):
    first = await sign_in(served, "A", "planner")
    answer = await served.post((await invite(served, "B", "planner")).path, cookie=first)
    assert not await inside(served, first)
    assert await inside(served, cookie_of(answer))


async def test_a_session_is_never_one_that_the_browser_brought(served):
    brought = f"{COOKIE}={'a' * 43}"
    answer = await served.post((await invite(served, "A", "planner")).path, cookie=brought)
    assert cookie_of(answer) != brought
    assert not await inside(served, brought)


async def test_forms_prolong_a_session_and_reading_does_not(both_site):
    async with both_site.served_as(mode="production") as site:
        reader, writer = await sign_in(site, "Reader", "planner"), await sign_in(site, "Writer", "planner")
        site.clock.pass_by(timedelta(hours=7))
        await site.get("/admin", cookie=reader)
        await site.post("/admin/ballots/none/open", cookie=writer)
        site.clock.pass_by(timedelta(hours=1))
        assert not await inside(site, reader)
        assert await inside(site, writer)
        site.clock.pass_by(timedelta(hours=4))
        assert not await inside(site, writer), "twelve hours are the most"


async def test_links_never_come_from_the_host_header(served):
    cookie = await sign_in(served, "Owner", "owner")
    fields = {"name": "B", "role": "planner"}
    answer = await served.post("/admin/staff", fields, cookie=cookie, host="evil.example")
    assert f"{BASE_URL}/admin/invitations/" in answer.text
    assert "evil.example" not in answer.text
    answer = await served.post((await invite(served, "C", "planner")).path, host="evil.example")
    assert answer.headers["location"] == "/admin"


async def test_the_trail_of_a_ballot_names_who_was_signed_in(served):
    cookie = await sign_in(served, "佐藤 花", "planner")
    await served.post(f"/admin/ballots/{BALLOT}/open", cookie=cookie)
    async with served.context.database.reading() as session:
        [newest] = await latest_entries(session, 1)
    assert (newest.actor, newest.verb) == ("staff:1", "ballot.opened")
    page = (await served.get("/admin/audit", "en", cookie=cookie)).text
    assert re.search(r"Opened the ballot.*?佐藤 花", page, re.DOTALL)


async def test_the_explanation_says_who_is_signed_in(served):
    assert "civic staff invite NAME --role owner" in (await served.get("/admin/sign-in", "en")).text
    cookie = await sign_in(served, "佐藤", "planner")
    assert "You are signed in as 佐藤." in (await served.get("/admin/sign-in", "en", cookie=cookie)).text


VALUES = defaultdict(lambda: "1", programme=PROGRAMME, proposal="bench", ballot=BALLOT, token="x" * 43)
"""What stands in the place of a parameter; "1" fits numbers and names."""


async def test_no_page_shows_anything_without_a_session(served):
    paths = addresses(served.app, VALUES, "GET", under="/admin")
    assert len(paths) >= 8
    for path in paths:
        answer = await served.get(path, "en")
        wanted = {"/admin/sign-in": 200, f"/admin/invitations/{'x' * 43}": 404}.get(path, 401)
        assert answer.status == wanted, path
        assert not re.search("tiny|bench|見本", answer.text.replace(path, "")), path


async def test_no_form_is_taken_without_a_session_or_from_another_site(served):
    paths = addresses(served.app, VALUES, "POST", under="/admin")
    assert len(paths) >= 6
    cookie = await sign_in(served, "A", "owner")
    for path in paths:
        answer = await served.post(path, {"reason": "x"}, cookie=cookie, sec_fetch_site="cross-site")
        assert answer.status == 403, path
        answer = await served.post(path, {"reason": "x"}, sec_fetch_site="", origin="https://evil.example")
        assert answer.status == 403, path
        if not path.startswith(OPEN_TO_ALL):
            assert (await served.post(path, {"reason": "x"})).status == 401, path
    assert await inside(served, cookie)
