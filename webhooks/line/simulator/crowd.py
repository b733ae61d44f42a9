"""Many residents who follow, ask for the ballot, tap, change their minds and cancel, all by the real path."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from webhooks.line.chatview.actions import Tappable, tappables
from webhooks.line.simulator.actions import find_tap
from webhooks.line.simulator.simulator import Done, Simulator
from webhooks.line.simulator.state import JsonObject, Resident

ANSWER_WITHIN_S = 10.0
SHARE_OF_CHANGERS = 0.3
SHARE_OF_CANCELLERS = 0.15
MOST_TAPS = 3


@dataclass(frozen=True, slots=True)
class Words:
    """What the people of one language type and look for on buttons."""

    ask: str
    vote: str
    cancel: str


WORDS = {
    "ja": Words(ask="投票", vote="あったらいいな", cancel="取り消す"),
    "en": Words(ask="vote", vote="Nice to have!", cancel="Take back"),
}


@dataclass(frozen=True, slots=True)
class Tap:
    """One tap as the phone knows it, enough to recount the ballot without the product.

    ``bubble`` is the text of the card that was tapped. Sort by (``timestamp``, ``event_id``).
    """

    resident: int
    user_id: str
    label: str
    display_text: str | None
    bubble: str
    data: str
    timestamp: int
    event_id: str
    status: int | None


@dataclass(slots=True)
class Report:
    """What a crowd did and met; ``without_ballot`` people got no vote button in time."""

    residents: int
    webhooks: Counter[str] = field(default_factory=Counter)
    taps: list[Tap] = field(default_factory=list)
    without_ballot: int = 0
    seconds: float = 0.0

    def note(self, done: Done) -> None:
        """Count one webhook by its answer."""
        if done.delivery is not None:
            self.webhooks[str(done.delivery.status or done.delivery.reason)] += 1

    def as_json(self) -> JsonObject:
        """The report with its taps in the order of the fold."""
        in_order = sorted(self.taps, key=lambda tap: (tap.timestamp, tap.event_id))
        return {
            "residents": self.residents,
            "webhooks": dict(self.webhooks),
            "without_ballot": self.without_ballot,
            "seconds": round(self.seconds, 3),
            "taps": [asdict(tap) for tap in in_order],
        }


@dataclass(frozen=True, slots=True)
class Taste:
    """What the people like: the card whose button sends ``favourite`` is the first choice of a share of them."""

    favourite: str
    share: float = 0.45


async def send_crowd(
    simulator: Simulator,
    *,
    count: int,
    seed: int,
    concurrency: int,
    language: str = "ja",
    over_s: float = 0.0,
    taste: Taste | None = None,
) -> Report:
    """``count`` new residents vote, ``concurrency`` of them at a time; what they choose follows from ``seed``.

    They come evenly over ``over_s`` seconds. Without a ``taste`` all cards are equally liked.
    """
    people = simulator.add_residents(count, language)
    report = Report(count)
    gate = asyncio.Semaphore(concurrency)
    start = time.perf_counter()

    async def take_part(resident: Resident, after_s: float) -> None:
        await asyncio.sleep(after_s)
        async with gate:
            dice = random.Random(f"{seed}:{resident.index}")  # noqa: S311 - repeatable on purpose
            await _Voter(simulator, resident, dice, WORDS[language], report, taste).vote()

    async with asyncio.TaskGroup() as group:
        for place, resident in enumerate(people):
            group.create_task(take_part(resident, over_s * place / count))
    report.seconds = time.perf_counter() - start
    return report


@dataclass(slots=True)
class _Voter:
    simulator: Simulator
    resident: Resident
    dice: random.Random
    words: Words
    report: Report
    taste: Taste | None

    async def vote(self) -> None:
        """Follow, ask, tap one to three cards; some tap once more, some cancel what the receipt offers."""
        self.report.note(await self.simulator.follow(self.resident.index))
        cards = await self._ask()
        if not cards:
            self.report.without_ballot += 1
            return
        for card in self._choices(cards):
            await self._tap(card)
        if self.dice.random() < SHARE_OF_CHANGERS:
            await self._tap(self.dice.choice(cards))
        if self.dice.random() < SHARE_OF_CANCELLERS:
            await self._cancel()

    def _choices(self, cards: list[Tappable]) -> list[Tappable]:
        """One to three cards at random; the last of them is the favourite of those who like it best."""
        chosen = self.dice.sample(cards, min(self.dice.randint(1, MOST_TAPS), len(cards)))
        if self.taste is None or self.dice.random() >= self.taste.share:
            return chosen
        liked = [card for card in cards if self.taste.favourite in str(card.action.get("data"))]
        return [*(card for card in chosen[1:] if card not in liked), *liked[:1]]

    async def _ask(self) -> list[Tappable]:
        """Ask for the ballot and read answers until one has vote buttons; empty when none comes."""
        self.report.note(await self.simulator.say(self.resident.index, self.words.ask))
        end = time.perf_counter() + ANSWER_WITHIN_S
        while not (cards := self._vote_cards()) and (left := end - time.perf_counter()) > 0:
            await self.resident.wait_beyond(self.resident.received, left)
        return cards

    def _vote_cards(self) -> list[Tappable]:
        messages = [entry.message for entry in self.resident.chat if entry.side == "account"]
        found = [tappable for message in messages for tappable in tappables(message)]
        return [tappable for tappable in found if tappable.label == self.words.vote]

    async def _tap(self, card: Tappable) -> None:
        """Tap and wait for the receipt, as a person would."""
        received = self.resident.received
        done = await self.simulator.tap(self.resident.index, card.action)
        self.report.note(done)
        if done.event is not None and done.delivery is not None:
            self.report.taps.append(_tap_record(self.resident, card, done.event, done.delivery.status))
            await self.resident.wait_beyond(received, ANSWER_WITHIN_S)

    async def _cancel(self) -> None:
        card = find_tap(self.resident.chat, label=self.words.cancel)
        if card is not None:
            await self._tap(card)


def _tap_record(resident: Resident, card: Tappable, event: JsonObject, status: int | None) -> Tap:
    display_text: Any = card.action.get("displayText")
    return Tap(
        resident=resident.index,
        user_id=resident.user_id,
        label=card.label,
        display_text=display_text,
        bubble=card.bubble,
        data=event["postback"]["data"],
        timestamp=event["timestamp"],
        event_id=event["webhookEventId"],
        status=status,
    )
