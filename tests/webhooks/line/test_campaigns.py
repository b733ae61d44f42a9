"""The announcement to many people: planned once, each person reached once, whatever becomes of the network."""

import asyncio
import json
from datetime import timedelta

import pytest
from support.line import BALLOT, follow, offered, person, tap, unfollow

from civic.ballots.actions import close_ballot
from civic.kernel.errors import Conflict, NotFound
from civic.residents.actions import choose_language
from tests.webhooks.line.openapi import validator
from tests.webhooks.line.sending import joined, sender_of
from webhooks.line.client import Quota
from webhooks.line.messages import check_messages
from webhooks.line.simulator.faults import FaultKind


async def test_every_friend_is_reached_once_and_nobody_else(place):
    async with joined(place, residents=5) as line:
        await line.befriend()
        left = line.simulator.channel.residents[4].user_id
        await place.handle(unfollow(left), tap(person(1), "idea-01"))  # a vote alone makes no friend
        plan = await line.plan()
        assert (plan.recipients, plan.messages, plan.states) == (4, 4, {})
        await line.send_all()
        assert line.received == [1, 1, 1, 1, 0]
        (request,) = line.multicasts
        assert left not in request.json["to"]
        (chunk,) = await line.chunks()
        assert (chunk["state"], chunk["attempts"], chunk["http_status"]) == ("sent", 1, 200)
        assert chunk["request_id"]


