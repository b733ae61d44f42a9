"""A storm of votes from many phones at a real server, and the count of what came of it, written apart."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from support.line import call, person, proposal_slug, sign, tap, text

PATH = "/webhooks/line"


@dataclass
class Storm:
    """What was sent, all of it, and which events' calls were answered 200 (``acked``).

    A tenth of the calls is sent twice at once, every twentieth is followed by one that was taken before.
    ``statuses`` counts the answers, and ``slowest_s`` has the longest wait for each kind of answer.
    """

    urls: Sequence[str]
    people: int = 60
    options: int = 4
    chatting: float = 0.0
    seed: int = 20_231_001
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    slowest_s: dict[str, float] = field(default_factory=dict)
    doubled: int = 0
    replayed: int = 0
    put_aside: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._taken: list[str] = []

    @asynccontextmanager
    async def blowing(self, phones: int) -> AsyncIterator[None]:
        """Phones tap as fast as they are answered until the block ends; each then finishes its call."""
        over = asyncio.Event()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
            tasks = [asyncio.create_task(self._phone(session, over)) for _ in range(phones)]
            try:
                yield
            finally:
                over.set()
                await asyncio.gather(*tasks)

    async def until(self, acked: int) -> None:
        """Wait until so many more calls were taken."""
        goal = len(self.acked) + acked
        while len(self.acked) < goal:  # noqa: ASYNC110 - many tasks add to it
            await asyncio.sleep(0.01)

    async def deliver_again(self, events: Sequence[str]) -> None:
        """LINE's redelivery: send events, 25 a call, until they are taken."""
        async with aiohttp.ClientSession() as session:
            for start in range(0, len(events), 25):
                some = [self.sent[event_id] for event_id in events[start : start + 25]]
                while some[0]["webhookEventId"] not in self.acked:
                    await self._post(session, some)

    async def _phone(self, session: aiohttp.ClientSession, over: asyncio.Event) -> None:
        while not over.is_set():
            events = [self._event() for _ in range(self._dice.choice((1, 1, 1, 3)))]
            twice = self._dice.random() < 0.1
            self.doubled += twice
            await asyncio.gather(*(self._post(session, events) for _ in range(1 + twice)))
            if self._dice.random() < 0.05 and self._taken:
                self.replayed += 1
                await self._post(session, [self.sent[self._dice.choice(self._taken)]])

    def _event(self) -> dict[str, Any]:
        user = person(self._dice.randrange(self.people))
        if self._dice.random() < self.chatting:
            return text(user, "投票")
        op = self._dice.choices(("add", "remove", "none", "withdraw"), (12, 3, 1, 1))[0]
        proposal = proposal_slug(self._dice.randint(1, self.options)) if op in {"add", "remove"} else ""
        return tap(user, proposal, op=op)

    async def _post(self, session: aiohttp.ClientSession, events: list[dict[str, Any]]) -> None:
        body = call(*events)
        self.sent.update({event["webhookEventId"]: event for event in events})
        url = self._dice.choice(self.urls) + PATH
        started = time.perf_counter()
        try:
            async with session.post(url, data=body, headers={"X-Line-Signature": sign(body)}) as answer:
                status = _kind(answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            status = type(error).__name__
        self.statuses[status] += 1
        self.slowest_s[status] = max(self.slowest_s.get(status, 0.0), time.perf_counter() - started)
        if status == "200":
            self.acked |= {event["webhookEventId"] for event in events}
            self._taken += [event["webhookEventId"] for event in events]
        else:
            await asyncio.sleep(0.2)


def _kind(answer: aiohttp.ClientResponse) -> str:
    """The status; a 503 that does not say when to come back is another kind."""
    forgetful = answer.status == 503 and "Retry-After" not in answer.headers
    return f"{answer.status} without Retry-After" if forgetful else str(answer.status)


@dataclass(frozen=True)
class Expected:
    """A count by the rule as residents are told it."""

    approvals: Counter[str]
    voters: int
    blank: int


def count_apart(events: Iterable[dict[str, Any]], most: int, before_ms: float = float("inf")) -> Expected:
    """The votes that taps come to: newest choices kept, taps from ``before_ms`` on left out."""
    chosen: dict[str, list[str]] = {}
    blank: set[str] = set()
    for event in sorted(events, key=lambda event: (event["timestamp"], event["webhookEventId"])):
        if event["type"] != "postback" or event["timestamp"] >= before_ms:
            continue
        button = {name: values[0] for name, values in parse_qs(event["postback"]["data"]).items()}
        person_, proposal = event["source"]["userId"], button.get("p", "")
        mine = chosen.setdefault(person_, [])
        with suppress(ValueError):
            mine.remove(proposal)
        if button["v"] == "add":
            mine.append(proposal)
            del mine[:-most]
            blank.discard(person_)
        if button["v"] in {"none", "withdraw"}:
            mine.clear()
            blank.discard(person_)
        if button["v"] == "none":
            blank.add(person_)
    voters = {person_ for person_, mine in chosen.items() if mine} | blank
    return Expected(Counter(p for mine in chosen.values() for p in mine), len(voters), len(blank))
