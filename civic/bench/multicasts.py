"""A message to a whole city, sent by a process of its own, whose memory is measured to its end.

Run as ``python -m civic.bench.multicasts`` with a ``Job`` as JSON on stdin; prints a ``Sent`` as JSON. ``ours``
plans a message about the bench's ballot and sends it as the worker does; ``sdk`` sends the same messages with
LINE's SDK, in a plain loop.
"""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug
from civic.bench.installation import ACTOR, BALLOT, settings_for
from civic.kernel.context import Context, open_context
from civic.outbox.about import ANNOUNCEMENT, About
from webhooks.line.broadcasts import Announcement
from webhooks.line.channel import open_senders
from webhooks.line.messages import ballot_carousels
from webhooks.line.planning import Letter
from webhooks.line.questions import Questions

CHUNK = 500


@dataclass(frozen=True)
class Job:
    """Who sends: to LINE at ``url``, from the installation in ``folder``; ``sdk`` the messages of ``body``."""

    who: Literal["ours", "sdk"]
    folder: str
    database_url: str
    url: str
    body: str = ""
    people: int = 0


@dataclass(frozen=True)
class Sent:
    """What it took: planning (``locked_s`` of it in the write transaction), sending, and the most memory in MB."""

    people: int
    plan_s: float
    plan_cpu_s: float
    locked_s: float
    send_s: float
    send_cpu_s: float
    peak_mb: float


async def run(job: Job) -> Sent:
    """Do a job."""
    return await (_ours(job) if job.who == "ours" else _sdk(job))


async def _ours(job: Job) -> Sent:
    settings = settings_for(Path(job.folder), job.database_url).model_copy(
        update={
            "line_api_url": job.url,
            "line_channel_access_token": SecretStr("measured"),
            "line_multicasts_per_s": 0.0,
        }
    )
    context = open_context(settings)
    try:
        began, cpu = time.perf_counter(), time.process_time()
        people, locked_s = await _plan(context)
        planned, planned_cpu = time.perf_counter(), time.process_time()
        await _send(context)
        ended, ended_cpu = time.perf_counter(), time.process_time()
    finally:
        await context.database.close()
    return Sent(
        people, planned - began, planned_cpu - cpu, locked_s, ended - planned, ended_cpu - planned_cpu, _peak_mb()
    )


class WholeBallot(Announcement):
    """The ballot with all its cards, as the chat shows it: the largest message that we have."""

    async def letter(self, session: AsyncSession) -> Letter:
        """The carousel of the ballot."""
        ballot = await ballot_by_slug(session, self.about.ballot)
        question = await Questions(self.context.settings.base_url).load(session, ballot)
        return lambda lang: ballot_carousels(question.view, lang, 0, 0)


async def _plan(context: Context) -> tuple[int, float]:
    async with context.database.reading() as session:
        draft = await WholeBallot(context, None, About(ANNOUNCEMENT, BALLOT)).draft(session)
    began = time.perf_counter()
    async with context.database.writing() as session:
        plan = await draft.plan(session, ACTOR, context.clock())
    return plan.recipients, time.perf_counter() - began


async def _send(context: Context) -> None:
    senders = open_senders(context)
    assert senders is not None
    while await senders.campaigns.run_batch():
        pass
    await senders.client.close()


async def _sdk(job: Job) -> Sent:
    messaging = import_module("linebot.v3.messaging")
    whole = json.loads(job.body)
    messages = [messaging.Message.from_dict(message) for message in whole["messages"]]
    began, cpu = time.perf_counter(), time.process_time()
    configuration = messaging.Configuration(host=job.url, access_token="measured")  # noqa: S106 - opens nothing
    async with messaging.AsyncApiClient(configuration) as client:
        api = messaging.AsyncMessagingApi(client)
        for people in _parts(job.people):
            request = messaging.MulticastRequest(to=people, messages=messages)
            await api.multicast(request, x_line_retry_key=str(uuid.uuid4()))
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return Sent(job.people, 0.0, 0.0, 0.0, seconds, cpu_s, _peak_mb())


def _parts(people: int) -> list[list[str]]:
    ids = [f"U{number:032x}" for number in range(people)]
    return [ids[start : start + CHUNK] for start in range(0, people, CHUNK)]


def _peak_mb() -> float:
    """The high-water mark of resident memory since this program began (proc(5)), in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Job(**json.load(sys.stdin)))))))  # noqa: T201 - the answer to who started us