async def test_the_announcement_leads_to_the_ballot_and_says_nothing_personal(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        await line.send_all()
        (request,) = line.multicasts
        messages = request.json["messages"]
        check_messages(messages)
        assert validator("MulticastRequest").is_valid(request.json)
        assert offered(messages) == [f"c=ballot&b={BALLOT}&l=ja"]
        (chunk,) = await line.chunks()
        assert not any(resident.user_id in repr(chunk) for resident in line.simulator.channel.residents)


async def test_planned_once_however_often_it_is_typed(place):
    async with joined(place) as line:
        await line.befriend()
        first = await line.plan()
        before = await line.chunks()
        await place.handle(follow(person(99)))
        second = await line.plan()
        assert (second.recipients, second.messages) == (first.recipients, first.messages)
        assert second.states == {"pending": 3}
        assert await line.chunks() == before
        await line.send_all()
        assert (await line.plan()).states == {"sent": 3}
        assert await line.sender.send_next() is False
        assert line.received == [1, 1, 1]


async def test_a_dry_run_plans_nothing(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        assert (await line.preview()).recipients == 3
        assert await line.chunks() == []
        await line.plan()
        await sqlite_place.handle(follow(person(99)))
        assert (await line.preview()).recipients == 3


async def test_only_an_open_ballot_is_announced(sqlite_place):
    async with joined(sqlite_place) as line:
        async with sqlite_place.context.database.writing() as session:
            await close_ballot(session, "test", BALLOT, sqlite_place.clock(), at_once=True)
        for attempt in (line.plan, line.preview):
            with pytest.raises(Conflict):
                await attempt()
        with pytest.raises(NotFound):
            await line.preview(slug="nothing")


async def test_with_nobody_to_send_to_nothing_is_planned_yet(place):
    async with joined(place) as line:
        assert (await line.plan()).recipients == 0
        await line.befriend()
        assert (await line.plan()).recipients == 3
        await line.send_all()
        assert line.received == [1, 1, 1]


async def test_1100_people_are_three_chunks(sqlite_place):
    async with joined(sqlite_place, residents=1_100) as line:
        await line.befriend()
        assert (await line.plan()).recipients == 1_100
        assert [len(json.loads(chunk["residents"])) for chunk in await line.chunks()] == [500, 500, 100]
        await line.send_all()
        assert line.received == [1] * 1_100
        assert len({request.headers["x-line-retry-key"] for request in line.multicasts}) == 3


async def test_each_is_written_to_in_their_language(place):
    async with joined(place, residents=5) as line:
        await line.befriend()
        async with place.context.database.writing() as session:
            for resident in line.simulator.channel.residents[:2]:
                await choose_language(session, place.context.vault, resident.user_id, "en", 1)
        await line.plan()
        await line.send_all()
        led = [offered(resident.chat[0].message) for resident in line.simulator.channel.residents]
        assert led == [[f"c=ballot&b={BALLOT}&l=en"]] * 2 + [[f"c=ballot&b={BALLOT}&l=ja"]] * 3


async def test_key_and_attempt_are_in_the_database_before_line_hears_of_them(place):
    seen = []

    async def look(request):
        if request.path.endswith("/multicast"):
            (chunk,) = await place.rows("select retry_key, attempts, first_attempt_at from delivery_chunk")
            seen.append((chunk["retry_key"] == request.headers["x-line-retry-key"], chunk["attempts"]))
            assert chunk["first_attempt_at"] is not None

    async with joined(place) as line:
        line.recorder.on_request = look
        await line.befriend()
        await line.plan()
        await line.send_all()
        assert seen == [(True, 1)]


async def test_killed_between_sending_and_the_answer_nobody_hears_it_twice(place):
    async with joined(place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.SLOW, next=1, seconds=2)
        sending = asyncio.create_task(line.sender.send_next())
        while sum(line.received) < 3:  # noqa: ASYNC110 - LINE has it, and has not answered
            await asyncio.sleep(0.01)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert [chunk["state"] for chunk in await line.chunks()] == ["pending"]
        place.clock.advance(seconds=30)
        restarted = sender_of(place, line.client)
        assert await restarted.send_next()
        first, second = line.multicasts
        assert first.headers["x-line-retry-key"] == second.headers["x-line-retry-key"]
        assert first.body == second.body
        assert await line.states() == ["already"]
        assert line.received == [1, 1, 1]


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
            assert await line.sender.send_next()
            assert await line.sender.send_next() is False  # not at once again
            (chunk,) = await line.chunks()
            assert chunk["state"] == "pending"
            pauses.append(await seconds_until_due(line, started))
            sqlite_place.clock.advance(seconds=pauses[-1] + 0.1)
        for pause, longest in zip(pauses, (1, 2, 4, 8), strict=True):
            assert longest / 2 <= pause <= longest + 0.5, pauses
        assert await line.sender.send_next()
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


async def test_what_does_not_fit_the_month_is_not_even_planned(sqlite_place):
    async with joined(sqlite_place, quota=2) as line:
        await line.befriend()
        quota = await line.client.quota()
        assert quota == Quota(limit=2, used=0)
        with pytest.raises(Conflict) as refused:
            await line.plan(quota)
        assert refused.value.code == "quota_too_small"
        assert await line.chunks() == []
        with pytest.raises(Conflict):
            await line.preview(Quota(limit=3, used=1))
        assert (await line.plan(Quota(limit=3, used=0))).recipients == 3


async def test_the_quota_of_a_plan_without_limit_is_none(sqlite_place):
    async with joined(sqlite_place) as line:
        assert await line.client.quota() == Quota(limit=None, used=0)
    async with joined(sqlite_place, token="not-the-token") as line:
        assert await line.client.quota() is None


async def test_after_23_hours_of_doubt_nothing_is_sent_again(place):
    async with joined(place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, next=1)
        await line.sender.send_next()
        place.clock.advance(hours=22, minutes=58)
        line.fault(FaultKind.ERROR, next=1)
        await line.sender.send_next()
        assert await line.states() == ["pending"]
        place.clock.advance(minutes=3)
        await line.send_all()
        assert await line.states() == ["unknown"]
        assert len(line.multicasts) == 2
        assert line.received == [1, 1, 1]


async def test_a_chunk_that_is_not_what_was_planned_is_refused(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        await sqlite_place.execute("delete from resident where id = 2")
        await line.send_all()
        assert await line.states() == ["refused"]
        assert line.multicasts == []


async def test_a_wrong_access_token_is_refused_for_good(sqlite_place):
    async with joined(sqlite_place, token="not-the-token") as line:
        await line.befriend()
        await line.plan()
        await line.send_all()
        assert await line.states() == ["refused"]
        assert len(line.multicasts) == 1


async def test_one_chunk_that_has_to_wait_does_not_hold_up_the_next(sqlite_place):
    async with joined(sqlite_place, residents=501) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.ERROR, next=1)
        await line.sender.send_next()
        await line.sender.send_next()
        assert await line.states() == ["pending", "sent"]
        await line.send_all()
        assert line.received == [1] * 501


async def test_two_processes_and_a_shaky_line_reach_everybody_once(place):
    async with joined(place, residents=6) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, ratio=0.5)
        line.fault(FaultKind.ERROR, ratio=0.3)
        other = sender_of(place, line.client)
        for _ in range(60):
            await asyncio.gather(line.sender.send_next(), other.send_next())
            place.clock.advance(seconds=16)  # long enough for the other one to take over
            if "pending" not in await line.states():
                break
        assert set(await line.states()) <= {"sent", "already"}
        assert line.received == [1] * 6
