"""A message to thousands while LINE fails in every way it knows and the sender is killed again and again.

Everybody hears it exactly once, what was taken is never sent again, and it costs what was planned. After a while
LINE is well again, so that the last chunks need not wait out their long pauses.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field

import pytest
from proof.sizes import both_databases_when_full
from support.line import BALLOT, prepared, programme, settings_for
from support.servers import CivicServer, Sent, civic_worker, environment, simulated_line

from civic.kernel.context import Context
from civic.outbox.about import ANNOUNCEMENT, About
from civic.outbox.queries import people_by_state
from civic.outbox.tables import Campaign
from civic.residents.actions import follow
from webhooks.line.announcing import Announcer
from webhooks.line.simulator import Simulator
from webhooks.line.simulator.faults import Fault, FaultKind
from webhooks.line.simulator.state import Friendship, RequestRecord

LANGUAGES = ("ja", "ja", "ja", "en", "ja@easy")
DONE_WITHIN_S = 600


@dataclass
class Channel:
    """What reaches LINE: a kill comes while a request is under way."""

    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def on_request(self, sent: Sent) -> None:
        """A call of the sender."""
        if sent.path.endswith("/multicast"):
            self.heard.set()

    async def next_request(self) -> None:
        """Wait until the sender calls again."""
        self.heard.clear()
        async with asyncio.timeout(DONE_WITHIN_S):
            await self.heard.wait()


@asynccontextmanager
async def planned_city(database_url, folder, people, timeout_s):
    """An installation with its friends and a planned announcement, and the LINE that they are in."""
    async with simulated_line(residents=people, max_residents=people) as (simulator, recorder, url):
        settings = settings_for(folder / "data", database_url, line_api_url=url)
        async with prepared(settings, programme()) as (context, _):
            await befriend(context, simulator)
            async with context.database.reading() as session:
                draft = await Announcer(context, None).draft(session, About(ANNOUNCEMENT, BALLOT))
            async with context.database.writing() as session:
                plan = await draft.plan(session, "proof", context.clock())
            assert plan.recipients == people
            channel = Channel()
            recorder.on_request = channel.on_request
            env = environment(folder / "data", database_url, CIVIC_LINE_API_URL=url)
            env["CIVIC_LINE_TIMEOUT_S"] = str(timeout_s)
            yield context, simulator, channel, env


async def befriend(context: Context, simulator: Simulator) -> None:
    """Everybody in the simulator follows, in three languages."""
    async with context.database.writing() as session:
        for resident in simulator.channel.residents:
            resident.friendship = Friendship.FRIEND
            await follow(session, context.vault, resident.user_id, 1, LANGUAGES[resident.index % len(LANGUAGES)])


def let_everything_fail(simulator: Simulator, slow_s: float) -> None:
    """30 % 500, 10 % too fast, 10 % taken with the answer lost, 10 % reset, 10 % later than anybody waits."""
    faults = ((FaultKind.ERROR, 0.3), (FaultKind.RATE_LIMIT, 0.1), (FaultKind.DROP, 0.1), (FaultKind.RESET, 0.1))
    for kind, ratio in faults:
        simulator.channel.faults.set(Fault(kind, ratio=ratio, endpoints=("multicast",)))
    simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=0.1, seconds=slow_s, endpoints=("multicast",)))


@asynccontextmanager
async def sender(env, folder, is_sqlite):
    """The process that sends, killed with -9 at the end of the block."""
    with ExitStack() as stack:
        if is_sqlite:
            server = CivicServer(env, folder / "serve.log")
            await asyncio.to_thread(server.start)
            stack.callback(server.kill)
        else:
            stack.enter_context(civic_worker(env, folder))
        yield


async def finished(context: Context) -> Campaign:
    """Wait until the campaign is done."""
    async with asyncio.timeout(DONE_WITHIN_S):
        while True:
            async with context.database.reading() as session:
                campaign = await session.get_one(Campaign, await only_campaign(session))
                if campaign.state == "done":
                    return campaign
            await asyncio.sleep(0.2)


async def only_campaign(session) -> str:
    """The id of the one campaign that there is."""
    return str((await (await session.connection()).exec_driver_sql("select id from campaign")).scalar_one())


@pytest.mark.timeout(900)
@both_databases_when_full
async def test_everybody_hears_once_whatever_fails(database_url, tmp_path, sized, found):
    people, timeout_s, failing_s, kills = sized(1_500, 5_000), sized(2.0, 5.0), sized(2, 60), sized(1, 5)
    is_sqlite, killed = database_url.startswith("sqlite"), []
    async with planned_city(database_url, tmp_path, people, timeout_s) as (context, simulator, channel, env):
        let_everything_fail(simulator, 2 * timeout_s)
        for _ in range(kills):
            async with sender(env, tmp_path, is_sqlite):
                await channel.next_request()
            await asyncio.sleep(1)  # what the dead process had sent is read to its end
            killed.append(simulator.channel.clock())
        async with sender(env, tmp_path, is_sqlite):
            await channel.next_request()
            await asyncio.sleep(failing_s)
            simulator.channel.faults.clear()
            campaign = await finished(context)
        async with context.database.reading() as session:
            states = await people_by_state(session, campaign.id)
    received = Counter(resident.received for resident in simulator.channel.residents)
    requests = [r for r in simulator.channel.requests if r.path.endswith("/multicast")]
    after_409 = behind_409(requests, killed)
    found(
        f"{kills} kill -9 while {people} people are written to ({'SQLite' if is_sqlite else 'PostgreSQL'}): "
        f"{received[1]} heard once, {people - received[1]} not or twice; {len(requests)} requests under "
        f"{len(keys_of(requests))} keys, {after_409} after a 409; {simulator.channel.used_quota} billed"
    )
    assert received == {1: people}
    assert sum(states.values()) == people
    assert set(states) <= {"sent", "already"}
    assert after_409 == 0
    assert simulator.channel.used_quota == people == campaign.recipients


def keys_of(requests) -> set[str]:
    """All retry keys that were used."""
    return {str(request.retry_key) for request in requests}


def behind_409(requests: Sequence[RequestRecord], kills: Sequence[int]) -> int:
    """How many requests came under a key for which the sender had heard, and lived to note, that LINE has it."""
    heard: dict[str, int] = {}
    again = 0
    for request in requests:
        key = str(request.retry_key)
        again += key in heard and not any(heard[key] <= kill <= request.at_ms for kill in kills)
        if request.status == 409 and request.fault is None:
            heard[key] = request.at_ms
    return again
