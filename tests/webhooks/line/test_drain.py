"""From the inbox to replies: each event once, silence where it is due, and a poison event harms nobody else."""

import asyncio
import json
from dataclasses import replace

import pytest
from support.line import (
    BALLOT,
    event,
    follow,
    open_now,
    person,
    postback,
    prepared,
    programme,
    settings_for,
    standing,
    tap,
    text,
    unfollow,
    words,
)

from civic.kernel.clock import now, to_ms
from civic.kernel.security import Vault, pseudonym
from webhooks.line import inbox
from webhooks.line.channel import open_drain
from webhooks.line.drain import BATCH, HOLD_S

CHOICES = ("idea-01", "idea-02", "idea-03")


async def states(place):
    return sorted(await place.inbox(), key=str)


async def give_up(place):
    """Try again and again over more than a minute: a short fault of the database is over by then."""
    for _ in range(3):
        await place.drain.run_batch()
    place.clock.advance(seconds=61)
    await place.drain.run_batch()


async def run_again(place):
    """Put everything that was put aside back into the line."""
    async with place.context.database.writing() as session:
        for row in await inbox.quarantined(session):
            await inbox.run_again(session, row.event_key)


async def test_an_event_gets_one_reply_however_often_it_comes(place):
    asked, vote = text(person(1), "投票"), tap(person(1), "idea-01")
    assert len(await place.handle(asked, vote, asked, vote)) == 2
    again = {**vote, "deliveryContext": {"isRedelivery": True}}
    assert await place.handle(again, asked) == []


async def test_two_workers_at_once_answer_each_event_once(place):
    await place.send(*(text(person(number), "投票") for number in range(30)))
    await place.send(*(tap(person(number), "idea-01") for number in range(30)))
    other = open_drain(place.context)
    await asyncio.gather(place.drain.run_dry(), other.run_dry(), place.drain.run_dry(), other.run_dry())
    tokens = [row["token"] for row in await place.rows("select token from outbox_reply")]
    assert len(tokens) == len(set(tokens)) == 60
    assert set(await place.inbox()) == {("done", None)}


async def test_a_long_batch_is_cut_so_that_voters_need_not_wait_for_it(sqlite_place):
    await sqlite_place.send(*(follow(person(number)) for number in range(150)))
    clock, longest = asyncio.get_running_loop().time, 0.0
    while True:
        started = clock()
        more = await sqlite_place.drain.run_batch()
        longest = max(longest, clock() - started)
        if not more:
            break
    assert set(await sqlite_place.inbox()) == {("done", None)}
    assert longest < HOLD_S + 1.0, f"a batch held the database for {longest:.2f} s"


async def test_a_vote_without_a_reply_token_counts_in_silence(place):
    vote = tap(person(1), "idea-01", replyToken=None)
    assert await place.handle(vote) == []
    assert await place.log() == [(vote["webhookEventId"], "add", "idea-01")]
    assert await place.inbox() == [("done", None)]


@pytest.mark.parametrize("mode", ["standby", "hibernation"])
async def test_where_another_module_speaks_votes_count_in_silence(sqlite_place, mode):
    vote = tap(person(1), "idea-01", mode=mode)
    assert await sqlite_place.handle(vote, text(person(1), "投票", mode=mode), follow(person(1), mode=mode)) == []
    assert await sqlite_place.log() == [(vote["webhookEventId"], "add", "idea-01")]
    assert set(await sqlite_place.inbox()) == {("done", None)}


