"""The announcement to many people: planned once, each person reached once, whatever becomes of the network."""

import asyncio
from dataclasses import replace

import pytest
from support.line import BALLOT, follow, offered, person, tap, unfollow

from civic.ballots.actions import close_ballot
from civic.kernel.clock import JST
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
        assert offered(messages) == [f"c=ballot&b={BALLOT}&l=ja", "c=opt_out&p=announcement&l=ja"]
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
        assert await line.sender.run_batch() is False
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
        assert [chunk["people"] for chunk in await line.chunks()] == [500, 500, 100]
        await line.send_all()
        assert line.received == [1] * 1_100
        assert len({request.headers["x-line-retry-key"] for request in line.multicasts}) == 3


async def test_each_is_written_to_in_their_language(place):
    async with joined(place, residents=5) as line:
        await line.befriend()
        async with place.context.database.writing() as session:
            for resident in line.simulator.channel.residents[:2]:
                await choose_language(session, place.context.vault, resident.user_id, "en", 2)
        await line.plan()
        await line.send_all()
        led = [offered(resident.chat[0].message) for resident in line.simulator.channel.residents]
        spoken = ("en", "en", "ja", "ja", "ja")
        assert [first for first, _ in led] == [f"c=ballot&b={BALLOT}&l={lang}" for lang in spoken]


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
        sending = asyncio.create_task(line.sender.run_batch())
        while sum(line.received) < 3:  # noqa: ASYNC110 - LINE has it, and has not answered
            await asyncio.sleep(0.01)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert [chunk["state"] for chunk in await line.chunks()] == ["pending"]
        place.clock.advance(seconds=30)
        restarted = sender_of(place, line.client)
        assert await restarted.run_batch()
        first, second = line.multicasts
        assert first.headers["x-line-retry-key"] == second.headers["x-line-retry-key"]
        assert first.body == second.body
        assert await line.states() == ["already"]
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
        assert (await line.preview(Quota(limit=3, used=1))).trouble.code == "quota_too_small"
        assert (await line.plan(Quota(limit=3, used=0))).recipients == 3


async def test_the_quota_of_a_plan_without_limit_is_none(sqlite_place):
    async with joined(sqlite_place) as line:
        assert await line.client.quota() == Quota(limit=None, used=0)
    async with joined(sqlite_place, token="not-the-token") as line:
        assert await line.client.quota() is None


async def test_when_it_is_over_bodies_and_lists_are_gone_and_counts_stay(place):
    async with joined(place, residents=501) as line:
        await line.befriend()
        await line.plan()
        (campaign,) = await place.rows("select state, planned_by, recipients from campaign")
        assert campaign == {"state": "running", "planned_by": "test", "recipients": 501}
        assert len(await place.rows("select * from campaign_letter")) == 1
        await line.send_all()
        assert await place.rows("select * from campaign_letter") == []
        assert [chunk["residents"] for chunk in await line.chunks()] == [None, None]
        (campaign,) = await place.rows("select state, recipients from campaign")
        assert campaign == {"state": "done", "recipients": 501}
        assert (await line.plan()).states == {"sent": 501}


async def test_what_others_have_planned_and_not_sent_is_spoken_for(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        draft = await line.draft(Quota(limit=5, used=0))
        await line.plan(Quota(limit=5, used=0))
        await sqlite_place.execute("update campaign set subject = 'another'")
        assert (await line.preview(Quota(limit=5, used=0))).left == 2
        with pytest.raises(Conflict) as refused:
            await line.write(draft)
        assert refused.value.code == "quota_too_small"


async def test_a_planner_may_send_what_does_not_fit_and_that_is_recorded(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        plan = await line.plan(Quota(limit=2, used=0), anyway=True)
        assert plan.recipients == 3
        (entry,) = await sqlite_place.rows("select data from audit_entry where verb = 'ballot.announced'")
        assert "anyway" in entry["data"]
        await line.send_all()
        assert line.received == [1, 1, 1]


async def test_what_is_scheduled_waits_for_the_morning_and_what_is_sent_by_hand_warns(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.extend(days=3)
        local = sqlite_place.clock().astimezone(JST)
        sqlite_place.clock.advance(hours=(23 - local.hour) % 24)
        assert (await line.preview()).at_night
        await line.plan(scheduled=True)
        assert await line.sender.run_batch() is False
        sqlite_place.clock.advance(hours=8)
        assert await line.sender.run_batch() is False
        sqlite_place.clock.advance(hours=2)
        assert await line.sender.run_batch()
        assert line.received == [1, 1, 1]


async def test_what_changes_between_draft_and_plan_is_not_sent(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        draft = await line.draft()
        with pytest.raises(Conflict) as refused:
            await line.write(replace(draft, letters={"ja": b"[]"}))
        assert refused.value.code == "message_changed_meanwhile"
        assert await line.chunks() == []


async def test_one_chunk_that_has_to_wait_does_not_hold_up_the_next(sqlite_place):
    async with joined(sqlite_place, residents=501) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.ERROR, next=1)
        await line.sender.run_batch()
        await line.sender.run_batch()
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
            await asyncio.gather(line.sender.run_batch(), other.run_batch())
            place.clock.advance(seconds=16)  # long enough for the other one to take over
            if "pending" not in await line.states():
                break
        assert set(await line.states()) <= {"sent", "already"}
        assert line.received == [1] * 6
