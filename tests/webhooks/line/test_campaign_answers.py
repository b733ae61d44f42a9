"""What LINE answers to a campaign's requests, and what is done about it: later, never again, or without some."""

from datetime import timedelta

import pytest
from support.line import BALLOT, TOKEN

from civic.ballots.actions import close_ballot
from civic.kernel.errors import Conflict
from civic.outbox.campaigns import Attempt, begin_attempts, put_off
from tests.webhooks.line.sending import joined, sender_of
from webhooks.line.client import LineClient
from webhooks.line.simulator.faults import FaultKind


async def test_taken_by_line_with_the_answer_lost(place):
    async with joined(place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, next=1)
        await line.send_all()
        assert await line.states() == ["already"]
        assert line.received == [1, 1, 1]
        assert len(line.multicasts) == 2


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT])
async def test_what_line_cannot_take_now_is_tried_later_and_later(sqlite_place, kind):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.fault(kind, next=4)
        pauses = []
        for _ in range(4):
            started = sqlite_place.clock()
            assert await line.sender.run_batch()
            assert await line.sender.run_batch() is False  # not at once again
            (chunk,) = await line.chunks()
            assert chunk["state"] == "pending"
            pauses.append(await seconds_until_due(line, started))
            sqlite_place.clock.advance(seconds=pauses[-1] + 0.1)
        for pause, longest in zip(pauses, (1, 2, 4, 8), strict=True):
            assert longest / 2 <= pause <= longest + 0.5, pauses
        assert await line.sender.run_batch()
        assert await line.states() == ["sent"]
        assert line.received == [1, 1, 1]
        assert len({request.headers["x-line-retry-key"] for request in line.multicasts}) == 1


async def seconds_until_due(line, since):
    for tenths in range(1, 200):
        after = since + timedelta(seconds=tenths / 10)
        due = await line.place.rows(
            "select id from delivery_chunk where not_before <= :after", after=stored(after)
        )
        if due:
            return tenths / 10
    raise AssertionError("not due within 20 s")


def stored(instant):
    return instant.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


async def test_a_used_up_month_stops_the_sending_until_somebody_lets_it_go_on(place):
    async with joined(place, quota=2) as line:
        await line.befriend()
        await line.plan()
        await line.send_all()
        assert await line.states() == ["quota"]
        assert line.received == [0, 0, 0]
        assert len(line.multicasts) == 1
        line.simulator.channel.quota = 10
        assert (await line.plan()).recipients == 3
        await line.send_all()
        assert await line.states() == ["sent"]
        assert line.received == [1, 1, 1]


async def test_what_was_stopped_does_not_go_on_once_the_ballot_has_closed(sqlite_place):
    async with joined(sqlite_place, quota=2) as line:
        await line.befriend()
        await line.plan()
        await line.send_all()
        line.simulator.channel.quota = None
        async with sqlite_place.context.database.writing() as session:
            await close_ballot(session, "test", BALLOT, sqlite_place.clock(), at_once=True)
        with pytest.raises(Conflict):
            await line.plan()
        assert await line.states() == ["quota"]
        assert line.received == [0, 0, 0]


async def test_after_23_hours_of_doubt_nothing_is_sent_again(place):
    async with joined(place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, next=1)
        await line.sender.run_batch()
        place.clock.advance(hours=22, minutes=58)
        line.fault(FaultKind.ERROR, next=1)
        await line.sender.run_batch()
        assert await line.states() == ["pending"]
        place.clock.advance(minutes=3)
        await line.send_all()
        assert await line.states() == ["unknown"]
        assert len(line.multicasts) == 2
        assert line.received == [1, 1, 1]


async def test_a_wrong_access_token_lets_everything_wait_until_it_is_put_right(sqlite_place):
    async with joined(sqlite_place, residents=1_100, token="not-the-token") as line:
        await line.befriend()
        await line.extend(days=3)
        await line.plan()
        assert await line.sender.run_batch()
        assert await line.states() == ["pending"] * 3
        assert await line.sender.run_batch() is False
        sqlite_place.clock.advance(hours=30)
        right = LineClient(line.url, TOKEN)
        await drain(sender_of(sqlite_place, right), sqlite_place.clock)
        await right.close()
        assert line.received == [1] * 1_100


