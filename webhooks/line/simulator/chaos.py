"""Everything a webhook can bring that it should not: repeats, disorder, forgeries, unknown and broken events."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from webhooks.line.simulator.simulator import Simulator
from webhooks.line.simulator.state import JsonObject, Resident
from webhooks.line.simulator.webhooks import DeliveryResult, EventMaker, Signing, redelivered, ulid

ASK = "投票"
FUTURE_MS = 60 * 60_000
GOOD_ANSWER_WITHIN_S = 5.0

Results = list[DeliveryResult]


def unknown_events(events: EventMaker, resident: Resident) -> list[JsonObject]:
    """Well-formed events of kinds that LINE may add without notice."""
    return [
        events.event(resident, "messageEdited", message={"type": "text", "id": "1", "text": "直した文"}),
        events.event(resident, "constellationAligned", constellation={"stars": 7}),
        events.event(resident, "message", message={"type": "hologram", "id": "2"}),
        {**events.event(resident, "message"), "source": {"type": "satellite", "satelliteId": "S1"}},
        {**events.postback(resident, "action=future"), "mode": "hibernation"},
    ]


def malformed_events(events: EventMaker, resident: Resident) -> list[Any]:
    """Things in ``events`` that are no proper events at all."""
    good = events.postback(resident, "action=anything")
    return [
        None,
        7,
        "event",
        [],
        {},
        _without(good, "type"),
        _without(good, "source"),
        _without(good, "webhookEventId"),
        _without(good, "timestamp"),
        {**good, "timestamp": "soon"},
        {**good, "timestamp": -1},
        {**good, "timestamp": 10**30},
        {**good, "postback": {}},
        {**good, "postback": {"data": ["not", "text"]}},
        {**good, "source": {"type": "user"}},
        {**good, "source": {"type": "user", "userId": 42}},
    ]


def _without(event: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in event.items() if key != name}


def fresh_copies(simulator: Simulator, originals: Sequence[JsonObject], ahead_ms: int = 0) -> list[JsonObject]:
    """The same acts as events nobody has seen: new ids, the present time plus ``ahead_ms``."""
    now = simulator.channel.clock() + ahead_ms
    bits = simulator.channel.random.getrandbits
    return [{**event, "timestamp": now, "webhookEventId": ulid(now, bits(80))} for event in originals]


async def replay(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """Past events once more, one call each."""
    return await simulator.deliver(past, batch_size=1)


async def redeliver(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """Past events once more, marked as redelivered."""
    return await simulator.deliver([redelivered(event) for event in past], batch_size=5)


async def disorder(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """Past events twice each, in any order, several in a call."""
    return await simulator.deliver(past, repeat=2, shuffle=True, batch_size=7)


async def forged(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """What people did, as new events, signed by someone who does not know the secret."""
    copies = fresh_copies(simulator, past)
    return await simulator.deliver(copies, batch_size=10, signing=Signing.FORGED)


async def unsigned(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """What people did, as new events, without a signature."""
    copies = fresh_copies(simulator, past)
    return await simulator.deliver(copies, batch_size=10, signing=Signing.NONE)


async def future(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """What people did, as new events, an hour ahead of the clock."""
    return await simulator.deliver(fresh_copies(simulator, past, FUTURE_MS), batch_size=10)


async def unknown(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """Unknown events around a good one."""
    return await _around_a_good_one(simulator, resident, unknown_events(simulator.events, resident))


async def malformed(simulator: Simulator, resident: Resident, past: list[JsonObject]) -> Results:
    """Broken events around a good one."""
    return await _around_a_good_one(simulator, resident, malformed_events(simulator.events, resident))


async def _around_a_good_one(simulator: Simulator, resident: Resident, odd: list[Any]) -> Results:
    message_id = simulator.channel.show(resident, "resident", {"type": "text", "text": ASK}, batch="")
    good = simulator.events.text(resident, ASK, message_id)
    middle = len(odd) // 2
    return await simulator.deliver([*odd[:middle], good, *odd[middle:]])


KINDS: Mapping[str, Callable[[Simulator, Resident, list[JsonObject]], Awaitable[Results]]] = {
    "replay": replay,
    "redeliver": redeliver,
    "disorder": disorder,
    "forged": forged,
    "unsigned": unsigned,
    "future": future,
    "unknown": unknown,
    "malformed": malformed,
}


async def make_trouble(simulator: Simulator, index: int, kinds: list[str], limit: int) -> JsonObject:
    """Run some ``KINDS`` over the last ``limit`` acts of the residents; the webhook's answers by kind.

    ``{"replay": {"calls": n, "statuses": {"200": n}}, …}``; for ``unknown`` and ``malformed`` also
    ``good_answered``: whether the resident got an answer to the good event within 5 seconds.
    """
    resident = simulator.channel.resident(index)
    past = list(simulator.history)[-limit:]
    return {kind: await _one_kind(simulator, resident, kind, past) for kind in kinds}


async def _one_kind(simulator: Simulator, resident: Resident, kind: str, past: list[JsonObject]) -> JsonObject:
    received = resident.received
    results = await KINDS[kind](simulator, resident, past)
    statuses = Counter(str(result.status or result.reason) for result in results)
    report: JsonObject = {"calls": len(results), "statuses": dict(statuses)}
    if kind in ("unknown", "malformed"):
        report["good_answered"] = await resident.wait_beyond(received, GOOD_ANSWER_WITHIN_S)
    return report
