"""The planner's tally page as it is served: nothing before the sealing, everything after it."""

import html
import re
from datetime import timedelta

from support.tiny_programme import BALLOT

from civic.ballots.queries import ballot_by_slug, law_of
from civic.tallies.again import SealedVotes, merged_votes

BALLOT_PAGE = f"/admin/ballots/{BALLOT}"
PAGE = f"{BALLOT_PAGE}/tally"


def words_of(page: str) -> str:
    """What stands on the page's main part, without its tags."""
    main = re.search(r'<main id="main".*?</main>', page, re.DOTALL)
    assert main is not None
    return html.unescape(re.sub(r"<[^>]+>", " ", main[0]))


async def read(site, path=PAGE, lang="en"):
    answer = await site.get(path, lang)
    assert answer.status == 200
    return words_of(answer.text)


async def test_before_the_sealing_no_state_shows_a_number(site):
    async def look():
        for path in (PAGE, f"{PAGE}/print"):
            for asked in ("", "?budget=5000000", "?share_live=30&source=x&held_on=2026-01-01"):
                words = words_of((await site.get(path + asked)).text)
                assert "まだ何も見られません" in words
                assert re.findall(r"\d", words) == []

    await look()
    await site.open_ballot()
    await site.vote("U1", "bench")
    await look()
    await site.close()
    await look()
    site.clock.pass_by(timedelta(minutes=5))
    await look()


async def test_after_the_sealing_it_answers_why_and_how_to_check(voted_site):
    assert "tally" not in (await voted_site.get(BALLOT_PAGE)).text
    await voted_site.seal()
    assert f'href="{PAGE}"' in (await voted_site.get(BALLOT_PAGE)).text
    words = await read(voted_site)
    for part in ("Why did this one win?", "The result place by place", "If the budget were another"):
        assert part in words
    assert f"civic recount {BALLOT}" in words
    assert "It need not be that of all residents." in words
    assert len(re.findall(r"\b[0-9a-f]{64}\b", words)) == 2


async def test_another_budget_is_answered_and_is_never_the_result(voted_site):
    await voted_site.seal()
    before = await read(voted_site)
    with_nothing = await read(voted_site, f"{PAGE}?budget=0")
    assert "If the budget were ¥0" in with_nothing
    assert "This is not the result" in with_nothing
    assert "dropped" in with_nothing
    assert "This is not the result" not in before
    assert await read(voted_site) == before
    assert "Enter the budget in yen" in await read(voted_site, f"{PAGE}?budget=much")


async def test_the_page_for_paper_has_everything_open_and_nothing_to_press(voted_site):
    await voted_site.seal()
    page = (await voted_site.get(f"{PAGE}/print", "en")).text
    assert "<form" not in page
    assert "<nav" not in page
    assert re.findall(r"<details\s*>", page) == []


async def test_the_decision_is_told_beside_the_result(voted_site):
    await voted_site.seal()
    assert "No decision is recorded yet." in await read(voted_site)
    await voted_site.post(f"{BALLOT_PAGE}/decision", {"proposals": "tree", "reason": "The bench is not safe."})
    words = await read(voted_site)
    assert "The bench is not safe." in words
    assert "This decision differs from the computed result." in words
    assert "Officially decided" in words


async def test_merged_votes_are_those_that_were_cast(voted_site):
    await voted_site.vote("U5", op="none")
    await voted_site.seal()
    async with voted_site.context.database.reading() as session:
        law = await law_of(session, await ballot_by_slug(session, BALLOT))
        votes = await merged_votes(session, law)
        kept = SealedVotes()
        first = await kept.of(session, law, "hash")
        assert await kept.of(session, law, "hash") is first
        assert await kept.of(session, law, "other") is not first
    groups = {tuple(sorted(group.choices)): group.count for group in votes.ballots}
    assert groups == {(): 2, ("bench",): 1, ("bench", "stage"): 1, ("stage", "tree"): 1}
