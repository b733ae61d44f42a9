"""POST /webhooks/line: the way of every tap. A plain ASGI endpoint, short because every vote goes through it.

raw bytes -> signature -> events -> rows -> one group commit -> 200. The answer is 200 only after the COMMIT; a
body without LINE's signature never reaches JSON or the database; a signed one never causes an error by its
content.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse
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

MOST_BYTES = 1_048_576
RETRY_AFTER_S = "5"


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
        await (await self._answer(scope, receive))(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> PlainTextResponse:
        if scope["method"] != "POST":
            return PlainTextResponse("POST only", 405, headers={"Allow": "POST"})
        body = await _read_body(receive)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not is_signed(body, _signature(scope), self.secrets):
            return PlainTextResponse("signature missing or wrong", 401)
        try:
            await self._record(body)
        except (Unavailable, SQLAlchemyError, OSError) as error:
            logger("webhook").error("not_recorded", error=type(error).__name__)
            return PlainTextResponse("try again", 503, headers={"Retry-After": RETRY_AFTER_S})
        return PlainTextResponse("ok")

    async def _record(self, body: bytes) -> None:
        events = []
        votes = []
        for received in read_call(body, to_ms(self.clock())):
            row, vote = await self._rows(received)
            events.append(row)
            if vote is not None:
                votes.append(vote)
        if events:
            await self.commits.append(
                {inbox.APPEND: events, operations.APPEND: votes} if votes else {inbox.APPEND: events}
            )

    async def _rows(
        self, received: Received
    ) -> tuple[tuple[bytes, str, str | None, bytes], operations.Row | None]:
        vote = None if received.oddity else await self._vote(received)
        state = "quarantined" if received.oddity else "pending"
        key = self.vault.keyed_hash(received.id, "event")
        return (key, state, received.oddity, self.vault.seal(received.raw, inbox.SEALED_AS)), vote

    async def _vote(self, received: Received) -> operations.Row | None:
        """The vote-log row of a vote tap; None for every other event.

        A ballot that is not known here may have opened this second: its tap waits for the inbox worker, which
        looks again, and logs it or puts it aside.
        """
        event = received.event
        if event is None or event.type != "postback" or event.postback is None or event.account is None:
            return None
        tap = parse(event.postback.data)
        if not isinstance(tap, VoteTap):
            return None
        ballot = await self.ballots.find(tap.ballot)
        return operations.log_row(ballot, cast_of(event.account, tap, received)) if ballot else None


def cast_of(account: str, tap: VoteTap, received: Received) -> operations.Cast:
    """A tap in LINE as an operation."""
    assert received.event is not None
    choices = (tap.proposal,) if tap.proposal else ()
    return operations.Cast("line", account, tap.op, choices, received.id, received.event.timestamp)


def _signature(scope: Scope) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == b"x-line-signature"), None)


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None once it is larger than LINE's calls can be."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)
