"""Owners invite people and end their access."""

import re

import pytest
from support.site import BASE_URL
from support.staff import cookie_of, sign_in
from support.tiny_programme import BALLOT, PROGRAMME

from civic.audit.queries import latest_entries

PAGE = "/admin/staff"


@pytest.fixture
async def served(site):
    async with site.served_as(mode="production") as other:
        yield other


@pytest.fixture
async def owner(served):
    """The cookie of an owner's browser."""
    return await sign_in(served, "佐藤 花", "owner")


def link_in(text: str) -> str:
    [link] = re.findall(rf">({BASE_URL}/admin/invitations/[\w-]+)</textarea>", text)
    return link.removeprefix(BASE_URL)


async def test_an_owner_hands_out_a_link_that_is_shown_once(served, owner):
    answer = await served.post(f"{PAGE}?lang=en", {"name": " 山田  次郎 ", "role": "facilitator"}, cookie=owner)
    assert answer.status == 200
    assert "A link for 山田 次郎" in answer.text
    again = (await served.get(PAGE, "en", cookie=owner)).text
    assert "invitations" not in again
    assert "Has an unused link" in again
    answer = await served.post(link_in(answer.text))
    assert (await served.get("/admin", cookie=cookie_of(answer))).status == 200
    again = (await served.get(PAGE, "en", cookie=owner)).text
    assert "Signed in." in again
    assert "Has an unused link" not in again


async def test_access_ends_with_a_form_and_the_trail_knows(served, owner):
    other = await sign_in(served, "山田", "planner")
    answer = await served.post(f"{PAGE}/removals?lang=en", {"name": "山田"}, cookie=owner)
    assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}?lang=en")
    assert (await served.get("/admin", cookie=other)).status == 401
    assert "山田" not in (await served.get(PAGE, cookie=owner)).text
    async with served.context.database.reading() as session:
        [newest] = await latest_entries(session, 1)
    assert (newest.actor, newest.verb, newest.data["name"]) == ("staff:1", "staff.removed", "山田")


@pytest.mark.parametrize(
    ("path", "fields", "status", "said"),
    [
        (PAGE, {"name": "", "role": "planner"}, 422, "visible characters"),
        (PAGE, {"name": "a\u202eb", "role": "planner"}, 422, "visible characters"),
        (PAGE, {"name": "A", "role": "root"}, 422, "no role"),
        (PAGE, {"name": "A"}, 422, "no role"),
        (PAGE, {"name": "佐藤 花", "role": "planner"}, 409, "your own role"),
        (f"{PAGE}/removals", {"name": "佐藤 花"}, 409, "your own"),
        (f"{PAGE}/removals", {"name": "Nobody"}, 404, "Nobody of the name"),
    ],
)
async def test_a_refusal_is_shown_on_the_page(served, owner, path, fields, status, said):
    answer = await served.post(f"{path}?lang=en", fields, cookie=owner)
    assert answer.status == status
    [alert] = re.findall(r'role="alert">([^<]*)<', answer.text)
    assert said in alert
    assert "invitations/" not in answer.text
    assert (await served.get(PAGE, cookie=owner)).text.count("<h2>") == 1, "one account, as before"


async def test_what_was_typed_comes_back_escaped(served, owner):
    answer = await served.post(PAGE, {"name": "<script>alert(1)</script>", "role": "x"}, cookie=owner)
    assert "<script>alert" not in answer.text
    assert 'value="&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text


async def test_a_hostile_name_stays_text_everywhere(served, owner):
    name = '"><img src=x onerror=alert(1)>'
    other = await sign_in(served, name, "owner")
    for path in (PAGE, "/admin/audit", "/admin/sign-in"):
        text = (await served.get(path, cookie=other)).text
        assert "<img src=x" not in text, path
        assert "&lt;img src=x" in text, path


async def test_nobody_who_works_here_appears_on_public_pages(served, owner):
    await served.post(f"/admin/ballots/{BALLOT}/open", cookie=owner)
    for path in ("/", f"/p/{PROGRAMME}", f"/b/{BALLOT}", f"/api/v1/ballots/{BALLOT}"):
        text = (await served.get(path, cookie=owner)).text
        assert "佐藤" not in text, path
        assert "staff:" not in text, path
