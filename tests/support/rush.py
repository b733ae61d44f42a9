"""A rush at a fixed rate, as a city's closing evening: votes that come twice, late, out of order, among odd ones.

What is due is sent when it is due, however slow the answers are, so that a slow server is seen as slow.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from starlette.types import Receive, Scope, Send
from support.line import DESTINATION, event, new_id, person, proposal_slug, sign, tap
from support.storm import PATH

from civic.kernel.clock import now, to_ms

DOUBLED = 0.2
LATE = 0.2
LATEST_S = 1.0
ODD = 0.1
FORGED = 0.05


@dataclass
class ListeningLine:
    """LINE's reply endpoint, which takes everything: when each reply token was used."""

    at_s: dict[str, list[float]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        if scope["path"].endswith("/message/reply"):
            self.at_s.setdefault(json.loads(body)["replyToken"], []).append(time.perf_counter())
        elif scope["method"] != "GET":
            self.elsewhere.append(scope["path"])
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"sentMessages":[]}'})


@dataclass(frozen=True)
class Delivery:
    """One webhook call: when it is due (seconds from the start), its votes, its other events as written."""

    due_s: float
    votes: Sequence[dict[str, Any]]
    odd: Sequence[bytes] = ()
    is_forged: bool = False

    @property
    def body(self) -> bytes:
        """The bytes of the call, its events in any order."""
        events = [json.dumps(vote).encode() for vote in self.votes] + list(self.odd)
        random.Random(len(events)).shuffle(events)
        return b'{"destination":"%s","events":[%s]}' % (DESTINATION.encode(), b",".join(events))


@dataclass
class Rush:
    """The votes of some people at a rate; afterwards what was sent, what was answered 200, and how fast."""

    people: int = 300
    per_s: float = 500
    votes: int = 1_500
    seed: int = 20_231_001
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    waits_s: list[float] = field(default_factory=list)
    began_s: dict[str, float] = field(default_factory=dict)
    doubled: int = 0
    replayed: int = 0
    put_aside: int = 0
    forged: set[str] = field(default_factory=set)
    behind_s: float = 0.0
    """How late the latest call was sent: above a few milliseconds the machine had other things to do."""

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    async def run(self, url: str) -> None:
        """Send everything, each call when it is due, and wait for the answers."""
        deliveries = sorted(self._deliveries(to_ms(now())), key=lambda delivery: delivery.due_s)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=20)) as session:
            start, calls = time.perf_counter(), []
            for delivery in deliveries:
                await asyncio.sleep(max(0.0, start + delivery.due_s - time.perf_counter()))
                self.behind_s = max(self.behind_s, time.perf_counter() - start - delivery.due_s)
                calls.append(asyncio.create_task(self._post(session, url, delivery)))
            await asyncio.gather(*calls)

    async def deliver_again(self, events: Sequence[str]) -> None:
        """Nothing is left to redeliver unless a call failed."""
        assert not events, f"{len(events)} events were not answered: {self.statuses}"

    def _deliveries(self, start_ms: int) -> Iterator[Delivery]:
        """Votes in calls of one to five; some again, some late, some forged, some among odd events."""
        number = 0
        while number < self.votes:
            size = min(self._dice.choice((1, 1, 2, 5)), self.votes - number)
            at_s = number / self.per_s
            votes = [self._vote(start_ms + round(1000 * at_s) + i) for i in range(size)]
            self.sent.update({vote["webhookEventId"]: vote for vote in votes})
            late_s = self._dice.uniform(0.05, LATEST_S) if self._dice.random() < LATE else 0.0
            yield Delivery(at_s + late_s, votes, list(self._odd(start_ms)))
            if self._dice.random() < DOUBLED:
                self.doubled += 1
                yield Delivery(at_s + self._dice.uniform(0.0, LATEST_S), votes)
            if self._dice.random() < FORGED:
                yield self._forgery(at_s, start_ms)
            number += size

    def _vote(self, at_ms: int) -> dict[str, Any]:
        user = person(self._dice.randrange(self.people))
        op = self._dice.choices(("add", "remove", "none", "withdraw"), (12, 3, 1, 1))[0]
        proposal = proposal_slug(self._dice.randint(1, 4)) if op in {"add", "remove"} else ""
        return tap(user, proposal, op=op, at_ms=at_ms)

    def _odd(self, at_ms: int) -> Iterator[bytes]:
        """Sometimes an event of no known type, sometimes one that is none at all and has to be put aside."""
        if self._dice.random() < ODD:
            yield json.dumps(event(person(1), "constellationAligned", at_ms=at_ms, stars=7)).encode()
        if self._dice.random() < ODD:
            self.put_aside += 1
            number = self.put_aside
            yield (
                self._dice.choice((b"[%d]", b'{"type":"postback","timestamp":NaN,"n":%d}', rb'"\ud83d %d"'))
                % number
            )

    def _forgery(self, at_s: float, at_ms: int) -> Delivery:
        vote = {**self._vote(at_ms), "webhookEventId": new_id()}
        self.forged.add(vote["webhookEventId"])
        return Delivery(at_s, [vote], is_forged=True)

    async def _post(self, session: aiohttp.ClientSession, url: str, delivery: Delivery) -> None:
        body = delivery.body
        header = {"X-Line-Signature": sign(body, "guessed") if delivery.is_forged else sign(body)}
        started = time.perf_counter()
        if not delivery.is_forged:
            for vote in delivery.votes:
                self.began_s.setdefault(vote["replyToken"], started)
        async with session.post(url + PATH, data=body, headers=header) as answer:
            await answer.read()
        self.statuses[str(answer.status)] += 1
        self.waits_s.append(time.perf_counter() - started)
        if answer.status == 200:
            self.acked |= {vote["webhookEventId"] for vote in delivery.votes}
