"""The driver's side: JSON under ``/control`` for another process that plays the residents."""

import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from webhooks.line.simulator import fields
from webhooks.line.simulator.bodies import read_json
from webhooks.line.simulator.chaos import KINDS, make_trouble
from webhooks.line.simulator.crowd import WORDS, send_crowd
from webhooks.line.simulator.errors import Refused
from webhooks.line.simulator.faults import Fault, FaultKind
from webhooks.line.simulator.simulator import Done, Simulator
from webhooks.line.simulator.state import JsonObject, Resident
from webhooks.line.simulator.webhooks import DeliveryResult, Signing

MAX_CONTROL_BYTES = 4 * 1024 * 1024
MAX_EVENTS = 10_000
MAX_REPEAT = 100
MAX_WAIT_S = 30.0

Work = Callable[[Request, JsonObject], Awaitable[JsonObject]]


class Control:
    """What changes something is POST with a JSON object; a refusal is ``{"message_ja", "message_en"}``."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.channel = simulator.channel

    def routes(self) -> list[Route]:
        """Routes below the simulator's own URL."""
        person = "/control/residents/{index:int}"
        return [
            self._post("/control/residents", self.add_residents),
            self._post(f"{person}/follow", self.follow),
            self._post(f"{person}/unfollow", self.unfollow),
            self._post(f"{person}/say", self.say),
            self._post(f"{person}/tap", self.tap),
            self._post(f"{person}/language", self.set_language),
            Route(f"{person}/chat", self.chat, methods=["GET"]),
            Route("/control/state", self.state, methods=["GET"]),
            self._post("/control/faults", self.set_faults),
            self._post("/control/redelivery", self.set_redelivery),
            self._post("/control/deliver", self.deliver),
            self._post("/control/chaos", self.make_trouble),
            self._post("/control/crowd", self.crowd),
        ]

    def _post(self, path: str, work: Work) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                body = await read_json(request, MAX_CONTROL_BYTES)
                return as_json(await work(request, body))
            except Refused as refusal:
                return as_json(refusal_json(refusal), refusal.status)

        return Route(path, endpoint, methods=["POST"])

    async def add_residents(self, request: Request, body: JsonObject) -> JsonObject:
        """``{count, language}`` -> ``{"residents": [{index, user_id, display_name}]}``."""
        count = fields.whole(body, "count", 1, 1, self.simulator.settings.max_residents)
        added = self.simulator.add_residents(count, fields.text(body, "language", "ja"))
        return {"residents": [person_json(resident) for resident in added]}

    async def follow(self, request: Request, body: JsonObject) -> JsonObject:
        """``{wait_s}``: add the account as a friend."""
        return await self._act(request, body, lambda index: self.simulator.follow(index))

    async def unfollow(self, request: Request, body: JsonObject) -> JsonObject:
        """Block the account."""
        return await self._act(request, body, lambda index: self.simulator.unfollow(index))

    async def say(self, request: Request, body: JsonObject) -> JsonObject:
        """``{text, wait_s}``."""
        text = fields.text(body, "text")
        return await self._act(request, body, lambda index: self.simulator.say(index, text))

    async def tap(self, request: Request, body: JsonObject) -> JsonObject:
        """``{data}``, or ``{label, nth, bubble_contains}``; and ``wait_s``."""
        if "data" in body:
            data = fields.text(body, "data")
            return await self._act(request, body, lambda index: self.simulator.tap_data(index, data))
        label, nth = fields.text(body, "label"), fields.whole(body, "nth", 0, 0, 1000)
        bubble = fields.text(body, "bubble_contains", "")
        return await self._act(
            request, body, lambda index: self.simulator.tap_label(index, label, nth, bubble or None)
        )

    async def _act(self, request: Request, body: JsonObject, act: Callable[[int], Awaitable[Done]]) -> JsonObject:
        """Do it; with ``wait_s`` also wait for an answer and return the messages that came."""
        resident = self.channel.resident(request.path_params["index"])
        wait_s = fields.number(body, "wait_s", 0.0, 0.0, MAX_WAIT_S)
        received = resident.received
        done = done_json(await act(resident.index))
        if wait_s > 0:
            await resident.wait_beyond(received, wait_s)
            done["messages"] = newest_messages(resident, resident.received - received)
        return done

    async def set_language(self, request: Request, body: JsonObject) -> JsonObject:
        """``{language}``: the BCP 47 tag of the profile."""
        resident = self.channel.resident(request.path_params["index"])
        resident.language = fields.text(body, "language")
        return person_json(resident)

    async def chat(self, request: Request) -> Response:
        """The chat, oldest first, with the message objects as they were sent."""
        try:
            resident = self.channel.resident(request.path_params["index"])
        except Refused as refusal:
            return as_json(refusal_json(refusal), refusal.status)
        entries = [
            {"side": entry.side, "at_ms": entry.at_ms, "batch": entry.batch, "message": entry.message}
            for entry in resident.chat
        ]
        return as_json({**person_json(resident), "messages": entries})

    async def state(self, request: Request) -> Response:
        """Delivered counts, retry keys, quota, webhook errors and the API log without bodies."""
        return as_json(self.channel.summary())

    async def set_faults(self, request: Request, body: JsonObject) -> JsonObject:
        """``{kind: error|rate_limit|drop|slow, next, ratio, seconds, endpoints}``, or ``{clear: true}``."""
        if fields.flag(body, "clear"):
            self.channel.faults.clear()
        else:
            self.channel.faults.set(fault_from(body))
        return {"faults": self.channel.faults.summary()}

    async def set_redelivery(self, request: Request, body: JsonObject) -> JsonObject:
        """``{after_s}``: the console's switch; null is off."""
        off = body.get("after_s") is None
        self.simulator.sender.redeliver_after_s = None if off else fields.number(body, "after_s", 1.0, 0.0, 3600.0)
        return {"after_s": self.simulator.sender.redeliver_after_s}

    async def deliver(self, request: Request, body: JsonObject) -> JsonObject:
        """``{events, sign, repeat, shuffle, batch_size}``, or ``{body, sign}`` for exactly these bytes.

        ``sign``: ``valid`` (or true), ``forged`` (or false), ``none``.
        """
        signing = signing_from(body)
        if "body" in body:
            raw = fields.text(body, "body").encode()
            return {"calls": [result_json(await self.simulator.sender.send_raw(raw, signing))]}
        events = fields.array(body, "events", MAX_EVENTS)
        results = await self.simulator.deliver(
            events,
            repeat=fields.whole(body, "repeat", 1, 1, MAX_REPEAT),
            shuffle=fields.flag(body, "shuffle"),
            batch_size=fields.whole(body, "batch_size", MAX_EVENTS, 1, MAX_EVENTS),
            signing=signing,
        )
        return {"calls": [result_json(result) for result in results]}

    async def make_trouble(self, request: Request, body: JsonObject) -> JsonObject:
        """``{resident, kinds, limit}``: see ``chaos.make_trouble``."""
        kinds = fields.array(body, "kinds", len(KINDS), list(KINDS))
        for kind in kinds:
            fields.choice({"kinds": kind}, "kinds", list(KINDS))
        index = fields.whole(body, "resident", 0, 0, self.simulator.settings.max_residents)
        return await make_trouble(self.simulator, index, kinds, fields.whole(body, "limit", 200, 1, MAX_EVENTS))

    async def crowd(self, request: Request, body: JsonObject) -> JsonObject:
        """``{count, seed, concurrency, language}``: new residents vote; see ``crowd.Report``."""
        report = await send_crowd(
            self.simulator,
            count=fields.whole(body, "count", 40, 1, self.simulator.settings.max_residents),
            seed=fields.whole(body, "seed", self.simulator.settings.seed, 0, 2**63),
            concurrency=fields.whole(body, "concurrency", 10, 1, 200),
            language=fields.choice(body, "language", list(WORDS), "ja"),
        )
        return report.as_json()


