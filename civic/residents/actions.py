"""What residents decide for themselves: follow, leave, agree, choose, stop, be forgotten."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import JST, from_ms
from civic.kernel.db.fixed import Fixed, run_fixed
from civic.kernel.i18n import SOURCE_LANGUAGE
from civic.kernel.queue import defer_once
from civic.kernel.security import Vault
from civic.residents.accounts import ACCOUNT_HASH, Accounts
from civic.residents.queries import resident_of
from civic.residents.rules import Relations, next_night
from civic.residents.tables import MessageTester, Resident, ResidentOptOut

CONSENT_VERSION = "2026-11"

SCRUB = "scrub"
"""The job that leaves nothing of deleted rows in the database's files."""

_COUNT = Fixed(
    sqlite="insert into place_arrival (place, day, count) values (?, ?, 1) "
    "on conflict (place, day) do update set count = place_arrival.count + 1",
    postgresql="insert into place_arrival (place, day, count) "
    "select place, day, 1 from unnest(%s::text[], %s::date[]) as came (place, day) "
    "on conflict (place, day) do update set count = place_arrival.count + 1",
)


async def follow(
    session: AsyncSession, vault: Vault, account: str, at_ms: int, language: str = SOURCE_LANGUAGE
) -> Resident:
    """Become a friend, or a friend again; an event older than the last one known changes nothing.

    ``language`` is that of somebody new; who is known keeps the one that was chosen.
    """
    resident = await resident_of(session, vault, account)
    if resident is None:
        resident = Resident(
            line_id_hash=vault.keyed_hash(account, ACCOUNT_HASH),
            line_id_sealed=Accounts(vault).seal(account),
            language=language,
            follow_changed_ms=at_ms,
        )
        session.add(resident)
        await session.flush()
    _be_a_friend(resident, at_ms)
    return resident


