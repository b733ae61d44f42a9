"""A letter to named testers first: the same bytes as everybody gets, behind a note that says it is a test.

It is sent at once and outside of any campaign: it never counts as told, and what it costs LINE counts.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.outbox.queries import people_waiting
from civic.residents.queries import accounts_of
from civic.residents.testers import testers
from webhooks.line.client import LineClient, Quota, multicast_body
from webhooks.line.messages import trial_note
from webhooks.line.planning import Broadcast, Plan


@dataclass(frozen=True)
class Trial:
    """How many testers LINE took the letter for, and how many it did not."""

    sent: int
    refused: int


@dataclass(frozen=True)
class _Parcel:
    people: int
    body: bytes


async def send_trial(context: Context, client: LineClient, broadcast: Broadcast, actor: str) -> Trial:
    """Send a letter to all testers who have not stopped messages, each in their language, and record it.

    Conflict without such testers, with nothing to tell, or when it does not fit into the month.
    """
    async with context.database.reading() as session:
        parcels = await _parcels(session, context, broadcast)
        reserved = await people_waiting(session)
    _require_room(parcels, broadcast.quota, reserved)
    answers = {key: await client.multicast(one.body, str(uuid.uuid4())) for key, one in parcels.items()}
    sent = sum(parcels[key].people for key, answer in answers.items() if answer.status == 200)
    trial = Trial(sent, sum(one.people for one in parcels.values()) - sent)
    async with context.database.writing() as session:
        subject = await broadcast.subject(session)
        how = {"kind": broadcast.kind, "sent": trial.sent, "refused": trial.refused}
        record(session, actor, "message.tested", subject, context.clock(), **how)
    return trial


async def _parcels(session: AsyncSession, context: Context, broadcast: Broadcast) -> Mapping[str, _Parcel]:
    """One request a language."""
    numbers: dict[str, list[int]] = defaultdict(list)
    registered = await testers(session)
    for tester, resident in registered:
        if not resident.messages_stopped:
            numbers[resident.language].append(tester.resident_id)
    if not registered:
        raise Conflict("no_testers", "テストする人が、まだいません。下で登録してから送ってください。")
    if not numbers:
        raise Conflict(
            "testers_stopped",
            "テストする人は、みなお知らせを止めています。"
            "LINE のトークで「お知らせを再開」を押してもらってください。",
        )
    parcels = {}
    for language, people in numbers.items():
        letter = await broadcast.letter_going_out(session, language)
        accounts = await accounts_of(session, context.vault, people)
        parcels[language] = _Parcel(len(accounts), multicast_body(accounts, noted(letter, language)))
    return parcels


def noted(letter: bytes, language: str) -> bytes:
    """The messages of a letter, byte for byte, behind the note that it is a test."""
    return b"[" + orjson.dumps(trial_note(language)) + b"," + letter[1:]


def _require_room(parcels: Mapping[str, _Parcel], quota: Quota | None, reserved: int) -> None:
    plan = Plan({language: one.people for language, one in parcels.items()}, quota, reserved=reserved)
    if plan.trouble is not None:
        raise plan.trouble
