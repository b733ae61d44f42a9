"""Messages to many people: planned once, in chunks whose bytes and retry keys are fixed before the first try."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug
from civic.ballots.rules import require_open
from civic.kernel.canonical import sha256_hex
from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.errors import Conflict
from civic.kernel.logging import logger
from civic.kernel.security import Vault
from civic.outbox.actions import PlannedChunk, begin_attempt, end_attempt, plan_campaign, resume_chunks
from civic.outbox.queries import chunks_of, find_campaign, next_chunk
from civic.outbox.tables import Campaign, DeliveryChunk
from civic.residents.queries import accounts_of, followers
from civic.residents.tables import Resident
from webhooks.line.client import NO_ANSWER, Answer, LineClient, Quota, multicast_body
from webhooks.line.duty import Duty
from webhooks.line.messages import ballot_announcement
from webhooks.line.questions import Questions

CHUNK = 500
ANNOUNCEMENT = "announcement"
KNOWN_FOR = timedelta(hours=23)
"""LINE keeps a retry key for 24 hours; after that a retry could reach people twice."""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
_MONTHLY_LIMIT = "monthly limit"


@dataclass(frozen=True)
class Plan:
    """Who will hear, one message a person; ``states`` counts the people by state once it was planned before."""

    recipients: int
    messages: int
    states: Mapping[str, int]


@dataclass(frozen=True)
class Announcement:
    """The announcement of an open ballot to every friend who follows, planned once."""

    slug: str
    vault: Vault
    base_url: str
    quota: Quota | None

    async def preview(self, session: AsyncSession) -> Plan:
        """What planning would do now, or has done. Conflict when the ballot is not open or the quota too small."""
        already = await find_campaign(session, ANNOUNCEMENT, self.slug)
        if already is not None:
            return Plan(already.recipients, already.recipients, await self._states(session, already))
        chunks = await self._chunks(session)
        return self._fitting(chunks)

    async def plan(self, session: AsyncSession, actor: str, now: datetime) -> Plan:
        """Fix recipients, bytes and retry keys. A second call plans nothing, but lets a stopped send go on.

        With nobody to send to nothing is planned either, so that it can be tried again.
        """
        already = await find_campaign(session, ANNOUNCEMENT, self.slug)
        if already is not None:
            await resume_chunks(session, already.id, now)
            return Plan(already.recipients, already.recipients, await self._states(session, already))
        chunks = await self._chunks(session)
        plan = self._fitting(chunks)
        if plan.recipients:
            await plan_campaign(session, ANNOUNCEMENT, self.slug, chunks, now)
            record(session, actor, "ballot.announced", self.slug, now, recipients=plan.recipients)
        return plan

    def _fitting(self, chunks: Sequence[PlannedChunk]) -> Plan:
        recipients = sum(len(chunk.residents) for chunk in chunks)
        if self.quota is not None and not self.quota.fits(recipients):
            raise Conflict(
                "quota_too_small",
                "{recipients} 人に送ると、今月の上限 {limit} 通を超えます（使用済み {used} 通）。"
                "プランを上げるか、来月に送ってください。",
                recipients=recipients,
                limit=self.quota.limit,
                used=self.quota.used,
            )
        return Plan(recipients, recipients, {})

    async def _chunks(self, session: AsyncSession) -> Sequence[PlannedChunk]:
        """Up to 500 people each, grouped by language."""
        ballot = await ballot_by_slug(session, self.slug)
        require_open(self.slug, ballot.state)
        question = await Questions(self.base_url).load(session, ballot)
        by_language: dict[str, list[Resident]] = defaultdict(list)
        for resident in await followers(session):
            by_language[resident.language].append(resident)
        chunks = []
        for language, residents in sorted(by_language.items()):
            messages = orjson.dumps(ballot_announcement(question.view, language))
            for start in range(0, len(residents), CHUNK):
                numbers = [resident.id or 0 for resident in residents[start : start + CHUNK]]
                accounts = await accounts_of(session, self.vault, numbers)
                chunks.append(PlannedChunk(numbers, messages, sha256_hex(multicast_body(accounts, messages))))
        return chunks

    async def _states(self, session: AsyncSession, campaign: Campaign) -> Mapping[str, int]:
        states: Counter[str] = Counter()
        for chunk in await chunks_of(session, campaign.id):
            states[chunk.state] += len(chunk.residents)
        return states


@dataclass
class CampaignSender:
    """Sends planned chunks, one after the other; one process at a time."""

    database: Database
    client: LineClient
    vault: Vault
    clock: Clock
    duty: Duty

    async def send_next(self) -> bool:
        """Send one due chunk; True when there was one."""
        async with self.database.reading() as session:
            chunk = await next_chunk(session, self.clock())
        if chunk is None or not await self.duty.hold():
            return False
        now = self.clock()
        if chunk.first_attempt_at is not None and now - chunk.first_attempt_at > KNOWN_FOR:
            await self._settle(chunk, "unknown", None)
            return True
        async with self.database.writing() as session:
            await begin_attempt(session, chunk.id, now, now + _pause(chunk.attempts))
            accounts = await accounts_of(session, self.vault, chunk.residents)
        body = multicast_body(accounts, chunk.messages)
        if sha256_hex(body) != chunk.body_sha256:
            logger("campaigns").error("chunk_changed", chunk=chunk.id)
            await self._settle(chunk, "refused", None)
            return True
        answer = await self.client.multicast(body, chunk.retry_key)
        await self._settle(chunk, _state_after(answer), answer)
        return True

    async def _settle(self, chunk: DeliveryChunk, state: str, answer: Answer | None) -> None:
        status, request_id = (answer.status, answer.request_id) if answer else (None, None)
        async with self.database.writing() as session:
            await end_attempt(session, chunk.id, state, status, request_id)
        logger("campaigns").info("chunk", chunk=chunk.id, state=state, status=status, request_id=request_id)


def _state_after(answer: Answer) -> str:
    """200 sent, 409 was sent before; a used-up month stops; no answer, 429 and 5xx wait; other 4xx is final."""
    if answer.status == 200:
        return "sent"
    if answer.status == 409:
        return "already"
    if answer.status == 429 and _MONTHLY_LIMIT in answer.reason:
        return "quota"
    if answer.status in {NO_ANSWER, 429} or answer.status >= 500:
        return "pending"
    return "refused"


def _pause(attempts: int) -> timedelta:
    """Exponential backoff with jitter, so that many waiting senders do not come back together."""
    longest = min(FIRST_PAUSE * 2**attempts, LONGEST_PAUSE).total_seconds()
    return timedelta(seconds=random.uniform(longest / 2, longest))  # noqa: S311 - jitter, not a secret
