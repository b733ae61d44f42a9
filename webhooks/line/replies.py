"""Send owed replies: each on its own, once, within its minute. A reply is never turned into a paid push.

A reply that LINE takes long for holds up nobody else: the next ones begin while it is under way, and it is settled
when its answer comes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.logging import logger
from civic.outbox.actions import settle_replies
from civic.outbox.queries import pending_replies
from civic.outbox.tables import Reply
from webhooks.line.client import NO_ANSWER, Answer, LineClient
from webhooks.line.duty import Duty

BATCH = 200
"""Replies that are under way or wait for a lane."""

AT_ONCE = 48
"""Requests under way at most."""

GATHER_S = 0.05
"""What ends within this time is settled in one transaction."""

ANSWER_WITHIN_S = 5.0
"""Without an answer by then a reply makes room for another one and is tried again."""

AGAIN_AFTER = timedelta(seconds=0.5)


@dataclass
class ReplySender:
    """Empties the outbox of replies; one process at a time for a channel."""

    database: Database
    client: LineClient
    clock: Clock
    duty: Duty
    _under_way: dict[asyncio.Task[str], Reply] = field(default_factory=dict)
    _again_at: dict[str, datetime] = field(default_factory=dict)
    _lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def run_batch(self) -> bool:
        """Begin the replies that wait and settle those that ended; True while there is something to do."""
        if not self._under_way and not await self.duty.hold():
            return False
        await self._begin_more()
        if not self._under_way:
            return False
        try:
            ended, _ = await asyncio.wait(self._under_way, timeout=GATHER_S)
        except asyncio.CancelledError:
            for task in self._under_way:
                task.cancel()
            raise
        settled = await self._settle([(self._under_way.pop(task), task.result()) for task in ended])
        return bool(self._under_way) or settled == BATCH

    async def _begin_more(self) -> None:
        """A task for each reply that waits, as far as there is room."""
        now = self.clock()
        self._again_at = {reply_id: at for reply_id, at in self._again_at.items() if at > now}
        busy = {reply.id for reply in self._under_way.values()} | self._again_at.keys()
        room = BATCH - len(self._under_way)
        if not room:
            return
        async with self.database.reading() as session:
            waiting = await pending_replies(session, len(busy) + room)
        for reply in [reply for reply in waiting if reply.id not in busy][:room]:
            self._under_way[asyncio.create_task(self._send(reply))] = reply

    async def _settle(self, ended: Sequence[tuple[Reply, str]]) -> int:
        """Write down what ended for good, and let the others wait a moment; how many ended."""
        again = self.clock() + AGAIN_AFTER
        self._again_at |= {reply.id: again for reply, state in ended if state == "pending"}
        settled = {reply.id: state for reply, state in ended if state != "pending"}
        if settled:
            async with self.database.writing(shown=False) as session:
                await settle_replies(session, settled)
        return len(settled)

    async def _send(self, reply: Reply) -> str:
        async with self._lanes:
            if self.clock() >= reply.expires_at or reply.token is None or reply.messages is None:
                return "expired"
            if not await self.duty.hold():  # it took long, and another process goes on with it
                return "pending"
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    answer = await self.client.reply(reply.token.decode(), reply.messages)
            except TimeoutError:
                return "pending"
        return _state_after(answer)


def _state_after(answer: Answer) -> str:
    """200 sent; 4xx refused for good; no answer, 429 and 5xx are tried again until the minute is over."""
    if answer.status == 200:
        return "sent"
    if answer.status in {NO_ANSWER, 429} or answer.status >= 500:
        return "pending"
    logger("replies").warning("reply_refused", status=answer.status, request_id=answer.request_id)
    return "refused"