async def unfollow(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """Leave: no message goes there any more. A vote already cast stays.

    A stranger is not written down for it: whoever has their data deleted and then blocks us stays unknown.
    """
    resident = await resident_of(session, vault, account)
    if resident is not None and at_ms >= resident.follow_changed_ms:
        resident.follows, resident.follow_changed_ms = False, at_ms


async def agree(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> bool:
    """Keep the version of the consent and the day it was given, the latest; True when there was none before."""
    resident = await _known(session, vault, account, at_ms)
    is_first = resident.consented_at is None
    resident.consent_version = CONSENT_VERSION
    day = from_ms(at_ms).replace(hour=0, minute=0, second=0, microsecond=0)
    resident.consented_at = max(day, resident.consented_at or day)
    return is_first


async def choose_language(session: AsyncSession, vault: Vault, account: str, language: str, at_ms: int) -> str:
    """Speak this language from now on; the language spoken then, another one when that was chosen later."""
    resident = await _known(session, vault, account, at_ms)
    if (at_ms, language) > (resident.language_changed_ms, resident.language):
        resident.language, resident.language_changed_ms = language, at_ms
    return resident.language


async def note_phone_language(session: AsyncSession, vault: Vault, account: str, language: str) -> bool:
    """Speak the language of a friend's phone, unless one was chosen; True when that is another than before."""
    resident = await resident_of(session, vault, account)
    if resident is None or resident.language_changed_ms or resident.language == language:
        return False
    resident.language = language
    return True


async def say_relation(session: AsyncSession, vault: Vault, account: str, relation: str, at_ms: int) -> None:
    """Say a relation to the area."""
    resident = await _known(session, vault, account, at_ms)
    _keep_relations(resident, _relations(resident).say(relation, at_ms))


async def take_back_relation(session: AsyncSession, vault: Vault, account: str, relation: str, at_ms: int) -> None:
    """Take a relation back that was said before."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        _keep_relations(resident, _relations(resident).take_back(relation, at_ms))


async def forget_relations(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """答えない: nothing is kept about the relation to the area that was said before."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        _keep_relations(resident, _relations(resident).say_nothing(at_ms))


async def stop_messages(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> bool:
    """参加をやめる: no campaign reaches this resident until ``resume_messages``. False when that came later.

    A stranger hears none anyway, and is not written down for it.
    """
    resident = await resident_of(session, vault, account)
    if resident is None:
        return True
    resident.stopped_ms = max(at_ms, resident.stopped_ms)
    resident.messages_stopped = resident.stopped_ms >= resident.resumed_ms
    return resident.messages_stopped


async def resume_messages(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> bool:
    """Hear from us again, of every kind that was not refused later. False when all were stopped later."""
    resident = await _known(session, vault, account, at_ms)
    resident.resumed_ms = max(at_ms, resident.resumed_ms)
    resident.messages_stopped = resident.messages_stopped and resident.stopped_ms >= resident.resumed_ms
    over = col(ResidentOptOut.resident_id) == resident.id, col(ResidentOptOut.changed_ms) < resident.resumed_ms
    await session.exec(delete(ResidentOptOut).where(*over))
    return not resident.messages_stopped


async def opt_out(session: AsyncSession, vault: Vault, account: str, kind: str, at_ms: int) -> bool:
    """No more messages of one kind. False when they were wanted again later."""
    resident = await resident_of(session, vault, account)
    return resident is None or await _choose_kind(session, resident, kind, at_ms, refused=True)


async def opt_in(session: AsyncSession, vault: Vault, account: str, kind: str, at_ms: int) -> bool:
    """Messages of this kind again. False when they were refused later."""
    resident = await resident_of(session, vault, account)
    return resident is None or not await _choose_kind(session, resident, kind, at_ms, refused=False)


async def delete_resident(session: AsyncSession, vault: Vault, account: str, now: datetime) -> None:
    """データ削除: the row, its link to LINE and all that was chosen go; at night also from the file's free pages.

    Votes are no business of this package: whoever calls withdraws those that are still open first.
    """
    resident = await resident_of(session, vault, account)
    if resident is None:
        return
    await session.exec(delete(ResidentOptOut).where(col(ResidentOptOut.resident_id) == resident.id))
    await session.exec(delete(MessageTester).where(col(MessageTester.resident_id) == resident.id))
    await session.delete(resident)
    await session.flush()
    await defer_once(session, SCRUB, next_night(now))


async def count_arrival(session: AsyncSession, place: str, now: datetime) -> None:
    """Somebody came by the code of a place today (in Japan); nothing says who."""
    await run_fixed(session, _COUNT, [(place, now.astimezone(JST).date().isoformat())])


async def _known(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> Resident:
    """The resident of an account; somebody who was a friend before we listened is written down now."""
    resident = await resident_of(session, vault, account)
    return resident or await follow(session, vault, account, at_ms)


def _be_a_friend(resident: Resident, at_ms: int) -> None:
    """Of two changes in one millisecond the one that keeps us silent stays."""
    if at_ms > resident.follow_changed_ms:
        resident.follows, resident.follow_changed_ms = True, at_ms


async def _choose_kind(session: AsyncSession, resident: Resident, kind: str, at_ms: int, *, refused: bool) -> bool:
    """Keep the newest word about a kind, of two in one millisecond the refusal; whether it is refused then."""
    row = await session.get(ResidentOptOut, (resident.id, kind))
    if at_ms < resident.resumed_ms or (row is not None and (at_ms, refused) <= (row.changed_ms, row.refused)):
        return row is not None and row.refused
    row = row or ResidentOptOut(resident_id=resident.id or 0, kind=kind)
    row.refused, row.changed_ms = refused, at_ms
    session.add(row)
    await session.flush()
    return refused


def _relations(resident: Resident) -> Relations:
    return Relations(resident.relations, resident.relation_times)


def _keep_relations(resident: Resident, relations: Relations) -> None:
    resident.relations, resident.relation_times = list(relations.held), dict(relations.times)
    resident.relations_changed_ms = max(relations.times.values(), default=0)
