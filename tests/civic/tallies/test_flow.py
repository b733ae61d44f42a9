"""From the load to the recount on both databases: the frozen result equals a count done by hand."""

from dataclasses import replace

import pytest
from support.casting import cast, current_law, open_now, tap
from support.freezing import freeze
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, OPENS, OTHER_BALLOT

from civic.ballots.actions import cancel_ballot, withdraw_option
from civic.kernel.errors import Conflict
from civic.tallies.counting import count_log, report_of
from civic.tallies.queries import published_tally, recount
from civic.votes.operations import OpenBallot
from tests.civic.tallies.story import MINUTE, SEALED_FROM, seal, tally_of, vote_and_seal

# Six people and what is left of it:      bench  stage  swing  mist
VOTES = {
    "U1": "add bench, add swing",  #         1             1
    "U2": "add bench, remove bench, add stage",  #   1
    "U3": "add bench, add stage, add swing, add mist",  # 1  1  1 (bench fell out)
    "U4": "none",  # blank
    "U5": "add mist, withdraw",  # no vote
    "U6": "add bench, add bench",  #         1
    "U7": "add nowhere",  # invalid, no vote
}
APPROVALS = {"bench": 2, "stage": 2, "swing": 2, "mist": 1}


async def test_the_result_equals_a_count_by_hand(context):
    """Plaza: bench and stage have 2 each, bench is cheaper. Deck: swing 2, mist 1."""
    tally = await vote_and_seal(context, VOTES)
    assert tally.report == {
        "ballot": "nice",
        "status": "final",
        "method": "site_winner",
        "method_version": 1,
        "voters": 5,
        "blank": 1,
        "late": 0,
        "invalid": 1,
        "channels": {"line": 5, "web": 0, "code": 0, "paper": 0},
        "assurance": {"account": 5, "in_person": 0},
        "approvals": APPROVALS,
        "selected": [
            {"proposal": "swing", "site": "deck", "cost_yen": 500_000},
            {"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000},
        ],
        "ties": [],
        # greedy goes down the list by votes, then cost, and skips what has no site left: swing, bench, no more.
        # All shares together are unlimited without a budget, and no other set has more votes.
        "compared": {name: ["swing", "bench"] for name in ("site_winner", "greedy", "mes", "max_approval")},
    }
    assert tally.computed_at == SEALED_FROM


async def test_a_recount_agrees(context):
    await vote_and_seal(context, VOTES)
    async with context.database.reading() as session:
        found = await recount(session, BALLOT)
    assert vars(found) == {
        "agrees": True,
        "voters": 5,
        "cache_differs": 0,
        "records_differ": 0,
        "result_differs": False,
    }


async def test_what_came_late_is_told_and_not_counted(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    context.clock.present = CLOSES
    await cast(context, ballot, tap("U2", "add", "stage", at=CLOSES), tap("U1", "add", "mist", at=CLOSES))
    await seal(context)
    report = (await tally_of(context)).report
    assert (report["voters"], report["late"]) == (1, 2)
    assert report["approvals"] == {"bench": 1, "stage": 0, "swing": 0, "mist": 0}


async def test_a_tap_on_an_old_card_after_the_seal_is_late_and_the_recount_still_agrees(context):
    """People find the card in their chat a week later: one more late operation, and nothing else."""
    tally = await vote_and_seal(context, VOTES)
    late = OpenBallot(tally.ballot_id, BALLOT, context.keys.get(BALLOT))
    week_later = context.clock.pass_by(days=7)
    taps = tap("U8", "add", "mist", at=week_later), tap("U1", "add", "stage", at=OPENS)
    await cast(context, late, *taps)
    async with context.database.reading() as session:
        counted = await count_log(session, await current_law(context))
        assert (await recount(session, BALLOT)).agrees
    assert counted.count.late == 2
    assert counted.inputs_sha256 == tally.inputs_sha256
    assert (await tally_of(context)).report["approvals"] == APPROVALS


async def test_zero_votes_is_no_result(context):
    report = (await vote_and_seal(context, {"U1": "withdraw"})).report
    assert (report["status"], report["selected"], report["voters"]) == ("no_result", [], 0)
    assert report["approvals"] == dict.fromkeys(APPROVALS, 0)
    assert report["compared"] == {"site_winner": [], "greedy": [], "mes": [], "max_approval": []}


async def test_all_blank_is_a_turnout_and_no_winner(context):
    report = (await vote_and_seal(context, {f"U{n}": "none" for n in range(4)})).report
    assert (report["status"], report["selected"]) == ("no_result", [])
    assert (report["voters"], report["blank"]) == (4, 4)


async def test_a_tie_waits_with_nobody_selected_at_that_site(context):
    """Swing and mist cost the same on the deck; bench is alone on the plaza."""
    votes = {"U1": "add swing", "U2": "add mist", "U3": "add bench"}
    report = (await vote_and_seal(context, votes)).report
    assert report["status"] == "tie_pending"
    assert report["selected"] == [{"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000}]
    assert report["ties"] == [{"between": ["mist", "swing"], "sites": ["deck"], "reason": "equal_at_site"}]


async def test_one_voter_decides_alone(context):
    report = (await vote_and_seal(context, {"U1": "add stage"})).report
    assert (report["status"], report["voters"]) == ("final", 1)
    assert report["selected"] == [{"proposal": "stage", "site": "plaza", "cost_yen": 2_000_000}]


async def test_a_withdrawn_option_is_in_no_result(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "swing", at=OPENS), tap("U2", "add", "swing", at=OPENS))
    await cast(context, ballot, tap("U2", "add", "mist", at=OPENS + MINUTE))
    async with context.database.writing() as session:
        now = context.clock.pass_by(hours=1)
        await withdraw_option(session, "planner", BALLOT, now, "swing", "強度が足りません")
    await seal(context)
    report = (await tally_of(context)).report
    assert report["approvals"] == {"bench": 0, "stage": 0, "mist": 1}
    assert (report["voters"], report["blank"]) == (2, 1)
    assert [place["proposal"] for place in report["selected"]] == ["mist"]
    async with context.database.reading() as session:
        assert (await recount(session, BALLOT)).agrees


@pytest.mark.parametrize("state", ["open", "closed"])
async def test_nobody_learns_a_count_before_the_seal(context, state):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    if state == "closed":
        context.clock.present = CLOSES
        await run_jobs(context)
    with pytest.raises(Conflict) as refused:
        await freeze(context, BALLOT, context.clock())
    assert refused.value.code == "ballot_not_sealed"
    async with context.database.reading() as session:
        assert await published_tally(session, BALLOT) is None


async def test_a_count_before_the_seal_says_that_it_is_provisional(context):
    """Only the command line may ask so, and only after the close."""
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    context.clock.present = CLOSES
    await run_jobs(context)
    law = await current_law(context)
    async with context.database.reading() as session:
        report = report_of(law, (await count_log(session, law)).count)
    assert (report["status"], report["approvals"]["bench"]) == ("provisional", 1)


async def test_the_options_of_the_method_are_those_of_the_manifest(context):
    """1,000,000 yen among 5 voters: 200,000 each. Bench (1,000,000) and swing (500,000) have two friends each."""
    await vote_and_seal(context, VOTES)
    law = await current_law(context)
    async with context.database.reading() as session:
        count = (await count_log(session, law)).count
    frozen = {"method": "mes", "budget_yen": 1_000_000, "method_options": {"increment": 0, "completion": "none"}}
    report = report_of(replace(law, document={**law.document, **frozen}), count)
    assert report["selected"] == report["compared"]["mes"] == []
    assert report["compared"]["greedy"] == ["swing"]


async def test_the_first_result_stands(context):
    first = await vote_and_seal(context, VOTES)
    again = await freeze(context, BALLOT, context.clock.pass_by(days=1))
    assert (again.computed_at, again.inputs_sha256) == (first.computed_at, first.inputs_sha256)


async def test_a_cancelled_ballot_is_never_counted(context):
    await open_now(context)
    async with context.database.writing() as session:
        await cancel_ballot(session, "planner", BALLOT, OPENS, "会場が使えません")
    with pytest.raises(Conflict):
        await freeze(context, BALLOT, SEALED_FROM)


async def test_each_ballot_has_its_own_result(context):
    await open_now(context, OTHER_BALLOT)
    await vote_and_seal(context, {"U1": "add swing"})
    assert (await tally_of(context)).report["approvals"]["swing"] == 1
    assert (await tally_of(context, OTHER_BALLOT)).report["status"] == "no_result"
