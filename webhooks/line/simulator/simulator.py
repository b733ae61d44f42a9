"""The residents with their phones: what they do becomes a signed webhook, what the account sends a chat."""

import asyncio
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from webhooks.line.simulator.actions import find_data, find_tap
from webhooks.line.simulator.errors import Refused
from webhooks.line.simulator.settings import Clock, SimulatorSettings, wall_clock
from webhooks.line.simulator.state import Channel, Friendship, JsonObject, Resident
from webhooks.line.simulator.validation import MAX_DATA, MAX_TEXT, utf16_length
from webhooks.line.simulator.webhooks import DeliveryResult, EventMaker, Signing, WebhookSender

HISTORY_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Done:
    """What one act of a resident caused: an event and its delivery, or just an opened link."""

    event: JsonObject | None = None
    delivery: DeliveryResult | None = None
    uri: str | None = None


class Simulator:
    """One channel and its people, for use from async Python; ``create_simulator`` puts HTTP around it.

    Use as ``async with Simulator(settings) as simulator`` or call ``aclose`` at the end.
    """

    def __init__(self, settings: SimulatorSettings, clock: Clock = wall_clock) -> None:
        self.settings = settings
        self.channel = Channel(settings, clock)
        self.events = EventMaker(self.channel)
        self.sender = WebhookSender(self.channel)
        self.history: deque[JsonObject] = deque(maxlen=HISTORY_EVENTS)
        self.closing = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close connections, give up pending redeliveries, and let nobody wait for news any longer."""
        self.closing.set()
        await self.sender.aclose()

    def add_residents(self, count: int, language: str = "ja") -> list[Resident]:
        """People who do not follow yet; Refused (409) when they do not fit."""
        return self.channel.add_residents(count, language)

    async def follow(self, index: int) -> Done:
        """Add the account as a friend, or unblock it; Refused (409) for a friend."""
        resident = self.channel.resident(index)
        if resident.friendship is Friendship.FRIEND:
            raise Refused.already_friend()
        was_blocked = resident.friendship is Friendship.BLOCKED
        resident.friendship = Friendship.FRIEND
        return await self._send(resident, self.events.follow(resident, is_unblocked=was_blocked))

    async def unfollow(self, index: int) -> Done:
        """Block the account; Refused (409) for one who is no friend."""
        resident = self.channel.resident(index)
        if resident.friendship is not Friendship.FRIEND:
            raise Refused.not_friend()
        resident.friendship = Friendship.BLOCKED
        return await self._send(resident, self.events.unfollow(resident))

    async def say(self, index: int, text: str) -> Done:
        """Type a message of up to 5,000 UTF-16 units."""
        resident = self._writer(index)
        if not text or utf16_length(text) > MAX_TEXT or not _is_text(text):
            raise Refused.bad_request(
                f"文は 1〜{MAX_TEXT} 文字にしてください。", f"A message has 1 to {MAX_TEXT} characters."
            )
        message = {"type": "text", "text": text}
        message_id = self.channel.show(resident, "resident", message, batch="")
        return await self._send(resident, self.events.text(resident, text, message_id))

    async def tap(self, index: int, action: JsonObject) -> Done:
        """Do what a button does: post back (its displayText shows as a bubble), say, or open a link."""
        kind = action.get("type")
        if kind == "uri":
            return Done(uri=str(action.get("uri")))
        if kind == "message":
            return await self.say(index, str(action.get("text")))
        if kind != "postback":
            raise Refused.bad_request(
                f"この種類のボタンは押せません: {kind}", f"This kind of button cannot be tapped here: {kind}"
            )
        return await self._postback(self._writer(index), str(action.get("data")), action.get("displayText"))

    async def tap_data(self, index: int, data: str) -> Done:
        """Tap the postback button with this data; without one in the chat, an old card that had it."""
        chat = self.channel.resident(index).chat
        return await self.tap(index, find_data(chat, data) or {"type": "postback", "data": data})

    async def tap_label(self, index: int, label: str, nth: int = 0, bubble_contains: str | None = None) -> Done:
        """Tap a button by what stands on it (see ``actions.find_tap``); Refused (404) when there is none."""
        chat = self.channel.resident(index).chat
        found = find_tap(chat, label=label, nth=nth, bubble_contains=bubble_contains)
        if found is None:
            where = f" ({bubble_contains})" if bubble_contains else ""
            raise Refused.nothing_to_tap(f"「{label}」[{nth}]{where}")
        return await self.tap(index, found.action)

    async def deliver(
        self,
        events: list[Any],
        *,
        repeat: int = 1,
        shuffle: bool = False,
        batch_size: int | None = None,
        signing: Signing = Signing.VALID,
    ) -> list[DeliveryResult]:
        """Send any events, good or bad, once or often, in order or not (see ``WebhookSender.deliver``)."""
        return await self.sender.deliver(
            events, repeat=repeat, shuffle=shuffle, batch_size=batch_size, signing=signing
        )

    async def wait_for_messages(self, index: int, beyond: int, timeout_s: float) -> bool:
        """Wait until the resident has received more than ``beyond`` messages; False when time is over."""
        return await self.channel.resident(index).wait_beyond(beyond, timeout_s)

    def _writer(self, index: int) -> Resident:
        resident = self.channel.resident(index)
        if resident.friendship is Friendship.BLOCKED:
            raise Refused.blocked()
        return resident

    async def _postback(self, resident: Resident, data: str, display_text: object) -> Done:
        if not data or utf16_length(data) > MAX_DATA or not _is_text(data):
            raise Refused.bad_request(f"data は 1〜{MAX_DATA} 文字です。", f"data has 1 to {MAX_DATA} characters.")
        if isinstance(display_text, str):
            bubble = {"type": "text", "text": display_text}
            self.channel.show(resident, "resident", bubble, batch="")
        return await self._send(resident, self.events.postback(resident, data))

    async def _send(self, resident: Resident, event: JsonObject) -> Done:
        self.history.append(event)
        delivery = await self.sender.send([event])
        resident.trouble = delivery.reason
        return Done(event, delivery)


def _is_text(text: str) -> bool:
    """Whether it can be written as UTF-8, which a lone surrogate cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)
