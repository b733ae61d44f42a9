"""From the inbox to what it means: receipts for votes, answers for everything else.

A batch is one transaction: effects, replies and the end of the events stand or fall together, so an event is
handled once although it may be tried several times. One event that cannot be handled is tried a few times and then
put aside; it never holds up the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock, from_ms, monotonic, to_ms
from civic.kernel.db import Database
from civic.kernel.db.group_commit import hold_drain
from civic.kernel.errors import NotFound
from civic.kernel.i18n import supported_language
from civic.kernel.logging import logger
from civic.kernel.security import Vault
from civic.outbox.actions import owe_reply
from civic.votes.operations import OpenBallot
from webhooks.line import inbox
from webhooks.line.ballots import OpenBallots
from webhooks.line.conversation import Conversation
from webhooks.line.events import Event, read_event
from webhooks.line.messages import no_open_ballot
from webhooks.line.postback import VoteTap, parse
from webhooks.line.profiles import AskFirst, PhoneLanguages
from webhooks.line.receipts import Registrar, VoteEvent, by_ballot
from webhooks.line.tables import InboxEvent

BATCH = 100
HOLD_S = 0.1
"""A batch that takes longer is cut: on SQLite everybody who votes waits for its transaction."""

GIVE_UP_AFTER = timedelta(seconds=60)
"""A short fault, of the database or of a shared folder of keys, is over by then."""

REPLY_WITHIN = timedelta(seconds=55)
"""LINE takes a reply within a minute of the webhook; a little is kept for the way."""

Rows = Mapping[bytes, tuple[InboxEvent, Event]]


class BallotKeyMissing(Exception):
    """The key of an open ballot is not in this machine's folder of keys."""


@dataclass
class Drain:
    """Empties the inbox."""

    database: Database
    vault: Vault
    ballots: OpenBallots
    conversation: Conversation
    phones: PhoneLanguages
    registrar: Registrar
    clock: Clock

    async def run_batch(self) -> bool:
        """Handle up to 100 events; True when there may be more, and not only such as have to wait."""
        async with self.database.writing() as session:
            await hold_drain(session)
            rows = await inbox.claim_pending(session, BATCH)
            left = await self._handle(session, rows)
        asked = await self.phones.ask()
        progress = any(row.state != "pending" or row.attempts == 1 for row in rows)
        return asked or (progress and (left or len(rows) == BATCH))

    async def run_dry(self) -> None:
        """Handle everything that is waiting now."""
        while await self.run_batch():
            pass

    async def _handle(self, session: AsyncSession, rows: Sequence[InboxEvent]) -> bool:
        """Handle events, the oldest first, until the time is over; True when some are left for the next batch."""
        votes: list[tuple[InboxEvent, Event, VoteTap]] = []
        until = monotonic() + HOLD_S
        left = False
        events = [(row, event) for row in rows if (event := self._read(row)) is not None]
        for row, event in sorted(events, key=_turn):
            left = monotonic() >= until
            if left:
                break
            tap = _vote_tap(event)
            if tap is None:
                await self._converse(session, row, event)
            else:
                votes.append((row, event, tap))
        await self._register(session, votes)
        return left

    def _read(self, row: InboxEvent) -> Event | None:
        """The event of a row, or None after putting it aside: it cannot be opened, or is as odd as at the door."""
        try:
            raw = self.vault.open(row.body or b"", inbox.SEALED_AS)
        except (NotFound, ValueError):
            inbox.quarantine(row, "event_unreadable")
            return None
        received = read_event(raw, to_ms(self.clock()))
        if received.oddity is not None:
            inbox.quarantine(row, received.oddity)
            return None
        return received.event

    async def _converse(self, session: AsyncSession, row: InboxEvent, event: Event) -> None:
        try:
            async with session.begin_nested():
                reply = await self.conversation.answer(session, event)
        except AskFirst:
            return
        except Exception as error:
            self._put_off(row, error)
            return
        self._reply(session, row, event, reply)
        inbox.finish(row)

    async def _register(self, session: AsyncSession, votes: list[tuple[InboxEvent, Event, VoteTap]]) -> None:
        rows = {row.event_key: (row, event) for row, event, _ in votes}
        wanted = [_vote_event(row, event, tap) for row, event, tap in votes]
        for slug, group in by_ballot(wanted).items():
            ballot = await self.ballots.find(slug)
            if ballot is not None:
                await self._register_group(session, ballot, group, rows)
                continue
            for vote in group:
                row, _ = rows[vote.event_key]
                if slug in self.ballots.without_key:
                    self._put_off(row, BallotKeyMissing(slug))
                else:
                    inbox.quarantine(row, "ballot_unknown")
                    self._reply(session, row, rows[vote.event_key][1], _not_open(vote.tap.lang))

    async def _register_group(
        self, session: AsyncSession, ballot: OpenBallot, group: Sequence[VoteEvent], rows: Rows
    ) -> None:
        """Receipts for votes of one ballot; when that fails, halves find the vote that is to blame."""
        try:
            async with session.begin_nested():
                replies = await self.registrar.register(session, ballot, group, self.clock())
        except Exception as error:
            if len(group) == 1:
                self._put_off(rows[group[0].event_key][0], error)
                return
            middle = len(group) // 2
            await self._register_group(session, ballot, group[:middle], rows)
            await self._register_group(session, ballot, group[middle:], rows)
            return
        for vote in group:
            row, event = rows[vote.event_key]
            self._reply(session, row, event, replies.get(vote.event_key))
            inbox.finish(row)

    def _put_off(self, row: InboxEvent, error: Exception) -> None:
        """Try again later; after several tries over a minute put the event aside where staff can see it."""
        logger("inbox").error("event_failed", error=type(error).__name__, attempts=row.attempts, exc_info=error)
        row.attempts += 1
        is_old = self.clock() - from_ms(row.received_ms) > GIVE_UP_AFTER
        if row.attempts >= inbox.MOST_ATTEMPTS and is_old:
            inbox.quarantine(row, f"failed:{type(error).__name__}")

    def _reply(self, session: AsyncSession, row: InboxEvent, event: Event, reply: bytes | None) -> None:
        deadline = from_ms(row.received_ms) + REPLY_WITHIN
        if reply is not None and _may_reply(event) and self.clock() < deadline:
            owe_reply(session, event.reply_token or "", reply, deadline)


def _turn(received: tuple[InboxEvent, Event]) -> tuple[int, int, str]:
    """What failed before comes last; events of one call arrive together, so their own time says which is first."""
    row, event = received
    return row.attempts, event.timestamp, event.webhook_event_id


def _not_open(lang: str) -> bytes:
    return orjson.dumps(no_open_ballot(supported_language(lang)))


def _vote_tap(event: Event) -> VoteTap | None:
    if event.type != "postback" or event.postback is None or event.account is None:
        return None
    tap = parse(event.postback.data)
    return tap if isinstance(tap, VoteTap) else None


def _vote_event(row: InboxEvent, event: Event, tap: VoteTap) -> VoteEvent:
    return VoteEvent(
        event_key=row.event_key,
        event_id=event.webhook_event_id,
        account=event.account or "",
        at_ms=event.timestamp,
        received_ms=row.received_ms,
        tap=tap,
        wants_reply=_may_reply(event),
    )


def _may_reply(event: Event) -> bool:
    """In standby another module speaks to the person, so we are silent."""
    return bool(event.reply_token) and event.mode == "active"
