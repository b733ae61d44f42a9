import re

from support.site import OPENS, Aside

from civic.audit.queries import latest_entries
from civic.kernel.clock import to_ms

KEY = bytes.fromhex("aa" * 32)


async def test_an_empty_quarantine_says_so(site):
    assert "Nothing is in quarantine." in (await site.get("/admin/quarantine", "en")).text


async def test_an_event_is_shown_by_reason_and_time_without_its_body(site):
    site.aside.append(Aside(KEY, "ballot_unknown", b"sealed secret", to_ms(OPENS)))
    page = (await site.get("/admin/quarantine", "en")).text
    assert "ballot_unknown" in page
    assert "Wed 14 Oct 2026, 09:00 JST" in page
    assert "secret" not in page
    assert "Run again" in page


async def test_an_erased_event_has_no_button(site):
    site.aside.append(Aside(KEY, None, None, to_ms(OPENS)))
    page = (await site.get("/admin/quarantine", "en")).text
    assert "Content erased" in page
    assert "<form" not in page


async def test_an_event_is_run_again_and_the_trail_knows(site):
    site.aside.append(Aside(KEY, "failed:KeyError", b"sealed", to_ms(OPENS)))
    [typed] = re.findall(r'name="event" value="(\w+)"', (await site.get("/admin/quarantine")).text)
    answer = await site.post("/admin/quarantine?lang=en", {"event": typed})
    assert (answer.status, answer.headers["location"]) == (303, "/admin/quarantine?lang=en")
    assert site.aside == []
    async with site.context.database.reading() as session:
        [newest] = await latest_entries(session, 1)
    assert (newest.verb, newest.subject) == ("quarantine.run_again", typed[:16])


async def test_an_event_that_is_gone_is_refused_on_the_page(site):
    for typed in ("bb" * 32, "no hex", ""):
        answer = await site.post("/admin/quarantine", {"event": typed})
        assert answer.status == 404
        assert 'role="alert"' in answer.text
