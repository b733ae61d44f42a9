"""Receipts: after votes are in the log, tell each voter what their vote is now. In batches, one query a table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug
from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import share_appends
from civic.kernel.i18n import supported_language
from civic.kernel.security import Vault, pseudonym
from civic.residents.queries import residents_of
from civic.votes.actions import cache_votes, log_late
from civic.votes.operations import Cast, OpenBallot
from civic.votes.queries import receipts_of, taps_of
from civic.votes.rules import Folded, Tap, fallen_out, fold, in_time, is_valid
from webhooks.line.messages import ReceiptView, receipt
from webhooks.line.messages.views import Counted
from webhooks.line.postback import VoteTap
from webhooks.line.questions import Question, Questions


@dataclass(frozen=True)
class VoteEvent:
    """A vote from the inbox: which row, who, which tap, when."""

    event_key: bytes
    event_id: str
    account: str
    at_ms: int
    received_ms: int
    tap: VoteTap
    wants_reply: bool

    @property
    def cast(self) -> Cast:
        """The tap as an operation of the log."""
        choices = (self.tap.proposal,) if self.tap.proposal else ()
        return Cast("line", self.account, self.tap.op, choices, self.event_id, self.at_ms)


@dataclass(frozen=True)
class Registrar:
    """Writes receipts for votes of one ballot at a time."""

    vault: Vault
    questions: Questions

    async def register(
        self, session: AsyncSession, ballot: OpenBallot, votes: Sequence[VoteEvent], now: datetime
    ) -> Mapping[bytes, bytes]:
        """Refresh the cache of these voters and build their receipts: event key -> messages as JSON."""
        await self._log_missing(session, ballot, votes, now)
        question = await self.questions.load(session, await ballot_by_slug(session, ballot.slug))
        codes = await receipts_of(session, ballot.id, [vote.event_id for vote in votes])
        voters = {vote.account: pseudonym(ballot.key, "line", vote.account) for vote in votes}
        taps = await taps_of(session, ballot.id, set(voters.values()))
        folded = {voter: fold(taps[voter], question.terms) for voter in voters.values()}
        await cache_votes(session, ballot.id, folded)
        residents = await residents_of(session, self.vault, voters)
        built: dict[bytes, bytes] = {}
        for vote in votes:
            if vote.wants_reply:
                voter = voters[vote.account]
                view = _receipt_view(question, vote, taps[voter], folded[voter], codes[vote.event_id])
                resident = residents.get(vote.account)
                purpose = resident is None or resident.consented_at is None
                built[vote.event_key] = orjson.dumps(receipt(view, supported_language(vote.tap.lang), purpose))
        return built

    async def _log_missing(
        self, session: AsyncSession, ballot: OpenBallot, votes: Sequence[VoteEvent], now: datetime
    ) -> None:
        """Votes that did not get into the log at the door (a key not there yet, a clock ahead, run again now).

        Until the seal they count as received when they were; into a sealed log nothing is put in time.
        """
        known = await receipts_of(session, ballot.id, [vote.event_id for vote in votes])
        missing = {vote.event_id: vote for vote in votes if vote.event_id not in known}
        if not missing:
            return
        await share_appends(session)
        sealed = (await ballot_by_slug(session, ballot.slug)).state not in {"open", "closed"}
        received = {vote.cast: to_ms(now) if sealed else vote.received_ms for vote in missing.values()}
        await log_late(session, ballot, received)


def by_ballot(votes: Sequence[VoteEvent]) -> Mapping[str, list[VoteEvent]]:
    """Votes grouped by the ballot they name."""
    groups: dict[str, list[VoteEvent]] = defaultdict(list)
    for vote in votes:
        groups[vote.tap.ballot].append(vote)
    return groups


def _receipt_view(
    question: Question, vote: VoteEvent, taps: Sequence[Tap], folded: Folded | None, code: str
) -> ReceiptView:
    mine = next(tap for tap in taps if tap.event_id == vote.event_id)
    adds = vote.tap.op == "add"
    return ReceiptView(
        ballot=question.view,
        code=code,
        op=vote.tap.op,
        proposal=vote.tap.proposal,
        choices=folded.choices if folded else (),
        blank=folded.blank if folded else False,
        dropped=fallen_out(taps, vote.event_id, question.terms) if adds else (),
        counted=_counted(question, mine),
    )


def _counted(question: Question, tap: Tap) -> Counted:
    if question.law.state == "cancelled":
        return "cancelled"
    if tap.at_ms < question.terms.opens_ms:
        return "not_yet"
    if not in_time(tap, question.terms):
        return "late"
    return "counted" if is_valid(tap, question.terms) else "invalid"
