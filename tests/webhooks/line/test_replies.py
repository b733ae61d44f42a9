"""Replies on their way to LINE: each once, within its minute, and nothing of them kept afterwards."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from support.line import TOKEN, Place, offered
from support.servers import NOWHERE, Recorder, simulated_line

from tests.webhooks.line.openapi import shared_dir, validator
from webhooks.line.client import LineClient
from webhooks.line.duty import Duty
from webhooks.line.replies import AT_ONCE, ReplySender
from webhooks.line.simulator import Simulator
from webhooks.line.simulator.faults import Fault, FaultKind


@dataclass
class Line:
    """The product's sender and the simulated LINE it speaks to."""

    place: Place
    simulator: Simulator
    recorder: Recorder
    client: LineClient
    sender: ReplySender

    async def owe(self, *data: str, number: int = 1) -> None:
        """Residents tap or say something, and the inbox worker answers: replies are owed."""
        events = self.simulator.events
        residents = self.simulator.channel.residents[:number]
        await self.place.send(*(events.postback(person, one) for person in residents for one in data))
        await self.place.drain.run_dry()

    async def send(self) -> None:
        """Send until nothing is under way; what LINE could not take is due again after it."""
        while await self.sender.run_batch():
            pass
        self.place.clock.advance(seconds=1)

    async def states(self) -> list[str]:
        rows = await self.place.rows("select state, token, messages from outbox_reply order by id")
        for row in rows:
            assert (row["token"] is None) == (row["messages"] is None) == (row["state"] != "pending")
        return [row["state"] for row in rows]

    @property
    def received(self) -> list[int]:
        return [resident.received for resident in self.simulator.channel.residents]


@asynccontextmanager
async def joined(place, token=TOKEN, **settings):
    async with simulated_line(**settings) as (simulator, recorder, url):
        client = LineClient(url, token)
        try:
            yield Line(place, simulator, recorder, client, sender_of(place, client))
        finally:
            await client.close()
    if (shared_dir() / "line" / "messaging-api.yml").is_file():
        accepted = validator("ReplyMessageRequest")
        assert all(accepted.is_valid(request.json) for request in recorder.to("/message/reply"))


def sender_of(place, client):
    duty = Duty(place.context.database, place.clock, "line-replies")
    return ReplySender(place.context.database, client, place.clock, duty)


async def run_dry(sender):
    while await sender.run_batch():
        pass


TAP = "v=add&b=park-2026&p=idea-01&l=ja"
ASK = "c=ballot&l=ja"


async def test_a_reply_arrives_once_and_nothing_of_it_stays(place):
    async with joined(place) as line:
        await line.owe(TAP, ASK, number=2)
        await line.send()
        assert line.received == [3, 3, 0]  # a receipt, and rules with one carousel
        assert await line.states() == ["sent"] * 4
        await line.send()
        assert len(line.recorder.to("/message/reply")) == 4
        shown = [entry.message for entry in line.simulator.channel.residents[0].chat]
        assert "v=remove&b=park-2026&p=idea-01&l=ja" in offered(shown)


async def test_bodies_are_as_the_specification_has_them(sqlite_place):
    commands = [f"c={name}&l={lang}" for name in ("ballot", "my_votes", "language", "consent", "help", "later")
                for lang in ("ja", "en")]  # fmt: skip
    async with joined(sqlite_place) as line:
        await line.owe(TAP, *commands)
        await line.send()
        assert await line.states() == ["sent"] * 13
        accepted = validator("ReplyMessageRequest")
        assert all(accepted.is_valid(request.json) for request in line.recorder.to("/message/reply"))


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.RATE_LIMIT])
async def test_what_line_cannot_take_now_is_tried_again_within_the_minute(sqlite_place, kind):
    async with joined(sqlite_place) as line:
        await line.owe(TAP)
        line.simulator.channel.faults.set(Fault(kind, next=3))
        for expected in ("pending", "pending", "pending", "sent"):
            await line.send()
            assert await line.states() == [expected]
        assert line.received[0] == 1


async def test_after_its_minute_a_reply_is_not_sent(place):
    async with joined(place) as line:
        await line.owe(TAP)
        line.simulator.channel.faults.set(Fault(FaultKind.ERROR, next=1))
        await line.send()
        place.clock.advance(seconds=56)
        await line.send()
        assert await line.states() == ["expired"]
        assert line.received[0] == 0
        assert {request.path for request in line.recorder.sent} == {"/v2/bot/message/reply"}


