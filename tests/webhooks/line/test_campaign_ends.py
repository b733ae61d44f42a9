"""What ends a message before everybody has heard: its ballot is over, or a planner gives up the rest."""

import pytest
from support.line import BALLOT

from civic.ballots.actions import close_ballot
from civic.ballots.queries import ballot_by_slug
from civic.kernel.errors import Conflict
from civic.outbox.about import LAST_CHANCE, About
from civic.outbox.queries import people_waiting
from tests.webhooks.line.sending import joined
from webhooks.line.broadcasts import LastChance
from webhooks.line.simulator.faults import FaultKind

BUSY = (500, {})
TOO_FAST = (429, {"message": "The API rate limit has been exceeded. Try again later."})
MONTH_USED_UP = (429, {"message": "You have reached your monthly limit."})


async def waiting(line):
    async with line.place.context.database.reading() as session:
        return await people_waiting(session)


async def planned(line):
    await line.befriend()
    await line.plan()


async def pass_the_close(line):
    """The clock stands just behind the close of the ballot, which no job has noticed yet."""
    async with line.place.context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
    line.place.clock.advance(seconds=(ballot.closes_at - line.place.clock()).total_seconds() + 1)


async def over(line):
    """Nobody waits, nothing is reserved, nobody's number and no letter is kept."""
    assert await waiting(line) == 0
    assert {chunk["residents"] for chunk in await line.chunks()} == {None}
    assert await line.place.rows("select * from campaign_letter") == []
    assert await line.place.rows("select state from campaign") == [{"state": "done"}]


async def test_nobody_is_asked_to_vote_after_the_close(place):
    async with joined(place, residents=501) as line:
        await planned(line)
        await pass_the_close(line)
        await line.sender.run_batch()
        assert await line.states() == ["expired"] * 2
        assert (await line.preview()).states == {"expired": 501}
        assert (line.multicasts, sum(line.received)) == ([], 0)
        await over(line)


@pytest.mark.parametrize(("answer", "end"), [(BUSY, "unknown"), (TOO_FAST, "expired")])
async def test_what_line_may_have_taken_ends_as_unknown_and_the_rest_as_too_late(sqlite_place, answer, end):
    async with joined(sqlite_place) as line:
        await planned(line)
        line.answer_once(*answer)
        await line.sender.run_batch()
        await pass_the_close(line)
        await line.sender.run_batch()
        assert await line.states() == [end]
        assert len(line.multicasts) == 1
        await over(line)


async def test_a_ballot_that_is_extended_gives_its_messages_more_time(sqlite_place):
    async with joined(sqlite_place) as line:
        await planned(line)
        await line.extend(days=3)
        sqlite_place.clock.advance(days=2)
        await line.send_all()
        assert line.received == [1, 1, 1]


async def test_a_ballot_that_is_closed_early_takes_its_messages_with_it_also_stopped_ones(sqlite_place):
    async with joined(sqlite_place) as line:
        await planned(line)
        line.answer_once(*MONTH_USED_UP)
        await line.sender.run_batch()
        assert (await line.states(), await waiting(line)) == (["quota"], 3)
        async with sqlite_place.context.database.writing() as session:
            await close_ballot(session, "test", BALLOT, sqlite_place.clock(), at_once=True)
        await line.sender.run_batch()
        assert await line.states() == ["expired"]
        await over(line)


async def test_what_waits_for_its_turn_at_the_close_is_not_sent(sqlite_place, monkeypatch):
    """The pace holds a request back until after the close."""
    async with joined(sqlite_place) as line:
        await planned(line)

        async def take():
            await pass_the_close(line)

        monkeypatch.setattr(line.sender.pace, "take", take)
        await line.sender.run_batch()
        await line.sender.run_batch()
        assert (line.multicasts, await line.states()) == ([], ["expired"])


async def test_a_reminder_is_not_planned_for_a_morning_after_the_close(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        async with sqlite_place.context.database.reading() as session:
            ballot = await ballot_by_slug(session, BALLOT)
            draft = await LastChance(sqlite_place.context, None, About(LAST_CHANCE, BALLOT)).draft(session)
        with pytest.raises(Conflict) as refused:
            async with sqlite_place.context.database.writing() as session:
                await draft.plan(session, "test", ballot.closes_at, scheduled=True)
        assert refused.value.code == "after_the_close"
        assert await line.chunks() == []


async def test_what_a_used_up_month_stopped_can_be_given_up_once(place):
    async with joined(place, residents=1_100, quota=600) as line:
        await planned(line)
        while "pending" in await line.states():
            await line.sender.run_batch()
        assert sorted(await line.states()) == ["quota", "sent", "sent"]
        await give_up(line)
        assert sorted(await line.states()) == ["given_up", "sent", "sent"]
        assert (await line.preview()).states == {"sent": 600, "given_up": 500}
        await over(line)
        (entry,) = await place.rows("select subject, data from audit_entry where verb = 'message.given_up'")
        assert entry["subject"] == BALLOT
        assert "500" in str(entry["data"])
        with pytest.raises(Conflict):
            await give_up(line)
        line.simulator.channel.quota = None
        assert (await line.plan()).states == {"sent": 600, "given_up": 500}
        assert sum(line.received) == 600


async def test_what_was_given_up_while_line_was_asked_is_told_as_line_said(sqlite_place):
    """A request of the stopped delivery is still under way: the list stays erased, and what was sent counts."""
    async with joined(sqlite_place, residents=501) as line:
        await planned(line)
        await sqlite_place.execute("update delivery_chunk set state = 'quota' where seq = 1")
        line.fault(FaultKind.SLOW, next=1, seconds=0.5)
        await line.sender.run_batch()
        await sqlite_place.execute("update campaign set state = 'stopped'")
        await give_up(line)
        await line.sender.run_batch()
        assert [chunk["residents"] for chunk in await line.chunks()] == [None, None]
        assert await line.states() == ["sent", "given_up"]


async def give_up(line):
    async with line.place.context.database.writing() as session:
        await line.announcement().give_up(session, "test", line.place.clock())
