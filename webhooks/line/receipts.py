"""Receipts: after votes are in the log, tell each voter what their vote is now. In batches, one query a table."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import msgspec
import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug
from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import share_appends
from civic.kernel.i18n import supported_language
from civic.kernel.security import Vault, pseudonym
from civic.residents.queries import agreed_among
from civic.votes.actions import cache_votes, log_late
from civic.votes.operations import Cast, OpenBallot
from civic.votes.queries import taps_with_receipts
from civic.votes.rules import Folded, Tap, fallen_out, fold, in_time, is_valid
from webhooks.line.batch import Opened
from webhooks.line.messages import ReceiptView, receipt
from webhooks.line.messages.views import Counted
from webhooks.line.postback import VoteTap
from webhooks.line.questions import Question, Questions

Receipts = Mapping[str, bytes]
"""Messages as JSON, by event id."""

_CODE = secrets.token_hex(8)
"""Stands in a built receipt where the voter's own code goes; no text of anybody's can hold it."""

_MOST_BUILT = 2_048
"""Built receipts that are kept, about 4 KB each."""


class VoteEvent(msgspec.Struct, frozen=True):
    """A vote from the inbox: the event with its row, and the button that was tapped."""

    opened: Opened
    tap: VoteTap

    @property
    def event_id(self) -> str:
        """LINE's webhookEventId."""
        return self.opened.event.webhook_event_id

    @property
    def account(self) -> str:
        """The LINE user id; an event without one is no vote."""
        return self.opened.event.source.user_id or ""

    @property
    def cast(self) -> Cast:
        """The tap as an operation of the log."""
        choices = (self.tap.proposal,) if self.tap.proposal else ()
        return Cast("line", self.account, self.tap.op, choices, self.event_id, self.opened.event.timestamp)


@dataclass(frozen=True)
class Registrar:
    """Writes receipts for votes of one ballot at a time."""

    vault: Vault
    questions: Questions

    async def register(
        self, session: AsyncSession, ballot: OpenBallot, votes: Sequence[VoteEvent], now: datetime
    ) -> Receipts:
        """Refresh the cache of these voters and build the receipts of those who may be answered."""
        voters = {vote.account: pseudonym(ballot.key, "line", vote.account) for vote in votes}
        taps, codes = await self._logged(session, ballot, votes, voters, now)
        question = await self.questions.current(session, ballot.slug)
        folded = {voter: fold(taps[voter], question.terms) for voter in voters.values()}
        await cache_votes(session, ballot.id, folded)
        answered = [vote for vote in votes if vote.opened.may_be_answered]
        agreed = await agreed_among(session, self.vault, {vote.account for vote in answered})
        built = {}
        for vote in answered:
            voter = voters[vote.account]
            view = _view(question, vote, taps[voter], folded[voter])
            built[vote.event_id] = _build(view, codes[vote.event_id], vote.tap.lang, vote.account not in agreed)
        return built

    async def _logged(
        self,
        session: AsyncSession,
        ballot: OpenBallot,
        votes: Sequence[VoteEvent],
        voters: Mapping[str, bytes],
        now: datetime,
    ) -> tuple[Mapping[bytes, Sequence[Tap]], Mapping[str, str]]:
        """All taps of the voters, and the receipt codes, after what is missing in the log has been put there."""
        taps, codes = await taps_with_receipts(session, ballot.id, voters.values())
        missing = [vote for vote in votes if vote.event_id not in codes]
        if not missing:
            return taps, codes
        await self._log(session, ballot, missing, now)
        return await taps_with_receipts(session, ballot.id, voters.values())

    async def _log(
        self, session: AsyncSession, ballot: OpenBallot, votes: Sequence[VoteEvent], now: datetime
    ) -> None:
        """Votes that did not get into the log at the door (a key not there yet, a clock ahead, run again now).

        Until the seal they count as received when they were; into a sealed log nothing is put in time.
        """
        await share_appends(session)
        sealed = (await ballot_by_slug(session, ballot.slug)).state not in {"open", "closed"}
        received = {vote.cast: to_ms(now) if sealed else vote.opened.row.received_ms for vote in votes}
        await log_late(session, ballot, received)


def _build(view: ReceiptView, code: str, lang: str, purpose: bool) -> bytes:
    return _all_but_code(view, supported_language(lang), purpose).replace(_CODE.encode(), code.encode())


@lru_cache(maxsize=_MOST_BUILT)
def _all_but_code(view: ReceiptView, lang: str, purpose: bool) -> bytes:
    """Whoever did the same and holds the same vote reads the same: only the code is one's own."""
    return orjson.dumps(receipt(view, lang, purpose))


def _view(question: Question, vote: VoteEvent, taps: Sequence[Tap], folded: Folded | None) -> ReceiptView:
    mine = next(tap for tap in taps if tap.event_id == vote.event_id)
    return ReceiptView(
        ballot=question.view,
        code=_CODE,
        op=vote.tap.op,
        proposal=vote.tap.proposal,
        choices=folded.choices if folded else (),
        blank=folded.blank if folded else False,
        dropped=_dropped(question, vote, taps),
        counted=_counted(question, mine),
    )


def _dropped(question: Question, vote: VoteEvent, taps: Sequence[Tap]) -> tuple[str, ...]:
    """What an ``add`` pushed out; who tapped no more often than there are places lost nothing."""
    if vote.tap.op != "add" or len(taps) <= question.terms.max_approvals:
        return ()
    return fallen_out(taps, vote.event_id, question.terms)


def _counted(question: Question, tap: Tap) -> Counted:
    if question.law.state == "cancelled":
        return "cancelled"
    if tap.at_ms < question.terms.opens_ms:
        return "not_yet"
    if not in_time(tap, question.terms):
        return "late"
    return "counted" if is_valid(tap, question.terms) else "invalid"
