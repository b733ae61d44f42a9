"""Code cards from the planner's sheet to the vote: one code, one vote, and no way from one to the other."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from support.site import Site
from support.tiny_programme import BALLOT

from civic.ballots.queries import ballot_by_slug, law_of
from civic.codes.actions import Wanted, make_batch, void_batch
from civic.codes.queries import PURPOSE, batches_of, card_by_code
from civic.codes.rules import in_groups
from civic.kernel.security import Vault, pseudonym
from civic.tallies.counting import count_log
from tests.civic.public.test_voting import Visitor, VoteForm, own_vote, rows, visitor
from tests.civic.web.test_every_route import rows_of

ADMIN = f"/admin/ballots/{BALLOT}"
CODES = f"{ADMIN}/codes"


async def made(site: Site, cards: int = 3, *, is_test: bool = False) -> list[str]:
    async with site.context.database.writing() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        wanted = Wanted(len(await batches_of(session, ballot.id)) + 1, cards, "図書館", is_test)
        return list(await make_batch(session, "staff:1", site.context.vault, BALLOT, wanted, site.clock()))


async def holder(site: Site, code: str) -> Visitor:
    """Somebody who scanned the QR code of a card."""
    answer = await site.get(f"/c/{code}")
    assert answer.status == 303
    return Visitor(site, answer.headers["location"])


async def counted(site: Site):
    async with site.context.database.reading() as session:
        return (await count_log(session, await law_of(session, await ballot_by_slug(session, BALLOT)))).count


async def test_a_card_votes_and_changes_its_vote(both_site):
    await both_site.open_ballot()
    [code] = await made(both_site, 1)
    person = await holder(both_site, code)
    assert "受け付けました" in (await person.send(["bench"])).text
    assert "カードのコード1つにつき1票" in person.page.text
    both_site.clock.pass_by(timedelta(hours=2))
    again = await holder(both_site, code)
    assert (await again.form()).ticked == ["bench"]
    await again.send(["tree"])
    assert {row[2] for row in await rows(both_site)} == {"code"}
    found = await counted(both_site)
    assert (found.voters, found.channels["code"], dict(found.ballots)) == (1, 1, {frozenset({"tree"}): 1})


async def test_a_typed_code_opens_the_same_form(open_site):
    [code] = await made(open_site, 1)
    answer = await open_site.post("/c", {"code": f" {in_groups(code).lower()} "})
    assert answer.status == 303
    typed = Visitor(open_site, answer.headers["location"])
    await typed.send(["bench"])
    assert (await (await holder(open_site, code)).form()).ticked == ["bench"]


async def test_looking_at_a_card_changes_nothing(open_site):
    [code] = await made(open_site, 1)
    before = rows_of(open_site)
    for method in ("GET", "HEAD"):
        assert (await open_site.ask(method, f"/c/{code}")).status == 303
    await (await holder(open_site, code)).look()
    assert rows_of(open_site) == before


async def test_no_code_is_kept_and_no_card_leads_to_a_vote(open_site):
    codes = await made(open_site)
    await (await holder(open_site, codes[0])).send(["bench"])
    kept = repr(rows_of(open_site))
    assert not any(code in kept or in_groups(code) in kept for code in codes)
    voter = pseudonym(open_site.context.keys.get(BALLOT), "code", codes[0])
    [card] = [row for row in rows_of(open_site)["voting_code"] if row[-1] is not None]
    assert voter not in card
    assert rows_of(open_site)["vote_log"][0][2] == voter


async def test_a_test_card_shows_everything_and_records_nothing(open_site):
    [code] = await made(open_site, 1, is_test=True)
    answer = await (await holder(open_site, code)).send(["bench"])
    assert answer.status == 409
    assert "試しのカード" in answer.text
    assert VoteForm(answer.text).ticked == ["bench"]
    assert await rows(open_site) == []
    assert (await counted(open_site)).voters == 0


async def test_a_void_card_opens_nothing_and_its_vote_stays(open_site):
    codes = await made(open_site)
    voted = await holder(open_site, codes[0])
    await voted.send(["bench"])
    form = await voted.form()
    await open_site.post(f"{CODES}/void", {"batch": "1", "code": codes[0], "reason": "なくした"})
    assert (await open_site.get(f"/c/{codes[0]}")).status == 410
    open_site.clock.pass_by(timedelta(seconds=1))
    refused = await voted.send(["tree"], form=form)
    assert refused.status == 410
    assert "このカードは無効になりました" in refused.text
    assert "木のベンチ" in own_vote(refused)
    assert (await open_site.get(f"/c/{codes[1]}")).status == 303
    await open_site.post(f"{CODES}/void", {"batch": "1", "reason": "箱ごとなくした"})
    assert (await open_site.get(f"/c/{codes[1]}")).status == 410
    assert (await counted(open_site)).voters == 1


async def test_the_planner_sees_the_cards_once_and_then_only_numbers(open_site):
    fields = {"number": "1", "cards": "3", "place": "中央図書館"}
    sheet = await open_site.post(CODES, fields)
    assert (sheet.status, sheet.headers["cache-control"]) == (200, "no-store")
    codes = re.findall(r'code-card-code">([0-9A-Z]{5}-[0-9A-Z]{5})<', sheet.text)
    assert len(set(codes)) == 3
    assert sheet.text.count("<svg") - sheet.text[: sheet.text.index('class="code-cards"')].count("<svg") == 3
    for said in ("コード1つにつき1票です。", "One code, one vote.", "番号（ばんごう） 1つで 1票（ぴょう）"):
        assert said in html.unescape(sheet.text)
    await (await holder(open_site, codes[0])).send(["bench"])
    page = (await open_site.get(CODES, "en")).text
    assert re.findall(r'<td class="number"[^>]*>(\d+)</td>', page) == ["3", "1", "0"]
    assert not any(code in page for code in codes)
    again = await open_site.post(CODES, fields)
    assert again.status == 409
    assert "この束は、もう作ってあります" in again.text


async def test_no_cards_after_the_close(open_site):
    await open_site.close()
    answer = await open_site.post(CODES, {"number": "1", "cards": "3", "place": "図書館"})
    assert answer.status == 409
    assert "<h2>カードを作る" not in answer.text
    assert rows_of(open_site)["voting_code"] == []


async def test_a_card_before_the_opening_leads_to_the_ballots_page(site):
    [code] = await made(site, 1)
    assert (await site.get(f"/c/{code}")).headers["location"] == f"/b/{BALLOT}"


async def test_after_the_close_a_card_shows_its_vote(open_site):
    [code] = await made(open_site, 1)
    await (await holder(open_site, code)).send(["bench"])
    await open_site.close()
    page = await (await holder(open_site, code)).look()
    assert page.status == 410
    assert "木のベンチ" in own_vote(page)


async def test_cards_outlive_the_change_of_the_secret(open_site):
    [code] = await made(open_site, 1)
    old = open_site.context.settings.secret_key[0].get_secret_value()
    rotated = replace(open_site.context, vault=Vault("f" * 32, old))
    newest = rotated.vault.keyed_hash(code, PURPOSE)
    assert newest not in [row[0] for row in rows_of(open_site)["voting_code"]]
    async with open_site.context.database.reading() as session:
        assert await card_by_code(session, rotated.vault, code) is not None


@pytest.mark.parametrize("typed", ["", "bench", "0000000011", "あ", "%00"])
async def test_what_is_no_code_is_said_without_a_search(open_site, typed):
    answer = await open_site.post("/c", {"code": typed})
    assert answer.status in {404, 422}
    assert 'role="alert"' in answer.text


async def test_guessing_ends_soon_and_one_room_does_not_end_it_for_another(open_site):
    [code] = await made(open_site, 1)
    async with open_site.served_as(client="203.0.113.7") as seen:
        answers = [(await seen.post("/c", {"code": "0000000012"})).status for _ in range(31)]
        assert answers == [404] * 30 + [429]
        refused = await seen.get(f"/c/{code}", "en")
        assert refused.status == 429
        assert "Wait a few minutes" in refused.text
    async with open_site.served_as() as behind_proxy:
        for _ in range(30):
            await behind_proxy.post("/c", {"code": "0000000012"}, x_forwarded_for="1.2.3.4, 198.51.100.1")
        assert (await behind_proxy.get(f"/c/{code}", x_forwarded_for="198.51.100.1")).status == 429
        assert (await behind_proxy.get(f"/c/{code}", x_forwarded_for="198.51.100.2")).status == 303
        open_site.clock.pass_by(timedelta(minutes=5))
        assert (await behind_proxy.get(f"/c/{code}", x_forwarded_for="198.51.100.1")).status == 303


async def test_right_codes_use_up_nothing(open_site):
    [code] = await made(open_site, 1)
    assert {(await open_site.get(f"/c/{code}")).status for _ in range(100)} == {303}


async def test_a_card_of_another_site_cannot_be_sent_from_elsewhere(open_site):
    [code] = await made(open_site, 1)
    answer = await open_site.post("/c", {"code": code}, sec_fetch_site="cross-site")
    assert answer.status == 403


async def test_voiding_needs_a_reason_and_a_batch(open_site):
    await made(open_site, 1)
    assert (await open_site.post(f"{CODES}/void", {"batch": "1", "reason": ""})).status == 422
    assert (await open_site.post(f"{CODES}/void", {"batch": "9", "reason": "x"})).status == 404
    assert [row[4] for row in rows_of(open_site)["voting_code"]] == ["ok"]


async def test_the_trail_tells_of_batches_and_of_no_code(open_site):
    [code] = await made(open_site, 1)
    async with open_site.context.database.writing() as session:
        await void_batch(session, "staff:1", BALLOT, 1, "雨でぬれた", open_site.clock())
    page = (await open_site.get("/admin/audit")).text
    assert "投票カードを作った" in page
    assert "雨でぬれた" in page
    assert code not in page


async def test_one_account_and_one_card_are_two_voters(open_site):
    [code] = await made(open_site, 1)
    await (await holder(open_site, code)).send(["bench"])
    await visitor(open_site).send(["bench"])
    assert (await counted(open_site)).channels == {"line": 0, "web": 1, "code": 1, "paper": 0}
