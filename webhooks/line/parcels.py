"""A chunk made ready to be sent: the very bytes that were planned, or less people while nobody can have heard."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.canonical import sha256_hex
from civic.kernel.logging import logger
from civic.outbox.campaigns import Shortened
from civic.outbox.queries import Due
from civic.outbox.rules import pack, unpack
from civic.outbox.tables import DeliveryChunk
from civic.residents.accounts import Accounts
from civic.residents.reach import Reach, reach
from webhooks.line.client import multicast_body

KNOWN_FOR = timedelta(hours=23)
"""LINE keeps a retry key for 24 hours; after that a retry could reach people twice."""


@dataclass(frozen=True)
class Parcel:
    """A chunk with its request; ``shortened`` when people have left since it was planned."""

    chunk: DeliveryChunk
    numbers: list[int]
    accounts: list[str]
    messages: bytes
    body: bytes
    shortened: Shortened | None = None

    def without(self, places: set[int]) -> Shortened:
        """The chunk without the people at some places of the request."""
        stays = [place not in places for place in range(len(self.numbers))]
        numbers = list(compress(self.numbers, stays))
        body = multicast_body(list(compress(self.accounts, stays)), self.messages)
        lost = len(self.numbers) - len(numbers)
        return Shortened(self.chunk.id, pack(numbers), len(numbers), sha256_hex(body), refused=lost)


@dataclass(frozen=True)
class Unsendable:
    """A chunk that must not be sent, with the state that it ends in."""

    chunk: DeliveryChunk
    state: str
    shortened: Shortened | None = None


async def make_ready(
    session: AsyncSession, opener: Accounts, due: Due, messages: bytes, now: datetime
) -> Parcel | Unsendable:
    """Build a chunk's request. Once LINE may have taken it, nobody is left out: the bytes must be the same."""
    chunk = due.chunk
    if chunk.first_attempt_at is not None and now - chunk.first_attempt_at > KNOWN_FOR:
        return Unsendable(chunk, "unknown")
    there = await reach(session, opener, due.kind, unpack(chunk.residents or b""))
    if chunk.first_attempt_at is None:
        there = _those_who_want(there)
    elif len(there.numbers) < chunk.people:
        return Unsendable(chunk, "unknown")
    body = multicast_body(there.accounts, messages)
    shortened = _shortened(chunk, there, body)
    if shortened is None and sha256_hex(body) != chunk.body_sha256:
        logger("campaigns").error("chunk_changed", chunk=chunk.id)
        return Unsendable(chunk, "refused")
    if not there.numbers:
        return Unsendable(chunk, "refused", shortened)
    return Parcel(chunk, there.numbers, there.accounts, messages, body, shortened)


def _those_who_want(there: Reach) -> Reach:
    if all(there.wanting):
        return there
    numbers = list(compress(there.numbers, there.wanting))
    return Reach(numbers, list(compress(there.accounts, there.wanting)), [True] * len(numbers))


def _shortened(chunk: DeliveryChunk, there: Reach, body: bytes) -> Shortened | None:
    gone = chunk.people - len(there.numbers)
    if not gone:
        return None
    return Shortened(chunk.id, pack(there.numbers), len(there.numbers), sha256_hex(body), gone=gone)