async def drain(sender, clock):
    while await sender.run_batch():
        clock.advance(minutes=11)


async def test_people_whom_line_names_as_unknown_are_left_out_and_the_others_hear(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.answer_once(400, {"message": "1 error", "details": [{"message": "unknown", "property": "to[1]"}]})
        await line.send_all()
        left_out = line.simulator.channel.residents[1].user_id
        assert [left_out in request.json["to"] for request in line.multicasts] == [True, False]
        assert (await line.plan()).states == {"sent": 2, "refused": 1}
        assert line.received == [1, 0, 1]


@pytest.mark.parametrize(
    ("status", "message", "state"),
    [
        (400, "The request body has 1 error(s)", "refused"),
        (413, "Too large", "refused"),
        (429, "You have sent too many messages to the same user.", "refused"),
        (429, "You have reached your monthly limit.", "quota"),
        (429, "The API rate limit has been exceeded. Try again later.", "pending"),
        (429, "Something new", "pending"),
        (503, "", "pending"),
    ],
)
async def test_what_an_answer_means(sqlite_place, status, message, state):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.answer_once(status, {"message": message})
        await line.sender.run_batch()
        assert await line.states() == [state]
        (chunk,) = await line.chunks()
        assert (chunk["http_status"], chunk["request_id"]) == (status, "from-the-test")
        doubt = status >= 500
        assert (chunk["first_attempt_at"] is not None) == (doubt or state == "refused")


async def test_too_fast_lets_the_whole_channel_wait_as_long_as_line_asks(sqlite_place):
    async with joined(sqlite_place, residents=501) as line:
        await line.befriend()
        await line.plan()
        line.answer_once(429, {"message": "The API rate limit has been exceeded."}, {"retry-after": "90"})
        await line.sender.run_batch()
        assert sorted(await line.states()) == ["pending", "sent"]
        sqlite_place.clock.advance(seconds=85)
        assert await line.sender.run_batch() is False
        sqlite_place.clock.advance(seconds=6)
        assert await line.sender.run_batch()
        assert line.received == [1] * 501


async def test_the_id_of_the_request_that_line_took_is_kept(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, next=1)
        await line.send_all()
        (chunk,) = await line.chunks()
        (taken,) = line.simulator.channel.retry_keys.values()
        assert chunk["accepted_request_id"] == taken.request_id
        assert chunk["request_id"] not in {None, taken.request_id}


async def test_a_stopped_campaign_can_be_seen_and_keeps_what_it_needs(sqlite_place):
    async with joined(sqlite_place, residents=1_100, quota=600) as line:
        await line.befriend()
        await line.plan()
        await line.send_all()
        plan = await line.preview()
        assert (plan.state, sum(plan.states.values())) == ("stopped", 1_100)
        assert plan.states["sent"] in {500, 600}
        assert len(await sqlite_place.rows("select * from campaign_letter")) == 1
        line.simulator.channel.quota = None
        assert (await line.plan()).state == "running"
        await line.send_all()
        assert (await line.preview()).state == "done"
        assert line.received == [1] * 1_100


async def test_a_sender_that_lost_its_duty_does_not_undo_the_doubt_of_the_next_one(place):
    async with joined(place) as line:
        await line.befriend()
        await line.plan()
        ((chunk,), now) = await line.chunks(), place.clock()
        async with place.context.database.writing() as session:
            for _ in range(2):  # the one that stood still for a while, and the one that took over
                await begin_attempts(session, {chunk["id"]: now}, now)
        before = await line.chunks()
        async with place.context.database.writing() as session:
            await put_off(session, Attempt(chunk["id"]), now, None, 0, noted=1)
        assert await line.chunks() == before
        assert before[0]["first_attempt_at"] is not None


async def test_an_outage_of_a_night_is_outlasted(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.answer_once(429, {"message": "The API rate limit has been exceeded."})
        await sqlite_place.execute("update delivery_chunk set attempts = 80")
        await line.send_all()
        assert line.received == [1, 1, 1]
