"""The channel's memory: residents and their chats, reply tokens, retry keys, quota, logs."""

import asyncio
import hashlib
import random
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from webhooks.line.simulator.errors import Refused
from webhooks.line.simulator.faults import Faults
from webhooks.line.simulator.menus import RichMenus
from webhooks.line.simulator.settings import Clock, Person, SimulatorSettings

JsonObject = dict[str, Any]

CHAT_ENTRIES = 200
LOG_ENTRIES = 10_000
REPLY_WITHIN_MS = 60_000
REPLY_WITHIN_OF_EVENT_MS = 20 * 60_000
RETRY_KEY_LIFE_MS = 24 * 60 * 60_000


class Friendship(StrEnum):
    """What the resident is to the account: LINE lets also a stranger write, but not one who blocks it."""

    STRANGER = "stranger"
    FRIEND = "friend"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class ChatEntry:
    """One bubble of a chat; the account's messages of one API call share their ``batch``."""

    id: int
    side: Literal["resident", "account"]
    message: JsonObject
    at_ms: int
    batch: str


@dataclass(slots=True)
class Resident:
    """An invented person with a phone."""

    index: int
    user_id: str
    person: Person
    language: str
    friendship: Friendship = Friendship.STRANGER
    chat: deque[ChatEntry] = field(default_factory=lambda: deque(maxlen=CHAT_ENTRIES))
    received: int = 0
    trouble: str | None = None
    _arrival: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def display_name(self) -> str:
        """The name of the profile, as its owner writes it."""
        return self.person.name.get(self.person.language, self.person.name["ja"])

    def note_arrival(self, messages: int) -> None:
        """Count messages of the account and wake those who wait for them."""
        self.received += messages
        self.wake()

    def wake(self) -> None:
        """Let those look again who wait for something new on this phone."""
        self._arrival.set()
        self._arrival = asyncio.Event()

    async def wait_beyond(self, received: int, timeout_s: float) -> bool:
        """Wait until more than ``received`` messages have come; False when the time is over first."""
        return await self.wait_until(lambda: self.received > received, timeout_s)

    async def wait_until(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is so, looking at each news of this phone; False when the time is over first."""
        try:
            async with asyncio.timeout(timeout_s):
                while not is_so():
                    await self._arrival.wait()
        except TimeoutError:
            return False
        return True

    @property
    def knows_account(self) -> bool:
        """Whether LINE shows the account this person's profile: a friend, or a stranger who has written."""
        return self.friendship is Friendship.FRIEND or (self.friendship is Friendship.STRANGER and bool(self.chat))


@dataclass(slots=True)
class ReplyToken:
    """Good for one reply to one resident; ``received_ms`` moves when the event is redelivered."""

    resident: Resident
    event_ms: int
    received_ms: int
    used: bool = False

    def is_good(self, now_ms: int) -> bool:
        """Unused, within a minute of the webhook and within 20 minutes of the event."""
        fresh = now_ms - self.received_ms <= REPLY_WITHIN_MS
        return not self.used and fresh and now_ms - self.event_ms <= REPLY_WITHIN_OF_EVENT_MS


@dataclass(slots=True)
class AcceptedRequest:
    """What a retry key stands for: the call LINE took, and how often it was tried again."""

    request_id: str
    endpoint: str
    at_ms: int
    recipients: int
    sent_messages: list[JsonObject]
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One call of the API as LINE would remember it: no bodies, no tokens."""

    at_ms: int
    method: str
    path: str
    status: int
    request_id: str
    retry_key: str | None
    recipients: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class WebhookFailure:
    """One webhook call without a 2xx answer in time; ``reason`` uses the words of LINE's error statistics."""

    at_ms: int
    reason: str
    status: int | None
    events: int


def _hex32(seed: int, what: str) -> str:
    return hashlib.sha256(f"{seed}:{what}".encode()).hexdigest()[:32]


def _nameless(index: int, language: str) -> Person:
    name = {"ja": f"参加者{index + 1}（例）", "en": f"Resident {index + 1} (example)"}
    return Person(name, {"ja": "架空の人", "en": "Invented person"}, language)


class Channel:
    """All that LINE knows about one channel. Not thread-safe: used by one event loop."""

    def __init__(self, settings: SimulatorSettings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.quota = settings.quota
        self.used_quota = 0
        self.bot_user_id = "U" + _hex32(settings.seed, "bot")
        self.random = random.Random(settings.seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self.menus = RichMenus(clock)
        self.faults = Faults(random.Random(settings.seed + 1))  # noqa: S311
        self.residents: list[Resident] = []
        self.retry_keys: dict[str, AcceptedRequest] = {}
        self.requests: deque[RequestRecord] = deque(maxlen=LOG_ENTRIES)
        self.failures: deque[WebhookFailure] = deque(maxlen=LOG_ENTRIES)
        self.redeliveries = 0
        self._by_user_id: dict[str, Resident] = {}
        self._reply_tokens: dict[str, ReplyToken] = {}
        self._entries = 0
        self.at_start = len(settings.people) or settings.residents
        self.add_residents(self.at_start)

    def add_residents(self, count: int, language: str = "ja") -> list[Resident]:
        """Create residents who do not follow yet; Refused (409) beyond ``max_residents``."""
        if len(self.residents) + count > self.settings.max_residents:
            raise Refused.too_many_residents(self.settings.max_residents)
        first = len(self.residents)
        added = [self._new_resident(index, language) for index in range(first, first + count)]
        self.residents.extend(added)
        self._by_user_id.update({resident.user_id: resident for resident in added})
        return added

    def _new_resident(self, index: int, language: str) -> Resident:
        user_id = "U" + _hex32(self.settings.seed, f"resident:{index}")
        named = self.settings.people[index : index + 1]
        person = named[0] if named else _nameless(index, language)
        return Resident(index, user_id, person, person.language)

    def resident(self, index: int) -> Resident:
        """The resident with this number; Refused (404) when there is none."""
        if not 0 <= index < len(self.residents):
            raise Refused.no_such_resident(index)
        return self.residents[index]

    def find(self, user_id: str) -> Resident | None:
        """The resident with this LINE id, if the channel knows it."""
        return self._by_user_id.get(user_id)

    def friends(self) -> list[Resident]:
        """Those whom a broadcast reaches."""
        return [r for r in self.residents if r.friendship is Friendship.FRIEND]

    def show(
        self, resident: Resident, side: Literal["resident", "account"], message: JsonObject, batch: str
    ) -> str:
        """Put one message into the resident's chat and return its message id."""
        self._entries += 1
        resident.chat.append(ChatEntry(self._entries, side, message, self.clock(), batch))
        return f"{self.clock()}{self._entries:05d}"

    def deliver(self, resident: Resident, messages: list[JsonObject], batch: str) -> list[JsonObject]:
        """Show the account's messages to one resident; the ``sentMessages`` of the answer."""
        sent = [{"id": self.show(resident, "account", message, batch)} for message in messages]
        resident.note_arrival(len(messages))
        return sent

    def issue_reply_token(self, token: str, resident: Resident, event_ms: int) -> None:
        """Remember a token handed out with an event; forget those nobody can use any more."""
        self._forget_old_tokens()
        self._reply_tokens[token] = ReplyToken(resident, event_ms, received_ms=self.clock())

    def _forget_old_tokens(self) -> None:
        limit = self.clock() - REPLY_WITHIN_OF_EVENT_MS
        while self._reply_tokens:
            oldest = next(iter(self._reply_tokens))
            if self._reply_tokens[oldest].received_ms >= limit:
                return
            del self._reply_tokens[oldest]

    def note_token_received(self, token: object) -> None:
        """The webhook with this token goes out now: its minute starts again."""
        if isinstance(token, str) and token in self._reply_tokens:
            self._reply_tokens[token].received_ms = self.clock()

    def use_reply_token(self, token: str) -> Resident | None:
        """The resident the token answers, once; None when it is unknown, used or too old."""
        known = self._reply_tokens.get(token)
        if known is None or not known.is_good(self.clock()):
            return None
        known.used = True
        return known.resident

    def accepted(self, retry_key: str) -> AcceptedRequest | None:
        """The request already taken under this key within 24 hours."""
        request = self.retry_keys.get(retry_key)
        if request is None or self.clock() - request.at_ms > RETRY_KEY_LIFE_MS:
            return None
        return request

    def over_quota(self, recipients: int) -> bool:
        """Whether a send to so many people does not fit into what is left of the plan."""
        return self.quota is not None and self.used_quota + recipients > self.quota

    def summary(self) -> JsonObject:
        """Everything worth comparing with the product's own books, as JSON; no message bodies."""
        return {
            "bot_user_id": self.bot_user_id,
            "quota": {"limit": self.quota, "used": self.used_quota},
            "residents": [self._resident_summary(resident) for resident in self.residents],
            "retry_keys": {key: asdict(request) for key, request in self.retry_keys.items()},
            "requests": [asdict(record) for record in self.requests],
            "webhook_errors": [asdict(failure) for failure in self.failures],
            "redeliveries": self.redeliveries,
            "faults": self.faults.summary(),
        }

    def _resident_summary(self, resident: Resident) -> JsonObject:
        return {
            "index": resident.index,
            "user_id": resident.user_id,
            "display_name": resident.display_name,
            "language": resident.language,
            "friendship": resident.friendship.value,
            "received": resident.received,
        }
