"""Send owed replies: concurrently, each once, within its minute. A reply is never turned into a paid push."""

import asyncio
from dataclasses import dataclass, field

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.logging import logger
from civic.outbox.actions import settle_replies
from civic.outbox.queries import pending_replies
from civic.outbox.tables import Reply
from webhooks.line.client import NO_ANSWER, Answer, LineClient
from webhooks.line.duty import Duty

BATCH = 200
AT_ONCE = 16


@dataclass
class ReplySender:
    """Empties the outbox of replies."""

    database: Database
    client: LineClient
    clock: Clock
    duty: Duty
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run_batch(self) -> bool:
        """Send up to 200 replies; True when there may be more."""
        if not await self.duty.hold():
            return False
        async with self.database.reading() as session:
            waiting = await pending_replies(session, BATCH)
        if not waiting:
            return False
        states = await asyncio.gather(*(self._send(reply) for reply in waiting))
        settled = {reply.id: state for reply, state in zip(waiting, states, strict=True) if state != "pending"}
        async with self.database.writing(shown=False) as session:
            await settle_replies(session, settled)
        return len(settled) == BATCH

    async def _send(self, reply: Reply) -> str:
        async with self._at_once:
            if self.clock() >= reply.expires_at or reply.token is None or reply.messages is None:
                return "expired"
            if not await self.duty.hold():  # the batch took long, and another process goes on with it
                return "pending"
            answer = await self.client.reply(reply.token.decode(), reply.messages)
        return _state_after(answer)


def _state_after(answer: Answer) -> str:
    """200 sent; 4xx refused for good; no answer, 429 and 5xx are tried again until the minute is over."""
    if answer.status == 200:
        return "sent"
    if answer.status in {NO_ANSWER, 429} or answer.status >= 500:
        return "pending"
    logger("replies").warning("reply_refused", status=answer.status, request_id=answer.request_id)
    return "refused"
