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
from civic.residents.rules import next_night, toggled
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
    _set_following(resident, at_ms, True)
    return resident


async def unfollow(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """Leave: no message goes there any more. A vote already cast stays."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        _set_following(resident, at_ms, False)


async def agree(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> bool:
    """Keep the version of the consent and the day it was given; True when there was none before."""
    resident = await _known(session, vault, account, at_ms)
    is_first = resident.consented_at is None
    resident.consent_version = CONSENT_VERSION
    resident.consented_at = from_ms(at_ms).replace(hour=0, minute=0, second=0, microsecond=0)
    return is_first


async def choose_language(session: AsyncSession, vault: Vault, account: str, language: str, at_ms: int) -> None:
    """Speak this language from now on."""
    resident = await _known(session, vault, account, at_ms)
    resident.language = language


async def choose_relation(session: AsyncSession, vault: Vault, account: str, relation: str, at_ms: int) -> None:
    """Say a relation to the area, or take it back when it was said before."""
    resident = await _known(session, vault, account, at_ms)
    resident.relations = toggled(resident.relations, relation)


async def forget_relations(session: AsyncSession, vault: Vault, account: str) -> None:
    """答えない: nothing is kept about the relation to the area."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        resident.relations = []


async def stop_messages(session: AsyncSession, vault: Vault, account: str) -> None:
    """参加をやめる: no campaign reaches this resident until ``resume_messages``. A stranger hears none anyway."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        resident.messages_stopped = True


async def resume_messages(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """Hear from us again, of every kind."""
    resident = await _known(session, vault, account, at_ms)
    resident.messages_stopped = False
    await session.exec(delete(ResidentOptOut).where(col(ResidentOptOut.resident_id) == resident.id))


async def opt_out(session: AsyncSession, vault: Vault, account: str, kind: str) -> None:
    """No more messages of one kind."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        await session.merge(ResidentOptOut(resident_id=resident.id or 0, kind=kind))


async def opt_in(session: AsyncSession, vault: Vault, account: str, kind: str) -> None:
    """Messages of this kind again."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        mine = col(ResidentOptOut.resident_id) == resident.id, col(ResidentOptOut.kind) == kind
        await session.exec(delete(ResidentOptOut).where(*mine))


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


def _set_following(resident: Resident, at_ms: int, follows: bool) -> None:
    if at_ms >= resident.follow_changed_ms:
        resident.follows, resident.follow_changed_ms = follows, at_ms
