"""Work for later: a job row written in the business transaction, and periodic duties.

The seam for a large installation is ``defer`` and ``Queue``: callers know a job's name and payload, never who runs
it. Here an in-process worker takes job rows under a lease. A job may run twice (a worker died between effect and
mark), so every handler is idempotent.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock, iso
from civic.kernel.db import CleanText, Database, Json, UtcDateTime, choice
from civic.kernel.ids import new_ulid
from civic.kernel.logging import logger

Handler = Callable[[Mapping[str, Any]], Awaitable[None]]
Duty = Callable[[], Awaitable[bool]]
"""A periodic duty; True means that it found work and wants to be called again at once."""

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5


class Job(SQLModel, table=True):
    """One piece of deferred work."""

    __tablename__ = "job"

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    name: str = Field(sa_type=CleanText)
    payload: dict[str, Any] = Field(sa_type=Json)
    state: str = Field(default="queued", sa_type=choice("job_state", "queued", "done", "failed"), index=True)
    not_before: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    error: str | None = Field(default=None, sa_type=CleanText)


def defer(session: AsyncSession, name: str, payload: Mapping[str, Any], not_before: datetime) -> None:
    """Queue a job in this transaction: rolled back with it, due once ``not_before`` has come."""
    session.add(Job(name=name, payload=dict(payload), not_before=not_before))


async def defer_once(session: AsyncSession, name: str, not_before: datetime) -> None:
    """Queue a job of this name for this instant, unless there is one."""
    job = Job(id=f"{name} {iso(not_before)}", name=name, payload={}, not_before=not_before)
    if await session.get(Job, job.id) is None:
        session.add(job)
        await session.flush()


@dataclass
class Queue:
    """Runs deferred jobs and periodic duties until it is stopped."""

    database: Database
    clock: Clock
    handlers: dict[str, Handler] = field(default_factory=dict)
    duties: dict[str, tuple[float, Duty]] = field(default_factory=dict)
    wake: dict[str, asyncio.Event] = field(default_factory=dict)

    def every(self, seconds: float, name: str, duty: Duty, wake: asyncio.Event | None = None) -> None:
        """Call ``duty`` each ``seconds`` (waiting time between calls), or earlier when its event is set."""
        self.duties[name] = (seconds, duty)
        self.wake[name] = wake or asyncio.Event()

    async def run(self) -> None:
        """Run everything until cancelled."""
        self.every(1.0, "jobs", self.run_due)
        async with asyncio.TaskGroup() as tasks:
            for name in self.duties:
                tasks.create_task(self._repeat(name), name=name)

    async def run_due(self) -> bool:
        """Run one due job; True when there was one."""
        job = await self._take()
        if job is None:
            return False
        try:
            await self.handlers[job.name](job.payload)
        except Exception as error:
            await self._mark(job.id, error)
        else:
            await self._mark(job.id, None)
        return True

    async def _repeat(self, name: str) -> None:
        seconds, duty = self.duties[name]
        told = None
        while True:
            self.wake[name].clear()
            try:
                more = await duty()
                told = None
            except Exception as error:
                # A duty that fails now is tried again: the database or LINE may be back by then. Where it failed
                # is told once: hours of an outage must not fill the disk.
                trace = error if type(error) is not told else None
                logger("queue").error("duty_failed", duty=name, error=type(error).__name__, exc_info=trace)
                told = type(error)
                more = False
            if not more:
                await self._pause(name, seconds)

    async def _pause(self, name: str, seconds: float) -> None:
        # Not wait_for: in Python 3.11 it swallows a cancellation that meets the event, and the worker never ends.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake[name].wait()

    async def _take(self) -> Job | None:
        now = self.clock()
        async with self.database.writing(shown=False) as session:
            due = select(Job).where(col(Job.state) == "queued", col(Job.not_before) <= now)
            oldest = due.order_by(col(Job.id)).limit(1).with_for_update(skip_locked=True)
            job = (await session.exec(oldest)).one_or_none()
            if job is not None:
                job.attempts += 1
                job.not_before = now + LEASE
        return job

    async def _mark(self, job_id: str, error: Exception | None) -> None:
        async with self.database.writing(shown=False) as session:
            job = await session.get_one(Job, job_id)
            if error is None:
                job.state = "done"
                return
            logger("queue").error("job_failed", job=job.name, error=type(error).__name__, exc_info=error)
            job.error = type(error).__name__
            job.state = "failed" if job.attempts >= MOST_ATTEMPTS else "queued"
            job.not_before = self.clock() + timedelta(seconds=2**job.attempts)