async def test_what_needs_no_answer_gets_none(sqlite_place):
    quiet = [
        unfollow(person(1)),
        event(person(1), "unsend", unsend={"messageId": "1"}, replyToken=None),
        event(person(1), "videoPlayComplete", videoPlayComplete={"trackingId": "t"}),
        event(person(1), "beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"}),
        event(person(1), "accountLink", link={"result": "ok", "nonce": "n"}),
        event(person(1), "messageEdited", message={"type": "text", "id": "1", "text": "投票"}),
        event(person(1), "constellationAligned"),
        postback(person(1), "action=buy&itemid=123"),
        postback(person(1), ""),
        text(person(1), "投票", source={"type": "user"}),
        tap(person(1), "idea-01", source={"type": "user"}),
        event("", "botSuspended", source=None, replyToken=None),
    ]
    assert await sqlite_place.handle(*quiet) == []
    assert await sqlite_place.log() == []
    assert set(await sqlite_place.inbox()) == {("done", None)}


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_in_a_group_there_is_a_notice_and_no_vote(sqlite_place, kind):
    where = {"type": kind, f"{kind}Id": "C1", "userId": person(1)}
    replies = await sqlite_place.handle(
        text(person(1), "投票したいです", source=where),
        tap(person(1), "idea-01", source=where),
        event("", "join", source={"type": kind, f"{kind}Id": "C1"}),
    )
    assert len(replies) == 3
    assert all("グループのトークでは投票できません" in words(reply) for reply in replies)
    (english,) = await sqlite_place.handle(text(person(1), "vote!", source=where))
    assert "投票" not in words(english)
    assert await sqlite_place.log() == []


@pytest.mark.parametrize("kind", ["group", "room"])
async def test_what_people_in_a_group_do_among_themselves_is_not_answered(sqlite_place, kind):
    where = {"type": kind, f"{kind}Id": "C1", "userId": person(1)}
    members = {"members": [{"type": "user", "userId": person(2)}]}
    quiet = [
        text(person(1), "こんにちは", source=where),
        text(person(1), "投票どうだった？", source=where),
        event(person(1), "message", source=where, message={"type": "image", "id": "1"}),
        event(
            person(1), "message", source=where, message={"type": "location", "latitude": 35.7, "longitude": 139.7}
        ),
        event("", "memberJoined", source=where, joined=members),
        event("", "memberLeft", source=where, left=members, replyToken=None),
        event("", "leave", source=where, replyToken=None),
        postback(person(1), "action=buy", source=where),
    ]
    assert await sqlite_place.handle(*quiet) == []
    assert set(await sqlite_place.inbox()) == {("done", None)}


async def test_an_answer_that_comes_too_late_is_not_owed(place):
    vote = tap(person(1), "idea-01")
    await place.send(vote, text(person(1), "投票"))
    place.clock.advance(seconds=56)
    await place.drain.run_dry()
    assert await place.rows("select id from outbox_reply") == []
    assert await place.log() == [(vote["webhookEventId"], "add", "idea-01")]
    assert set(await place.inbox()) == {("done", None)}


@pytest.mark.parametrize(("minutes", "answers"), [(19, 1), (20, 0), (60 * 24, 0)])
async def test_a_token_that_ended_on_the_way_is_not_tried(sqlite_place, minutes, answers):
    """LINE ends the token of an event 20 minutes after it happened, however late it is delivered again."""
    vote = tap(person(1), "idea-01", at_ms=to_ms(now()) - minutes * 60_000)
    assert len(await sqlite_place.handle({**vote, "deliveryContext": {"isRedelivery": True}})) == answers
    assert await sqlite_place.log() == [(vote["webhookEventId"], "add", "idea-01")]
    assert await sqlite_place.inbox() == [("done", None)]


async def bodies(place):
    return [row["body"] for row in await place.rows("select body from line_inbox where body is not null")]


async def unsend(place, message_id):
    await place.handle(event(person(1), "unsend", unsend={"messageId": message_id}, replyToken=None))


async def test_what_somebody_takes_back_before_we_could_handle_it_is_erased(place):
    await place.refuse_inserts("resident", "new.follows")
    await place.send(text(person(1), "English"), follow(person(2)))
    await place.drain.run_batch()
    assert len(await bodies(place)) == 2
    await unsend(place, "2")
    await unsend(place, ".*")
    assert len(await bodies(place)) == 2
    await unsend(place, "1")  # as every text of these tests is numbered
    assert len(await bodies(place)) == 1
    await place.refuse_no_more("resident")
    await place.drain.run_dry()
    assert set(await place.inbox()) == {("done", None)}
    assert len(await place.rows("select id from resident")) == 1


