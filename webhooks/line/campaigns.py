"""Send what was planned for many people: chunk by chunk, each under its own retry key."""

import random
from dataclasses import dataclass
from datetime import timedelta

from civic.kernel.canonical import sha256_hex
from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.logging import logger
from civic.kernel.security import Vault
from civic.outbox.actions import begin_attempt, end_attempt
from civic.outbox.queries import next_chunk
from civic.outbox.tables import DeliveryChunk
from civic.residents.queries import accounts_of
from webhooks.line.client import NO_ANSWER, Answer, LineClient, multicast_body
from webhooks.line.duty import Duty

KNOWN_FOR = timedelta(hours=23)
"""LINE keeps a retry key for 24 hours; after that a retry could reach people twice."""

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
_MONTHLY_LIMIT = "monthly limit"


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
        async with self.database.writing(shown=False) as session:
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
        async with self.database.writing(shown=False) as session:
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