def as_json(content: JsonObject, status: int = 200) -> Response:
    """A JSON response that also survives text without a UTF-8 form, which drivers may send on purpose."""
    return Response(json.dumps(content).encode(), status, media_type="application/json")


def refusal_json(refusal: Refused) -> JsonObject:
    """Why not, and what to do, in both languages."""
    return {"message_ja": refusal.ja, "message_en": refusal.en}


def person_json(resident: Resident) -> JsonObject:
    """A resident without the chat."""
    return {
        "index": resident.index,
        "user_id": resident.user_id,
        "display_name": resident.display_name,
        "language": resident.language,
        "friendship": resident.friendship.value,
    }


def done_json(done: Done) -> JsonObject:
    """What an act caused."""
    if done.event is None or done.delivery is None:
        return {"uri": done.uri}
    event = {"event_id": done.event["webhookEventId"], "timestamp": done.event["timestamp"]}
    return {**event, **result_json(done.delivery)}


def result_json(result: DeliveryResult) -> JsonObject:
    """The answer of one webhook call."""
    return {"status": result.status, "reason": result.reason, "seconds": round(result.seconds, 4)}


def newest_messages(resident: Resident, count: int) -> list[JsonObject]:
    """The account's last ``count`` messages, oldest first."""
    received = [entry.message for entry in resident.chat if entry.side == "account"]
    return received[len(received) - count :] if count else []


def signing_from(body: JsonObject) -> Signing:
    """How to sign, from ``sign``."""
    wish = body.get("sign", True)
    if isinstance(wish, bool):
        return Signing.VALID if wish else Signing.FORGED
    return Signing(fields.choice(body, "sign", [kind.value for kind in Signing]))


def fault_from(body: JsonObject) -> Fault:
    """A fault out of a driver's JSON."""
    endpoints = fields.array(body, "endpoints", 20, [])
    return Fault(
        FaultKind(fields.choice(body, "kind", [kind.value for kind in FaultKind])),
        next=fields.whole(body, "next", 0, 0, 1_000_000),
        ratio=fields.number(body, "ratio", 0.0, 0.0, 1.0),
        seconds=fields.number(body, "seconds", 0.0, 0.0, 600.0),
        endpoints=tuple(str(endpoint) for endpoint in endpoints),
    )
