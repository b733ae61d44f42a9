"""A decision stands beside the computed result, once, with its reason: never over it."""

from datetime import timedelta

import pytest
from sqlmodel import col, select
from support.casting import open_now
from support.databases import DIALECTS
from support.small_programme import BALLOT, CLOSES

from civic.audit.tables import AuditEntry
from civic.ballots.queries import ballot_by_slug
from civic.kernel.errors import Conflict, InvalidInput
from civic.tallies.actions import decide
from civic.tallies.queries import decision_of, published_tally, recount
from tests.civic.tallies.story import prepare_sealed, sealed_installation, vote_and_seal

VOTES = {"U1": "add bench, add swing", "U2": "add bench"}  # bench wins the plaza, swing the deck
BENCH = {"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000}
SWING = {"proposal": "swing", "site": "deck", "cost_yen": 500_000}
MIST = {"proposal": "mist", "site": "deck", "cost_yen": 500_000}


async def prepare_counted(url, folder):
    await prepare_sealed(url, folder, VOTES)


@pytest.fixture(params=DIALECTS)
async def counted(request, installed, tmp_path):
    async with sealed_installation(installed(prepare_counted, request.param, tmp_path), tmp_path) as opened:
        yield opened


async def decide_on(context, *proposals, reason="票が多い"):
    async with context.database.writing() as session:
        now = context.clock()
        return await decide(session, "cli:planner", BALLOT, proposals, reason, now)


async def state_and_decision(context):
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        return ballot.state, await decision_of(session, ballot.id)


async def test_the_computed_winners_are_decided_without_a_difference(counted):
    await decide_on(counted, "swing", "bench", reason=" 票が多い ")
    state, decision = await state_and_decision(counted)
    assert state == "decided"
    assert (decision.selected, decision.differs, decision.reason) == ([SWING, BENCH], False, "票が多い")
    assert (decision.actor, decision.decided_at) == ("cli:planner", counted.clock())


async def test_another_decision_says_that_it_differs_and_the_result_stays(counted):
    await decide_on(counted, "bench", "mist", reason="ぶらんこは強度が足りません")
    _, decision = await state_and_decision(counted)
    assert (decision.selected, decision.differs) == ([BENCH, MIST], True)
    async with counted.database.reading() as session:
        tally = await published_tally(session, BALLOT)
        assert (await recount(session, BALLOT)).agrees
    assert tally.report["selected"] == [BENCH, SWING]


async def test_to_decide_on_one_of_two_winners_differs(counted):
    assert (await decide_on(counted, "bench")).differs


async def test_a_proposal_named_twice_is_decided_once(counted):
    assert (await decide_on(counted, "bench", "bench", "swing")).selected == [BENCH, SWING]


async def test_without_a_reason_there_is_no_decision(counted):
    for reason in ("", "  ", "\n\t"):
        with pytest.raises(InvalidInput) as refused:
            await decide_on(counted, "bench", reason=reason)
        assert refused.value.code == "reason_missing"
    assert await state_and_decision(counted) == ("sealed", None)


async def test_a_reason_as_long_as_the_field_is_kept_and_a_longer_one_decides_nothing(counted):
    with pytest.raises(InvalidInput) as refused:
        await decide_on(counted, "bench", reason="あ" * 2001)
    assert refused.value.code == "reason_too_long"
    assert "2,000 文字まで" in refused.value.sentence("ja")
    assert "2,001" in refused.value.sentence("en")
    assert await state_and_decision(counted) == ("sealed", None)
    assert (await decide_on(counted, "bench", reason="あ" * 2000)).reason == "あ" * 2000


async def test_what_is_not_on_the_ballot_cannot_be_decided(counted):
    with pytest.raises(InvalidInput) as refused:
        await decide_on(counted, "bench", "nowhere")
    assert refused.value.code == "option_unknown"
    assert "nowhere" in refused.value.sentence("ja")
    assert await state_and_decision(counted) == ("sealed", None)


async def test_to_choose_nothing_is_no_decision(counted):
    with pytest.raises(InvalidInput) as refused:
        await decide_on(counted)
    assert refused.value.code == "nothing_chosen"
    assert await state_and_decision(counted) == ("sealed", None)


async def test_a_ballot_is_decided_once(counted):
    await decide_on(counted, "bench")
    with pytest.raises(Conflict) as refused:
        await decide_on(counted, "swing")
    assert refused.value.code == "ballot_state"
    _, decision = await state_and_decision(counted)
    assert decision.selected == [BENCH]


async def test_before_the_count_nothing_can_be_decided(context):
    await open_now(context)
    with pytest.raises(Conflict) as refused:
        await decide_on(context, "bench")
    assert refused.value.code == "tally_missing"


async def test_a_decision_is_in_the_trail(counted):
    context = counted
    context.clock.present = CLOSES + timedelta(days=5)
    await decide_on(context, "mist")
    async with context.database.reading() as session:
        mine = select(AuditEntry).where(col(AuditEntry.verb) == "ballot.decided")
        entry = (await session.exec(mine)).one()
    assert (entry.actor, entry.subject, entry.at) == ("cli:planner", BALLOT, context.clock())
    assert entry.data == {"selected": [MIST], "differs": True}


async def test_a_tie_is_for_people_to_resolve(context):
    """Swing and mist are level on the deck: whichever is decided differs from a result without a winner."""
    await vote_and_seal(context, {"U1": "add swing", "U2": "add mist"})
    decision = await decide_on(context, "mist", reason="くじで決めました")
    assert (decision.selected, decision.differs) == ([MIST], True)