async def test_what_somebody_takes_back_is_erased_from_what_was_put_aside(sqlite_place):
    odd = {**text(person(1), "秘密", at_ms=-1), "message": {"id": "77", "type": "text", "text": "秘密"}}
    await sqlite_place.send(odd, text(person(1), "また", at_ms=-1))
    assert len(await bodies(sqlite_place)) == 2
    await unsend(sqlite_place, "77")
    assert len(await bodies(sqlite_place)) == 1
    assert (await states(sqlite_place)).count(("quarantined", "timestamp_odd")) == 2


async def test_a_poison_event_is_put_aside_after_some_tries_while_others_go_on(place):
    account = place.context.vault.keyed_hash(person(1), "line-account")
    await place.refuse_inserts("resident", f"new.line_id_hash = {place.literal(account)}")
    await place.send(follow(person(2)), follow(person(1)), follow(person(3)))
    await place.drain.run_batch()
    assert await states(place) == [("done", None), ("done", None), ("pending", None)]
    assert len(await place.rows("select id from outbox_reply")) == 2
    await give_up(place)
    (poison,) = [reason for state, reason in await place.inbox() if state == "quarantined"]
    assert poison.startswith("failed:")
    await place.refuse_no_more("resident")
    await run_again(place)
    await place.drain.run_dry()
    assert await states(place) == [("done", None)] * 3
    assert len(await place.rows("select id from resident")) == 3


async def test_a_vote_whose_receipt_fails_counts_and_its_neighbours_get_theirs(place):
    voter = pseudonym(place.context.keys.get(BALLOT), "line", person(5))
    await place.refuse_inserts("vote", f"new.voter = {place.literal(voter)}")
    votes = [tap(person(number), "idea-01") for number in range(9)]
    await place.send(*votes)
    await place.drain.run_batch()
    assert (await states(place)).count(("done", None)) == 8
    assert len(await place.rows("select id from outbox_reply")) == 8
    await give_up(place)
    assert [state for state, _ in await states(place)] == ["done"] * 8 + ["quarantined"]
    assert len(await place.log()) == 9
    await place.refuse_no_more("vote")
    await run_again(place)
    await place.drain.run_dry()
    assert set(await place.inbox()) == {("done", None)}
    assert len(await place.rows("select voter from vote")) == len(await place.log()) == 9


async def test_a_fault_that_passes_within_the_minute_costs_nobody_a_receipt(place):
    await place.refuse_inserts("vote", "new.choices is not null")
    await place.send(*(tap(person(number), "idea-01") for number in range(3)))
    for _ in range(8):
        await place.drain.run_batch()
    assert await states(place) == [("pending", None)] * 3
    await place.refuse_no_more("vote")
    await place.drain.run_batch()
    assert await states(place) == [("done", None)] * 3
    assert len(await place.rows("select id from outbox_reply")) == 3


async def test_many_events_that_have_to_wait_do_not_hold_up_the_others(place):
    await place.refuse_inserts("resident", "new.follow_changed_ms < 1000")
    await place.send(*(follow(person(number), at_ms=number) for number in range(BATCH + 20)))
    async with asyncio.timeout(30):
        await place.drain.run_dry()  # every one is tried, and nothing more can be done now
    assert set(await place.inbox()) == {("pending", None)}
    vote = tap(person(500), "idea-01")
    await place.send(vote)
    await place.drain.run_batch()
    assert len(await place.rows("select id from outbox_reply")) == 1
    assert (await states(place))[0] == ("done", None)


