"""In demo mode staff pages answer to this machine, under a name of this machine; else to who is signed in."""

import pytest
from support.site import Site
from support.staff import sign_in
from support.tiny_programme import BALLOT

from civic.admin.gate import is_loopback

ADDRESSES = ["/admin", "/admin/audit", "/admin/quarantine", "/admin/staff", f"/admin/ballots/{BALLOT}", "/admin/x"]
BALLOT_PAGE = f"/admin/ballots/{BALLOT}"


async def refuses_everything(site: Site, status: int, said: str, **headers: str) -> None:
    for path in ADDRESSES:
        answer = await site.get(path, "en", **headers)
        assert answer.status == status, path
        assert said in answer.text
        assert "tiny ballot" not in answer.text
    answer = await site.post(f"{BALLOT_PAGE}/open", **headers)
    assert answer.status == status
    assert "受付中" not in (await site.get(f"/b/{BALLOT}")).text


@pytest.mark.parametrize("mode", ["development", "production"])
async def test_outside_the_demo_nobody_gets_in_without_signing_in(site, mode):
    async with site.served_as(mode=mode) as other:
        await refuses_everything(other, 401, "You need to be signed in as staff.")


ELSEWHERE = ["203.0.113.5", "192.168.0.10", "2001:db8::1", "::ffff:203.0.113.5", "testclient"]
ONLY_HERE = "only on the computer that runs it"


@pytest.mark.parametrize("client", ELSEWHERE)
async def test_another_machine_sees_no_staff_pages_of_a_demo(site, client):
    async with site.served_as(client=client) as other:
        await refuses_everything(other, 404, ONLY_HERE)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_sees_them_by_any_of_its_addresses(site, client):
    async with site.served_as(client=client) as other:
        assert (await other.get("/admin")).status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::1"])
async def test_a_foreign_name_for_this_machine_is_refused(site, host):
    """A site can point its name at 127.0.0.1; its page would then count as of the same origin."""
    await refuses_everything(site, 404, ONLY_HERE, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000", "vote.example.jp"])
async def test_names_of_this_machine_are_fine(site, host):
    assert (await site.get("/admin", host=host)).status == 200


@pytest.mark.parametrize("text", ["", "localhost", "0.0.0.0", "256.0.0.1", "127.0.0.1.example"])
def test_what_is_no_loopback_address(text):
    assert not is_loopback(text)


async def test_in_a_demo_nobody_needs_to_sign_in_but_anybody_can(site):
    page = (await site.get("/admin", "en")).text
    assert "Demo staff" in page
    assert "Sign out" not in page
    cookie = await sign_in(site, "佐藤", "facilitator")
    page = (await site.get("/admin", "en", cookie=cookie)).text
    assert "佐藤" in page
    assert "Sign out" in page
    assert (await site.get("/admin/staff", cookie=cookie)).status == 403


PLANNERS = ("/admin/audit", "/admin/quarantine", BALLOT_PAGE)


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        ("owner", ("/admin", "/admin/staff", *PLANNERS), ()),
        ("planner", ("/admin", *PLANNERS), ("/admin/staff",)),
        ("facilitator", ("/admin",), ("/admin/staff", *PLANNERS)),
    ],
)
async def test_a_role_opens_its_pages_and_no_others(site, role, allowed, refused):
    async with site.served_as(mode="production") as other:
        cookie = await sign_in(other, "佐藤", role)
        for path in allowed:
            assert (await other.get(path, cookie=cookie)).status == 200, path
        for path in refused:
            answer = await other.get(path, "en", cookie=cookie)
            assert answer.status == 403, path
            assert "Your role cannot use this page." in answer.text
            assert "tiny ballot" not in answer.text


async def test_a_role_cannot_act_beyond_its_pages(site):
    async with site.served_as(mode="production") as other:
        facilitator, planner = await sign_in(other, "A", "facilitator"), await sign_in(other, "B", "planner")
        assert (await other.post(f"{BALLOT_PAGE}/open", cookie=facilitator)).status == 403
        for cookie in (facilitator, planner):
            fields = {"name": "Eve", "role": "owner"}
            assert (await other.post("/admin/staff", fields, cookie=cookie)).status == 403
            assert (await other.post("/admin/staff", {"name": "A", "role": "owner"}, cookie=cookie)).status == 403
            assert (await other.post("/admin/staff/removals", {"name": "A"}, cookie=cookie)).status == 403
        assert (await other.get("/admin", cookie=facilitator)).status == 200
        assert (await other.post(f"{BALLOT_PAGE}/open", cookie=planner)).status == 303
