import re

import pytest
from support.site import OPENS, Aside

from civic.admin.quarantine import reason_in_words
from civic.audit.queries import latest_entries
from civic.kernel.clock import to_ms

KEY = bytes.fromhex("aa" * 32)


async def test_an_empty_quarantine_says_so(site):
    assert "Nothing is in quarantine." in (await site.get("/admin/quarantine", "en")).text


async def test_an_event_is_shown_by_reason_and_time_without_its_body(site):
    site.aside.append(Aside(KEY, "ballot_unknown", b"sealed secret", to_ms(OPENS)))
    page = (await site.get("/admin/quarantine", "en")).text
    assert "A vote for an unknown ballot. Load the ballot, then run it again." in page
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


REASONS = ["ballot_unknown", "body_unreadable", "event_id_odd", "event_malformed", "event_unreadable"]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("reason", [*REASONS, "timestamp_ahead", "timestamp_odd", "failed:KeyError"])
def test_every_reason_is_said_in_words(reason, lang):
    in_general = reason_in_words("reason_of_a_later_release", lang)
    assert in_general
    assert reason_in_words(reason, lang) not in {reason, in_general}
