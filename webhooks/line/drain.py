"""From the inbox to what it means: receipts for votes, answers for everything else.

A batch is one transaction: effects, replies and the end of the events stand or fall together, so an event is
handled once although it may be tried several times. One event that cannot be handled is tried a few times and then
put aside; it never holds up the others.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock, monotonic, to_ms
from civic.kernel.db import Database
from civic.kernel.db.group_commit import hold_drain
from civic.kernel.errors import NotFound
from civic.kernel.i18n import supported_language
from civic.kernel.security import Vault
from civic.votes.operations import OpenBallot
from webhooks.line import inbox
from webhooks.line.answers import friendship
from webhooks.line.ballots import OpenBallots
from webhooks.line.batch import Batch, Opened
from webhooks.line.conversation import Conversation
from webhooks.line.events import Event, read_event
from webhooks.line.inbox import Waiting
from webhooks.line.messages import no_open_ballot
from webhooks.line.postback import VoteTap, parse
from webhooks.line.profiles import AskFirst, PhoneLanguages
from webhooks.line.receipts import Registrar, VoteEvent

BATCH = 200
"""On SQLite about 15 ms of work under the write lock, which those who vote wait for (docs/adr/0008)."""

HOLD_S = 0.1
"""A batch that takes longer is cut: what is not a vote may take milliseconds each."""


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
    held_s: float = 0.0
    """How long the last batch held the database, its COMMIT included."""

    async def run_batch(self) -> bool:
        """Handle up to ``BATCH`` events; True when there may be more, and not only such as have to wait."""
        batch = Batch(self.clock)
        async with self.database.writing(shown=False) as session:
            began = monotonic()
            await hold_drain(session)
            await self._note_languages(session)
            waiting = await inbox.oldest_waiting(session, BATCH)
            left = await self._handle(session, batch, waiting)
            await batch.write(session)
        self.held_s = monotonic() - began
        return batch.progress and (left or len(waiting) == BATCH)

    async def run_dry(self) -> None:
        """Handle everything that is waiting now."""
        while await self.run_batch() or await self.phones.settle():
            pass

    async def _note_languages(self, session: AsyncSession) -> None:
        """What LINE said of the phones of new friends when their greetings were already out."""
        for account, language in self.phones.take_late().items():
            await friendship.note_phone(self.conversation.desk, session, account, language)

    async def _handle(self, session: AsyncSession, batch: Batch, waiting: Sequence[Waiting]) -> bool:
        """Handle events in their turn until the time is over; True when some are left for the next batch."""
        votes: dict[str, list[VoteEvent]] = defaultdict(list)
        opened = [event for row in waiting if (event := self._open(batch, row)) is not None]
        until = monotonic() + HOLD_S
        taken = 0
        for event in sorted(opened, key=attrgetter("turn")):
            if taken and monotonic() >= until:
                break
            if self._is_held_back(event.event):
                continue
            taken += 1
            tap = _vote_tap(event.event)
            if tap is None:
                await self._converse(session, batch, event)
            else:
                votes[tap.ballot].append(VoteEvent(event, tap))
        for slug, taps in votes.items():
            await self._register(session, batch, slug, taps)
        return taken < len(opened)

    def _is_held_back(self, event: Event) -> bool:
        """A greeting that waits for LINE costs the others nothing, however often its turn comes."""
        return event.type == "follow" and event.account is not None and self.phones.is_awaited(event.account)

    def _open(self, batch: Batch, row: Waiting) -> Opened | None:
        """The event of a row, or None after putting it aside: it cannot be opened, or is as odd as at the door."""
        try:
            raw = self.vault.open(row.body or b"", inbox.SEALED_AS)
        except (NotFound, ValueError):
            batch.put_aside(row, "event_unreadable")
            return None
        received = read_event(raw, to_ms(self.clock()))
        if received.event is None or received.oddity is not None:
            batch.put_aside(row, received.oddity or "event_malformed")
            return None
        return Opened(row, received.event)

    async def _converse(self, session: AsyncSession, batch: Batch, opened: Opened) -> None:
        try:
            async with session.begin_nested():
                answer = await self.conversation.answer(session, opened.event)
        except AskFirst:
            batch.progress = True
            return
        except Exception as error:
            batch.put_off(opened.row, error)
            return
        batch.finish(opened, answer)

    async def _register(self, session: AsyncSession, batch: Batch, slug: str, votes: Sequence[VoteEvent]) -> None:
        """Receipts for the votes that name one ballot, if there is such a ballot and its key is here."""
        ballot = await self.ballots.find(slug)
        if ballot is not None:
            await self._receipts(session, batch, ballot, votes)
            return
        for vote in votes:
            if slug in self.ballots.without_key:
                batch.put_off(vote.opened.row, BallotKeyMissing(slug))
            else:
                batch.put_aside(vote.opened.row, "ballot_unknown")
                batch.answer(vote.opened, _not_open(vote.tap.lang))

    async def _receipts(
        self, session: AsyncSession, batch: Batch, ballot: OpenBallot, votes: Sequence[VoteEvent]
    ) -> None:
        """Receipts for votes of one ballot; when that fails, halves find the vote that is to blame."""
        try:
            async with session.begin_nested():
                receipts = await self.registrar.register(session, ballot, votes, self.clock())
        except Exception as error:
            if len(votes) == 1:
                batch.put_off(votes[0].opened.row, error)
                return
            middle = len(votes) // 2
            await self._receipts(session, batch, ballot, votes[:middle])
            await self._receipts(session, batch, ballot, votes[middle:])
            return
        for vote in votes:
            batch.finish(vote.opened, receipts.get(vote.event_id))


def _not_open(lang: str) -> bytes:
    return orjson.dumps(no_open_ballot(supported_language(lang)))


def _vote_tap(event: Event) -> VoteTap | None:
    if event.type != "postback" or event.postback is None:
        return None
    tap = parse(event.postback.data)
    return tap if isinstance(tap, VoteTap) and event.account is not None else None
