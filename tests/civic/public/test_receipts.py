import re
from datetime import timedelta

import pytest


async def test_a_receipt_is_found_however_it_was_typed(open_site):
    [code] = await open_site.vote("U1", "bench")
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), code.replace("0", "O")):
        answer = await open_site.get(f"/r/{typed}", "en")
        assert answer.status == 200
        assert code in answer.text
        assert "A tiny ballot" in answer.text
        assert "it goes into the count" in answer.text


async def test_a_receipt_page_never_shows_the_choice_or_the_minute(open_site):
    pages = []
    for account, choice in (("U1", "bench"), ("U2", "stage")):
        [code] = await open_site.vote(account, choice)
        answer = await open_site.get(f"/r/{code}")
        assert answer.headers["cache-control"] == "no-store"
        assert "2026年10月14日(水) 9時台" in answer.text
        pages.append(answer.text.replace(code, ""))
    assert pages[0] == pages[1]


async def test_a_late_operation_is_told_so(open_site):
    await open_site.vote("U1", "bench")
    await open_site.close()
    [code] = await open_site.vote("U2", "bench")
    assert "It arrived after the close" in (await open_site.get(f"/r/{code}", "en")).text


async def test_what_arrived_after_the_grace_is_late_although_tapped_in_time(open_site):
    tapped = open_site.clock()
    open_site.clock.pass_by(timedelta(seconds=10))
    await open_site.close()
    open_site.clock.pass_by(timedelta(seconds=61))
    [code] = await open_site.vote_all([("U1", "bench")], at=tapped)
    assert "It arrived after the close" in (await open_site.get(f"/r/{code}", "en")).text


async def test_an_operation_from_before_the_opening_is_told_so(open_site):
    [code] = await open_site.vote_all([("U1", "bench")], at=open_site.clock() - timedelta(minutes=1))
    assert "It was made before the ballot opened" in (await open_site.get(f"/r/{code}", "en")).text


async def test_a_cancelled_ballot_counts_nothing(open_site):
    [code] = await open_site.vote("U1", "bench")
    await open_site.post("/admin/ballots/tiny-ballot/cancel", {"reason": "storm"})
    assert "This ballot was cancelled" in (await open_site.get(f"/r/{code}", "en")).text


async def test_after_the_sealing_the_receipt_leads_to_the_results(open_site):
    [code] = await open_site.vote("U1", "bench")
    assert "/results" not in (await open_site.get(f"/r/{code}")).text
    await open_site.seal()
    assert "/b/tiny-ballot/results" in (await open_site.get(f"/r/{code}")).text


@pytest.mark.parametrize("typed", ["7N4K-2M0Q-9XRA-T3ZB", "short", "U" * 16, "7N4K-2M0Q-9XRA-T3ZB-0000"])
async def test_an_unknown_receipt_says_what_to_do(open_site, typed):
    answer = await open_site.get(f"/r/{typed}", "en")
    assert answer.status == 404
    assert "No record has this receipt number. Check its 16 letters and digits" in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_form_leads_to_the_page_of_a_possible_number(open_site):
    answer = await open_site.get("/r?code=7n4k2m0q9xrat3zb", "en")
    assert (answer.status, answer.headers["location"]) == (303, "/r/7N4K-2M0Q-9XRA-T3ZB?lang=en")


async def test_the_form_keeps_what_was_typed_wrongly(open_site):
    answer = await open_site.get("/r?code=%22%3E%3Cscript%3E", "en")
    assert answer.status == 422
    assert 'value="&#34;&gt;&lt;script&gt;"' in answer.text
    assert re.search(r'role="alert">\s*A receipt number has 16 letters and digits', answer.text)
