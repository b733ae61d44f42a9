"""Every step from every state: what is allowed happens, what is not is refused and leaves no trace."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from support.casting import open_now
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS

from civic.audit.tables import AuditEntry
from civic.ballots.actions import (
    cancel_ballot,
    close_ballot,
    correct_text,
    extend_ballot,
    mark_decided,
    open_ballot,
    seal_ballot,
    withdraw_option,
)
from civic.ballots.queries import ballot_by_slug, law_of, notices_of
from civic.ballots.rules import require_step
from civic.ballots.tables import STATES, Ballot
from civic.kernel.errors import Conflict, InvalidInput, NotFound

AFTER_GRACE = CLOSES + timedelta(seconds=GRACE_S)
ALLOWED = {
    ("draft", "scheduled"),
    ("draft", "open"),
    ("draft", "cancelled"),
    ("scheduled", "draft"),
    ("scheduled", "open"),
    ("scheduled", "cancelled"),
    ("open", "closed"),
    ("open", "cancelled"),
    ("closed", "sealed"),
    ("closed", "cancelled"),
    ("sealed", "decided"),
}
STEPS = {
    "open": lambda s, c: open_ballot(s, "me", BALLOT, c.clock(), c.keys, at_once=True),
    "closed": lambda s, c: close_ballot(s, "me", BALLOT, c.clock(), at_once=True),
    "sealed": lambda s, c: seal_ballot(s, "me", BALLOT, AFTER_GRACE),
    "decided": lambda s, c: mark_decided(s, BALLOT),
    "cancelled": lambda s, c: cancel_ballot(s, "me", BALLOT, c.clock(), "やり直します"),
}
ONLY_WHILE_OPEN = {
    "extend": lambda s, c: extend_ballot(s, "me", BALLOT, c.clock(), CLOSES + timedelta(days=1), "雨のため"),
    "withdraw": lambda s, c: withdraw_option(s, "me", BALLOT, c.clock(), "bench", "工事のため"),
    "correct": lambda s, c: correct_text(s, "me", BALLOT, c.clock(), "三角広場", "55HIROBA", "書きまちがい"),
}


async def put_into(context, state):
    """Straight into a state, with a manifest where the state has one (STATES stand in the order of a life)."""
    async with context.database.reading() as session:
        opened = (await ballot_by_slug(session, BALLOT)).manifest is not None
    if state not in {"draft", "scheduled"} and not opened:
        await open_now(context)
    async with context.database.writing() as session:
        await session.exec(update(Ballot).where(col(Ballot.slug) == BALLOT).values(state=state))


async def state_of(context):
    async with context.database.reading() as session:
        return (await ballot_by_slug(session, BALLOT)).state


async def verbs(context):
    async with context.database.reading() as session:
        return sorted(entry.verb for entry in await session.exec(select(AuditEntry)))


@pytest.mark.parametrize("present", STATES)
def test_the_steps_from_each_state_are_these_and_no_others(present):
    def may(wanted):
        try:
            require_step("b", present, wanted)
        except Conflict:
            return False
        return True

    assert {wanted for wanted in STATES if may(wanted)} == {w for p, w in ALLOWED if p == present}


async def test_every_action_keeps_to_the_steps(context):
    for present in STATES:
        await put_into(context, present)
        for wanted, act in STEPS.items():
            before = await verbs(context)
            if (present, wanted) in ALLOWED:
                await act_and_roll_back(context, act, wanted)
            else:
                assert await refusal(context, act) == "ballot_state", (present, wanted)
            assert await state_of(context) == present
            assert await verbs(context) == before


async def act_and_roll_back(context, act, wanted):
    async with context.database.writing() as session:
        await act(session, context)
        await session.flush()
        assert (await ballot_by_slug(session, BALLOT)).state == wanted
        await session.rollback()


async def refusal(context, act):
    """The code of the Conflict that an action ends in."""
    with pytest.raises(Conflict) as refused:
        async with context.database.writing() as session:
            await act(session, context)
    return refused.value.code


async def test_a_public_notice_is_given_only_while_open(context):
    for present in STATES:
        await put_into(context, present)
        for act in ONLY_WHILE_OPEN.values():
            if present != "open":
                assert await refusal(context, act) == "ballot_not_open", present
    async with context.database.reading() as session:
        assert await notices_of(session, (await ballot_by_slug(session, BALLOT)).id) == ()


async def test_the_whole_life_in_the_audit_trail(context):
    await open_now(context)
    for present in (CLOSES, AFTER_GRACE):
        context.clock.present = present
        await run_jobs(context)
    async with context.database.reading() as session:
        mine = select(AuditEntry).where(col(AuditEntry.subject) == BALLOT)
        mine = mine.order_by(col(AuditEntry.at), col(AuditEntry.verb))
        trail = [(entry.actor, entry.verb, entry.at) for entry in await session.exec(mine)]
    assert trail == [
        ("test", "ballot.opened", OPENS),
        ("scheduler", "ballot.closed", CLOSES),
        ("scheduler", "ballot.sealed", AFTER_GRACE),
        ("scheduler", "tally.frozen", AFTER_GRACE),
    ]


async def test_an_unknown_ballot_is_not_found(context):
    with pytest.raises(NotFound) as refused:
        async with context.database.writing() as session:
            await close_ballot(session, "me", "no-such", context.clock(), at_once=True)
    assert "no-such" in refused.value.sentence("ja")
    assert "no-such" in refused.value.sentence("en")


async def test_there_is_no_law_before_the_opening(context):
    async with context.database.reading() as session:
        with pytest.raises(Conflict) as refused:
            await law_of(session, await ballot_by_slug(session, BALLOT))
    assert refused.value.code == "ballot_not_opened"


@pytest.mark.parametrize("state", ["scheduled", "open", "closed"])
async def test_cancelling_needs_a_reason_and_is_a_notice_once_people_could_vote(context, state):
    await put_into(context, state)
    with pytest.raises(InvalidInput) as refused:
        async with context.database.writing() as session:
            await cancel_ballot(session, "me", BALLOT, OPENS, "  ")
    assert refused.value.code == "reason_missing"
    async with context.database.writing() as session:
        await cancel_ballot(session, "me", BALLOT, OPENS, " 会場が使えません ")
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        notices = [(notice.kind, dict(notice.data)) for notice in await notices_of(session, ballot.id)]
    assert ballot.state == "cancelled"
    assert notices == ([] if state == "scheduled" else [("cancellation", {"reason": "会場が使えません"})])
    assert (await verbs(context)).count("ballot.cancelled") == 1


async def test_a_closed_ballot_is_not_sealed_a_moment_before_the_grace_is_over(context):
    await put_into(context, "closed")
    async with context.database.writing() as session:
        assert not await seal_ballot(session, "me", BALLOT, AFTER_GRACE - timedelta(milliseconds=1))
    assert await state_of(context) == "closed"
    async with context.database.writing() as session:
        assert await seal_ballot(session, "me", BALLOT, AFTER_GRACE)
    assert await state_of(context) == "sealed"