async def test_a_reply_that_waits_behind_slow_ones_is_not_sent_late(sqlite_place):
    async with joined(sqlite_place, residents=AT_ONCE + 5) as line:
        await line.owe(TAP, number=AT_ONCE + 5)
        line.simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=1.0, seconds=0.5))
        sending = asyncio.create_task(line.send())
        while len(line.recorder.to("/message/reply")) < AT_ONCE:  # noqa: ASYNC110 - the recorder tells nobody
            await asyncio.sleep(0.01)
        sqlite_place.clock.advance(seconds=56)
        await sending
        assert sorted(await line.states()) == ["expired"] * 5 + ["sent"] * AT_ONCE
        assert sum(line.received) == AT_ONCE


async def test_a_slow_reply_holds_up_nobody_else(sqlite_place):
    async with joined(sqlite_place, residents=20) as line:
        line.simulator.channel.faults.set(Fault(FaultKind.SLOW, next=1, seconds=1.0))
        await line.owe(TAP)
        assert await line.sender.run_batch() is True
        await line.owe("c=help&l=ja", number=20)
        while (await line.states()).count("sent") < 20:
            assert await line.sender.run_batch() is True  # the slow one is still under way
        assert await line.states() == ["pending"] + ["sent"] * 20
        await line.send()
        assert await line.states() == ["sent"] * 21


async def test_without_an_answer_a_reply_gives_its_place_to_others_and_is_tried_again(sqlite_place, monkeypatch):
    monkeypatch.setattr("webhooks.line.replies.ANSWER_WITHIN_S", 0.1)
    async with joined(sqlite_place) as line:
        await line.owe(TAP)
        line.simulator.channel.faults.set(Fault(FaultKind.SLOW, next=1, seconds=1.0))
        await line.send()
        assert await line.states() == ["pending"]


async def test_a_reply_whose_answer_was_lost_is_not_shown_twice(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.owe(TAP)
        line.simulator.channel.faults.set(Fault(FaultKind.DROP, next=1))
        await line.send()
        assert await line.states() == ["pending"]
        await line.send()
        assert await line.states() == ["refused"]
        assert line.received[0] == 1


async def test_a_wrong_access_token_is_refused_for_good(sqlite_place):
    async with joined(sqlite_place, token="not-the-token") as line:
        await line.owe(TAP)
        await line.send()
        assert await line.states() == ["refused"]
        assert line.received[0] == 0


async def test_while_line_cannot_be_reached_replies_wait(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.owe(TAP)
        away = LineClient(NOWHERE, TOKEN)
        try:
            away_sender = sender_of(sqlite_place, away)
            await run_dry(away_sender)
            assert await line.states() == ["pending"]
        finally:
            await away.close()
        sqlite_place.clock.advance(seconds=16)  # its lease is over
        await line.send()
        assert await line.states() == ["sent"]


@pytest.mark.postgres
async def test_one_process_sends_at_a_time(postgres_place):
    async with joined(postgres_place) as line:
        other = sender_of(postgres_place, line.client)
        await line.owe(TAP, ASK, number=3)
        await asyncio.gather(line.send(), run_dry(other))
        assert await line.states() == ["sent"] * 6
        assert len(line.recorder.to("/message/reply")) == 6
        holds = [await line.sender.duty.hold(), await other.duty.hold()]
        assert sorted(holds) == [False, True]
        postgres_place.clock.advance(seconds=31)
        assert await (line.sender if holds[1] else other).duty.hold()


async def test_the_only_process_goes_on_at_once_after_a_restart(sqlite_place):
    async with joined(sqlite_place) as line:
        assert await line.sender.duty.hold()
        await line.owe(TAP)
        await run_dry(sender_of(sqlite_place, line.client))
        assert await line.states() == ["sent"]


async def test_more_than_a_batch_is_sent_batch_after_batch(sqlite_place):
    async with joined(sqlite_place, residents=210) as line:
        await line.owe("c=help&l=ja", number=210)
        await line.send()
        assert await line.states() == ["sent"] * 210
        assert line.received == [1] * 210


class LostAfterTheFirstLook:
    """A duty that another process has taken over while the batch was still going on."""

    def __init__(self):
        self.answers = [True]

    async def hold(self):
        return self.answers.pop() if self.answers else False


async def test_a_batch_that_has_lost_its_duty_sends_nothing_more(place):
    async with joined(place) as line:
        await line.owe(TAP, number=3)
        late = ReplySender(place.context.database, line.client, place.clock, LostAfterTheFirstLook())
        assert await late.run_batch() is False
        assert line.received == [0, 0, 0]
        await line.send()
        assert await line.states() == ["sent"] * 3
