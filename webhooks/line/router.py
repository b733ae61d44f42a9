"""POST /webhooks/line: the way of every tap. A plain ASGI endpoint, short because every vote goes through it.

raw bytes -> signature -> events -> rows -> one group commit -> 200. The answer is 200 only after the COMMIT; a
body without LINE's signature never reaches JSON or the database; a signed one never causes an error by its
content.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from civic.kernel.clock import Clock, to_ms
from civic.kernel.db.group_commit import GroupCommit
from civic.kernel.errors import Unavailable
from civic.kernel.logging import logger
from civic.kernel.security import Vault
from civic.votes import operations
from webhooks.line import inbox
from webhooks.line.ballots import OpenBallots
from webhooks.line.events import Received, read_call
from webhooks.line.postback import VoteTap, parse
from webhooks.line.signature import is_signed

PATH = "/webhooks/line"
MOST_BYTES = 1_048_576
RETRY_AFTER_S = "5"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, made once: what LINE reads is the status."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers]})
        await send({"type": "http.response.body", "body": self.body})


def _answer(status: int, text: str, *more: tuple[bytes, bytes]) -> Answer:
    body = text.encode()
    length = (b"content-length", str(len(body)).encode())
    plain = ((b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff"))
    return Answer(status, (*plain, length, *more), body)


OK = _answer(200, "")  # without a body: one packet less for each vote
UNSIGNED = _answer(401, "signature missing or wrong")
POST_ONLY = _answer(405, "POST only", (b"allow", b"POST"))
TOO_LARGE = _answer(413, "too large")
TRY_AGAIN = _answer(503, "try again", (b"retry-after", RETRY_AFTER_S.encode()))


@dataclass
class Webhook:
    """The endpoint and what it needs: secrets, the vault, the open ballots and the group commit."""

    secrets: Sequence[bytes]
    vault: Vault
    ballots: OpenBallots
    commits: GroupCommit
    clock: Clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call of LINE's."""
        answer = await self._answer(scope, receive)
        await answer.send(send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] != "POST":
            return POST_ONLY
        body = await _read_body(receive)
        if body is None:
            return TOO_LARGE
        if not is_signed(body, _signature(scope), self.secrets):
            return UNSIGNED
        try:
            await self._record(body)
        except (Unavailable, SQLAlchemyError, OSError) as error:
            logger("webhook").error("not_recorded", error=type(error).__name__)
            return TRY_AGAIN
        return OK

    async def _record(self, body: bytes) -> None:
        events = []
        votes = []
        for received in read_call(body, to_ms(self.clock())):
            events.append(self._inbox_row(received))
            if received.oddity is None and (vote := await self._vote_row(received)) is not None:
                votes.append(vote)
        if events:
            await self.commits.append(
                {inbox.APPEND: events, operations.APPEND: votes} if votes else {inbox.APPEND: events}
            )

    def _inbox_row(self, received: Received) -> tuple[bytes, str, str | None, bytes]:
        state = "quarantined" if received.oddity else "pending"
        return self._key(received), state, received.oddity, self.vault.seal(received.raw, inbox.SEALED_AS)

    def _key(self, received: Received) -> bytes:
        """The event's time (6 bytes) and the keyed hash of its id (10): new rows land side by side in the index.

        With hashes alone each row of a group would dirty a page of its own, which the commit then has to write.
        """
        at_ms = received.event.timestamp if received.event else 0
        return min(at_ms, _LAST_MS).to_bytes(6, "big") + self.vault.keyed_hash(received.id, "event")[:10]

    async def _vote_row(self, received: Received) -> operations.Row | None:
        """The vote-log row of a vote tap; None for every other event.

        A ballot that is not known here may have opened this second: its tap waits for the inbox worker, which
        looks again, and logs it or puts it aside.
        """
        event = received.event
        if event is None or event.type != "postback" or event.postback is None:
            return None
        tap = parse(event.postback.data)
        if not isinstance(tap, VoteTap) or (account := event.account) is None:
            return None
        ballot = self.ballots.known(tap.ballot) or await self.ballots.find(tap.ballot)
        return operations.log_row(ballot, cast_of(account, tap, received)) if ballot else None


_LAST_MS = (1 << 48) - 1


def cast_of(account: str, tap: VoteTap, received: Received) -> operations.Cast:
    """A tap in LINE as an operation."""
    assert received.event is not None
    choices = (tap.proposal,) if tap.proposal else ()
    return operations.Cast("line", account, tap.op, choices, received.id, received.event.timestamp)


def _signature(scope: Scope) -> bytes | None:
    for name, value in scope["headers"]:
        if name == b"x-line-signature":
            return bytes(value)
    return None


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None once it is larger than LINE's calls can be."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)
