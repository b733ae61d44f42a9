"""Staff pages answer only in demo mode, to this machine, under a name of this machine."""

import pytest
from support.tiny_programme import BALLOT

from civic.admin.gate import is_loopback

ADDRESSES = ["/admin", "/admin/audit", "/admin/quarantine", f"/admin/ballots/{BALLOT}", "/admin/nowhere"]


async def refuses_everything(site, **headers):
    for path in ADDRESSES:
        answer = await site.get(path, "en", **headers)
        assert answer.status == 404, path
        assert "Staff accounts are not built yet." in answer.text
        assert "tiny ballot" not in answer.text
    answer = await site.post(f"/admin/ballots/{BALLOT}/open", **headers)
    assert answer.status == 404
    assert "受付中" not in (await site.get(f"/b/{BALLOT}")).text


@pytest.mark.parametrize("mode", ["development", "production"])
async def test_outside_the_demo_there_are_no_staff_pages(site, mode):
    async with site.served_as(mode=mode) as other:
        await refuses_everything(other)


ELSEWHERE = ["203.0.113.5", "192.168.0.10", "2001:db8::1", "::ffff:203.0.113.5", "testclient"]


@pytest.mark.parametrize("client", ELSEWHERE)
async def test_another_machine_sees_no_staff_pages(site, client):
    async with site.served_as(client=client) as other:
        await refuses_everything(other)


@pytest.mark.parametrize("client", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_sees_them_by_any_of_its_addresses(site, client):
    async with site.served_as(client=client) as other:
        assert (await other.get("/admin")).status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::1"])
async def test_a_foreign_name_for_this_machine_is_refused(site, host):
    """A site can point its name at 127.0.0.1; its page would then count as of the same origin."""
    await refuses_everything(site, host=host)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000", "vote.example.jp"])
async def test_names_of_this_machine_are_fine(site, host):
    assert (await site.get("/admin", host=host)).status == 200


@pytest.mark.parametrize("text", ["", "localhost", "0.0.0.0", "256.0.0.1", "127.0.0.1.example"])
def test_what_is_no_loopback_address(text):
    assert not is_loopback(text)
