"""The product's sender and the simulated LINE that it speaks to."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from support.line import BALLOT, TOKEN, Place
from support.servers import Recorder, simulated_line

from civic.ballots.actions import extend_ballot
from civic.outbox.about import ANNOUNCEMENT, About
from civic.residents.accounts import Accounts
from civic.residents.actions import choose_language
from civic.residents.actions import follow as befriend
from tests.webhooks.line.openapi import shared_dir, validator
from webhooks.line.broadcasts import Announcement
from webhooks.line.campaigns import CampaignSender
from webhooks.line.client import LineClient
from webhooks.line.duty import Duty
from webhooks.line.pace import Pace
from webhooks.line.simulator import Simulator
from webhooks.line.simulator.faults import Fault
from webhooks.line.simulator.state import Friendship

URL = "https://vote.example.jp"


@dataclass
class Line:
    """The product's sender and the simulated LINE it speaks to."""

    place: Place
    simulator: Simulator
    recorder: Recorder
    client: LineClient
    sender: CampaignSender
    url: str

    def fault(self, kind, **how):
        self.simulator.channel.faults.set(Fault(kind, endpoints=("multicast",), **how))

    def answer_once(self, status, body, headers=()):
        """The next multicast is answered like this, and LINE does not take it."""
        self.recorder.answers.append((status, body, {"x-line-request-id": "from-the-test", **dict(headers)}))

    async def befriend(self, language="ja", at_ms=1):
        """Everybody in the simulator follows, and from then on speaks this language."""
        vault = self.place.context.vault
        async with self.place.context.database.writing() as session:
            for resident in self.simulator.channel.residents:
                resident.friendship = Friendship.FRIEND
                await befriend(session, vault, resident.user_id, at_ms)
                await choose_language(session, vault, resident.user_id, language, at_ms)

    def announcement(self, quota=None, slug=BALLOT):
        return Announcement(self.place.context, quota, About(ANNOUNCEMENT, slug))

    async def draft(self, quota=None):
        async with self.place.context.database.reading() as session:
            return await self.announcement(quota).draft(session)

    async def plan(self, quota=None, **how):
        return await self.write(await self.draft(quota), **how)

    async def write(self, draft, **how):
        async with self.place.context.database.writing() as session:
            return await draft.plan(session, "test", self.place.clock(), **how)

    async def preview(self, quota=None, slug=BALLOT):
        async with self.place.context.database.reading() as session:
            return await self.announcement(quota, slug).preview(session)

    async def extend(self, **amount):
        """The ballot takes votes for so long from now."""
        now = self.place.clock()
        until = (now + timedelta(**amount)).replace(microsecond=0)
        async with self.place.context.database.writing() as session:
            await extend_ballot(session, "test", BALLOT, now, until, "雨の日が続いたため")

    async def chunks(self):
        return await self.place.rows("select * from delivery_chunk order by seq")

    async def states(self):
        return [chunk["state"] for chunk in await self.chunks()]

    async def send_all(self):
        """Send until nothing is due; the clock moves past every pause."""
        while "pending" in await self.states():
            await self.sender.run_batch()
            self.place.clock.advance(minutes=11)

    @property
    def received(self):
        return [resident.received for resident in self.simulator.channel.residents]

    @property
    def multicasts(self):
        return self.recorder.to("/message/multicast")


@asynccontextmanager
async def joined(place, token=TOKEN, **settings):
    async with simulated_line(**settings) as (simulator, recorder, url):
        client = LineClient(url, token)
        try:
            yield Line(place, simulator, recorder, client, sender_of(place, client), url)
        finally:
            await client.close()
    if (shared_dir() / "line" / "messaging-api.yml").is_file():
        accepted = validator("MulticastRequest")
        assert all(accepted.is_valid(request.json) for request in recorder.to("/message/multicast"))


def sender_of(place, client):
    duty = Duty(place.context.database, place.clock, "line-campaigns")
    return CampaignSender(
        place.context.database, client, Accounts(place.context.vault), place.clock, duty, Pace(0)
    )
