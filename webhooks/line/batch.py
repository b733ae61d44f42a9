"""What becomes of the events of one batch: gathered while they are handled, written down in one go at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock, from_ms
from civic.kernel.logging import logger
from civic.outbox.actions import OwedReply, owe_replies
from webhooks.line import inbox
from webhooks.line.events import Event
from webhooks.line.inbox import Waiting

GIVE_UP_AFTER = timedelta(seconds=60)
"""A short fault, of the database or of a shared folder of keys, is over by then."""

REPLY_WITHIN_MS = 55_000
"""LINE takes a reply within a minute of the webhook; a little is kept for the way."""


TOKEN_LIVES_MS = 20 * 60_000
"""However late an event is delivered, its reply token ends 20 minutes after it happened."""


class Opened(msgspec.Struct, frozen=True):
    """An event out of its sealed row."""

    row: Waiting
    event: Event

    @property
    def turn(self) -> tuple[int, int, str]:
        """What failed before comes last; events of one call arrive together, so their own time decides."""
        return self.row.attempts, self.event.timestamp, self.event.webhook_event_id

    @property
    def may_be_answered(self) -> bool:
        """In standby another module speaks to the person, so we are silent; a token too old is not tried."""
        is_alive = self.row.received_ms - self.event.timestamp < TOKEN_LIVES_MS
        return bool(self.event.reply_token) and self.event.mode == "active" and is_alive


@dataclass
class Batch:
    """The outcomes of one transaction."""

    clock: Clock
    progress: bool = False
    """Whether something got further: finished, put aside, or tried for the first time."""

    _finished: list[bytes] = field(default_factory=list)
    _tried: list[bytes] = field(default_factory=list)
    _aside: list[tuple[str, bytes]] = field(default_factory=list)
    _answers: list[tuple[Opened, bytes]] = field(default_factory=list)

    def finish(self, opened: Opened, answer: bytes | None) -> None:
        """Handled; ``answer`` (messages as JSON) is owed when the person may still hear it."""
        self._finished.append(opened.row.key)
        self.answer(opened, answer)
        self.progress = True

    def answer(self, opened: Opened, answer: bytes | None) -> None:
        """Owe an answer, whatever becomes of the event."""
        if answer is not None and opened.may_be_answered:
            self._answers.append((opened, answer))

    def put_aside(self, row: Waiting, reason: str) -> None:
        """To the quarantine, where staff can see it."""
        self._aside.append((reason, row.key))
        self.progress = True

    def put_off(self, row: Waiting, error: Exception) -> None:
        """Try again later; after several tries over a minute put the event aside."""
        logger("inbox").error("event_failed", error=type(error).__name__, attempts=row.attempts, exc_info=error)
        self._tried.append(row.key)
        self.progress = self.progress or row.attempts == 0
        is_old = self.clock() - from_ms(row.received_ms) > GIVE_UP_AFTER
        if row.attempts + 1 >= inbox.MOST_ATTEMPTS and is_old:
            self.put_aside(row, f"failed:{type(error).__name__}")

    async def write(self, session: AsyncSession) -> None:
        """Write everything down: what is owed, what is finished, what has to wait and what is put aside."""
        await owe_replies(session, self._owed())
        await inbox.finish(session, self._finished)
        await inbox.count_attempt(session, self._tried)
        await inbox.put_aside(session, self._aside)

    def _owed(self) -> Sequence[OwedReply]:
        """The answers whose minute is not over. Votes come in groups, which share their deadline."""
        received = {opened.row.received_ms for opened, _ in self._answers}
        deadlines = {at_ms: from_ms(at_ms + REPLY_WITHIN_MS) for at_ms in received}
        now = self.clock()
        return [
            OwedReply(opened.event.reply_token or "", answer, deadlines[opened.row.received_ms])
            for opened, answer in self._answers
            if now < deadlines[opened.row.received_ms]
        ]
