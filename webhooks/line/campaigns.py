"""Send what was planned for many people: chunks side by side, each under its own retry key."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.logging import logger
from civic.outbox.campaigns import (
    Attempt,
    begin_attempts,
    close_finished,
    end_campaign,
    put_off,
    settle_chunks,
    shorten_chunks,
    stop_campaign,
)
from civic.outbox.queries import Due, due_chunks, letters_of
from civic.residents.accounts import Accounts
from webhooks.line.client import NO_ANSWER, Answer, LineClient
from webhooks.line.deadlines import deadlines
from webhooks.line.duty import Duty
from webhooks.line.pace import Pace
from webhooks.line.parcels import Parcel, Unsendable, make_ready
from webhooks.line.verdicts import Verdict, named_people, pause_after, verdict_on, was_not_taken

AT_ONCE = 32
"""Requests under way at most."""

NOTED = 64
"""Chunks that are noted in one transaction; those above ``AT_ONCE`` wait for a lane."""

PATIENCE_S = 1.0
"""A slow answer does not hold up the others for longer; it is settled when it comes."""

_SETTLED = {Verdict.SENT, Verdict.ALREADY, Verdict.REFUSED}
_UNANSWERED = Answer(NO_ANSWER)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class CampaignSender:
    """Sends planned chunks; one process at a time for a channel."""

    database: Database
    client: LineClient
    accounts: Accounts
    clock: Clock
    duty: Duty
    pace: Pace
    _under_way: dict[asyncio.Task[Answer | None], Parcel] = field(default_factory=dict)
    _lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _waits_until: datetime = _LONG_AGO
    _deadlines: Mapping[str, datetime] = field(default_factory=dict)

    async def run_batch(self) -> bool:
        """Send chunks that are due and note what came of them; True while there are some."""
        await self._begin_more()
        if not self._under_way:
            return False
        try:
            ended, _ = await asyncio.wait(self._under_way, timeout=PATIENCE_S)
        except asyncio.CancelledError:
            for task in self._under_way:
                task.cancel()
            raise
        await self._settle([(self._under_way.pop(task), task.result()) for task in ended])
        return True

    async def _begin_more(self) -> None:
        """Note attempts for as many due chunks as there is room for, then make them."""
        await self._end_what_is_over()
        due, letters = await self._due()
        if not due or not await self.duty.hold():
            return
        now = self.clock()
        async with self.database.reading() as session:
            ready = [
                await make_ready(
                    session, self.accounts, one, letters[one.chunk.campaign_id, one.chunk.language], now
                )
                for one in due
            ]
        parcels = [one for one in ready if isinstance(one, Parcel)]
        async with self.database.writing(shown=False) as session:
            await shorten_chunks(session, [one.shortened for one in ready if one.shortened is not None])
            again = {one.chunk.id: now + pause_after(one.chunk.attempts, _UNANSWERED) for one in parcels}
            await begin_attempts(session, again, now)
            await _give_up(session, [one for one in ready if isinstance(one, Unsendable)])
        for parcel in parcels:
            self._under_way[asyncio.create_task(self._send(parcel))] = parcel

    async def _end_what_is_over(self) -> None:
        """What a message asks for may be over before everybody has heard: then the rest does not hear it."""
        async with self.database.reading() as session:
            self._deadlines = await deadlines(session)
        over = [campaign for campaign in self._deadlines if self._is_over(campaign)]
        if not over or not await self.duty.hold():
            return
        under_way = [parcel.chunk.id for parcel in self._under_way.values()]
        async with self.database.writing(shown=False) as session:
            for campaign in over:
                await end_campaign(session, campaign, "expired", but=under_way)

    def _is_over(self, campaign_id: str) -> bool:
        until = self._deadlines.get(campaign_id)
        return until is not None and self.clock() >= until

    async def _due(self) -> tuple[Sequence[Due], Mapping[tuple[str, str], bytes]]:
        """The next chunks that are not under way, and the letters of their campaigns."""
        room = NOTED - len(self._under_way)
        if not room or self.clock() < self._waits_until:
            return [], {}
        under_way = {parcel.chunk.id for parcel in self._under_way.values()}
        async with self.database.reading() as session:
            found = await due_chunks(session, self.clock(), NOTED)
            due = [one for one in found if one.chunk.id not in under_way][:room]
            return due, await letters_of(session, {one.chunk.campaign_id for one in due})

    async def _send(self, parcel: Parcel) -> Answer | None:
        """LINE's answer; None when it was not even tried: the channel waits or is not ours, or it is too late."""
        async with self._lanes:
            await self.pace.take()
            if self.clock() < self._waits_until or not await self.duty.hold():
                return None
            if self._is_over(parcel.chunk.campaign_id):
                return None
            answer = await self.client.multicast(parcel.body, parcel.chunk.retry_key)
        if verdict_on(answer, len(parcel.numbers)) is Verdict.CHANNEL_WAITS:
            self._waits_until = max(self._waits_until, self.clock() + pause_after(parcel.chunk.attempts, answer))
        return answer

    async def _settle(self, ended: Sequence[tuple[Parcel, Answer | None]]) -> None:
        """One transaction for all that ended. Stopped campaigns first: what LINE took of them is still noted."""
        tried = [(p, answer, verdict_on(answer, len(p.numbers))) for p, answer in ended if answer is not None]
        async with self.database.writing(shown=False) as session:
            for campaign in {p.chunk.campaign_id for p, _, verdict in tried if verdict is Verdict.MONTH_USED_UP}:
                await stop_campaign(session, campaign)
            settled = [(p, answer, verdict) for p, answer, verdict in tried if verdict in _SETTLED]
            await settle_chunks(session, [(str(verdict), _attempt(p, answer)) for p, answer, verdict in settled])
            for parcel, answer, verdict in tried:
                if verdict not in _SETTLED:
                    await self._put_off(session, parcel, answer, verdict)
            for parcel in (parcel for parcel, answer in ended if answer is None):
                untried = Attempt(parcel.chunk.id, parcel.chunk.http_status, parcel.chunk.request_id)
                again = max(self._waits_until, self.clock())
                attempts, doubt_since = parcel.chunk.attempts, parcel.chunk.first_attempt_at
                await put_off(session, untried, again, doubt_since, attempts, noted=attempts + 1)
            await close_finished(session, {parcel.chunk.campaign_id for parcel, *_ in settled})
        verdicts = Counter(str(verdict) for *_, verdict in tried)
        logger("campaigns").info("attempts", **verdicts, untried=len(ended) - len(tried))

    async def _put_off(self, session: AsyncSession, parcel: Parcel, answer: Answer, verdict: Verdict) -> None:
        """A chunk that LINE surely has not taken is as if it had never been tried, but for the count."""
        chunk, now = parcel.chunk, self.clock()
        pause = pause_after(chunk.attempts, answer)
        if verdict is Verdict.WITHOUT_SOME:
            await shorten_chunks(session, [parcel.without(named_people(answer, len(parcel.numbers)))])
            pause = timedelta(0)
        again = max(now + pause, self._waits_until)
        doubt_since = chunk.first_attempt_at or (None if was_not_taken(answer) else now)
        attempts = chunk.attempts + 1
        await put_off(session, _attempt(parcel, answer), again, doubt_since, attempts, noted=attempts)


async def _give_up(session: AsyncSession, unsendable: Sequence[Unsendable]) -> None:
    await settle_chunks(session, [(one.state, Attempt(one.chunk.id)) for one in unsendable])
    await close_finished(session, {one.chunk.campaign_id for one in unsendable})


def _attempt(parcel: Parcel, answer: Answer) -> Attempt:
    return Attempt(parcel.chunk.id, answer.status, answer.request_id, answer.accepted_request_id)