async def test_nothing_of_a_batch_stays_when_its_commit_fails(place):
    await place.refuse_inserts("outbox_reply", "new.expires_at is not null")
    await place.send(follow(person(1)), tap(person(1), "idea-01"))
    with pytest.raises(Exception, match="refused by the test"):
        await place.drain.run_batch()
    assert await states(place) == [("pending", None)] * 2
    assert await place.rows("select id from resident") == []
    await place.refuse_no_more("outbox_reply")
    await place.drain.run_dry()
    assert await states(place) == [("done", None)] * 2
    assert len(await place.rows("select id from outbox_reply")) == 2


async def test_a_vote_for_a_ballot_that_was_not_open_can_be_run_again_once_it_is(database_url, tmp_path):
    settings = settings_for(tmp_path / "data", database_url)
    async with (
        prepared(settings, programme(), opened=[]) as (context, clock),
        standing(context, clock) as place,
    ):
        vote = tap(person(1), "idea-01")
        ((told,),) = await place.handle(vote)
        assert "受け付けている投票はありません" in told["text"]
        assert await place.inbox() == [("quarantined", "ballot_unknown")]
        await open_now(context, BALLOT)
        await run_again(place)
        await place.drain.run_dry()
        assert await place.log() == [(vote["webhookEventId"], "add", "idea-01")]
        assert await place.inbox() == [("done", None)]
        *_, row = await place.rows("select messages from outbox_reply order by id")
        assert "受付番号" in json.loads(row["messages"])[0]["altText"]


async def test_an_event_ahead_of_the_clock_is_not_let_in_by_the_back_door(place):
    ahead = to_ms(now()) + 2 * 3_600_000
    vote = tap(person(1), "idea-01", at_ms=ahead)
    await place.send(vote)
    for _ in range(2):
        assert await place.inbox() == [("quarantined", "timestamp_ahead")]
        await run_again(place)
        await place.drain.run_dry()
    assert await place.log() == []
    place.clock.advance(hours=2)
    await run_again(place)
    await place.drain.run_dry()
    assert await place.log() == [(vote["webhookEventId"], "add", "idea-01")]


async def test_odd_events_run_again_stay_odd_and_harm_nobody(place):
    far = tap(person(1), "idea-01", at_ms=1 << 52)  # the year 144683, which no calendar of ours has
    await place.post(b'{"events":[null,7]}')
    await place.post(b"no call")
    await place.send(far, tap(person(1), "idea-01", at_ms=-1), tap(person(1), "idea-01", webhookEventId="?"))
    before = await states(place)
    await run_again(place)
    assert len(await place.handle(tap(person(2), "idea-02"))) == 1
    after = await states(place)
    assert after[0] == ("done", None)
    assert [reason for _, reason in after[1:]].count(
        "event_malformed"
    ) == 3  # the body that was no call is one now
    assert len(after) == len(before) + 1
    assert len(await place.log()) == 1


async def test_bodies_sealed_with_another_secret_are_put_aside(sqlite_place):
    await sqlite_place.send(text(person(1), "投票"))
    await replace(sqlite_place.drain, vault=Vault("another secret")).run_dry()
    assert await sqlite_place.inbox() == [("quarantined", "event_unreadable")]
    await run_again(sqlite_place)
    await sqlite_place.drain.run_dry()
    assert await sqlite_place.inbox() == [("done", None)]


async def test_a_thousand_events_are_worked_off_in_order(sqlite_place):
    users = [person(number) for number in range(25)]
    votes = [tap(users[number % 25], CHOICES[number % 3]) for number in range(1_000)]
    for start in range(0, 1_000, 50):
        await sqlite_place.send(*votes[start : start + 50])
    await sqlite_place.drain.run_dry()
    assert set(await sqlite_place.inbox()) == {("done", None)}
    assert len(await sqlite_place.rows("select id from outbox_reply")) == 1_000
    cached = await sqlite_place.rows("select choices from vote")
    assert len(cached) == 25
