"""Reads of residents. Only senders turn a resident back into a LINE id."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Text, and_, cast, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, fetch_bulk, fetch_for_keys
from civic.kernel.security import Vault
from civic.residents.accounts import ACCOUNT_HASH, Accounts
from civic.residents.rules import DAY_MS
from civic.residents.tables import PlaceArrival, Resident, ResidentOptOut

_AGREED_BY = "select line_id_hash from resident where consented_at is not null and line_id_hash"
_AGREED = Fixed(sqlite=f"{_AGREED_BY} = ?", postgresql=f"{_AGREED_BY} = any(%b::bytea[])")

WANTS = (
    "follows and not messages_stopped "
    "and not exists (select 1 from resident_opt_out where resident_id = resident.id and kind = {kind} and refused)"
)
"""Whether a resident wants messages of a kind, as SQL; ``{kind}`` is its parameter."""

_HEARS = (
    f"select id, language, line_id_sealed, line_id_hash from resident where {WANTS} "  # noqa: S608
    "and id > {after} order by id limit {limit}"
)
_RECIPIENTS = Fixed(
    sqlite=_HEARS.format(kind="?", after="?", limit="?"),
    postgresql=_HEARS.format(kind="%s", after="%s", limit="%s"),
)

_BY_NUMBER = "select id, line_id_sealed, line_id_hash from resident where id"
_SEALED = Fixed(sqlite=f"{_BY_NUMBER} = ?", postgresql=f"{_BY_NUMBER} = any(%b::bigint[])")

Recipient = tuple[int, str, bytes, bytes]
"""Number, language, sealed account and its keyed hash: what ``Accounts.open_many`` wants."""


async def resident_of(session: AsyncSession, vault: Vault, account: str) -> Resident | None:
    """The resident of a LINE account."""
    mine = col(Resident.line_id_hash).in_(vault.keyed_hashes(account, ACCOUNT_HASH))
    return (await session.exec(select(Resident).where(mine))).one_or_none()


async def agreed_among(session: AsyncSession, vault: Vault, accounts: Iterable[str]) -> set[str]:
    """Those of some LINE accounts whose residents have given their consent."""
    by_hash = {keyed: account for account in accounts for keyed in vault.keyed_hashes(account, ACCOUNT_HASH)}
    return {by_hash[found] for (found,) in await fetch_for_keys(session, _AGREED, list(by_hash))}


async def opted_out(session: AsyncSession, resident_id: int) -> frozenset[str]:
    """The kinds of message that a resident does not want."""
    mine = col(ResidentOptOut.resident_id) == resident_id, col(ResidentOptOut.refused)
    return frozenset(await session.exec(select(ResidentOptOut.kind).where(*mine)))


async def with_exact_times(session: AsyncSession, before_ms: int, limit: int) -> Sequence[int]:
    """Numbers of residents with a change before an instant (ms since 1970 UTC) that is kept to the millisecond."""
    exact = [
        and_(time < before_ms, time % DAY_MS != 0)
        for time in map(
            col,
            (
                Resident.follow_changed_ms,
                Resident.stopped_ms,
                Resident.resumed_ms,
                Resident.language_changed_ms,
                Resident.relations_changed_ms,
            ),
        )
    ]
    of_kinds = select(ResidentOptOut.resident_id).where(
        col(ResidentOptOut.changed_ms) < before_ms, col(ResidentOptOut.changed_ms) % DAY_MS != 0
    )
    found = select(Resident.id).where(or_(*exact, col(Resident.id).in_(of_kinds))).limit(limit)
    return [number for number in await session.exec(found) if number is not None]


async def arrivals(session: AsyncSession, places: Iterable[str]) -> Mapping[str, Sequence[tuple[date, int]]]:
    """How often the codes of some places were used, by place and day, the newest day first."""
    mine = select(PlaceArrival).where(col(PlaceArrival.place).in_(list(places)))
    days: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in await session.exec(mine.order_by(col(PlaceArrival.day).desc())):
        days[row.place].append((row.day, row.count))
    return days


async def recipients(session: AsyncSession, kind: str, after: int, limit: int) -> list[Recipient]:
    """The next friends with a number above ``after`` who want a kind of message, by ascending number.

    They follow, have not stopped all messages and have not opted out of this kind.
    """
    found: list[Recipient] = await fetch_bulk(session, _RECIPIENTS, kind, after, limit)
    return found


async def accounts_of(session: AsyncSession, vault: Vault, numbers: Sequence[int]) -> list[str]:
    """The LINE ids of some residents in exactly that order, for one request to LINE; who has left is missing."""
    rows = {row[0]: row for row in await fetch_for_keys(session, _SEALED, numbers)}
    there = [rows[number] for number in numbers if number in rows]
    return Accounts(vault).open_many([sealed for _, sealed, _ in there], [keyed for _, _, keyed in there])


async def said_relations(
    session: AsyncSession, vault: Vault, after: int, limit: int
) -> tuple[int, list[tuple[str, list[str]]]]:
    """The LINE ids of the next residents above number ``after`` who said a relation, each with what they said.

    Also the number to go on after; -1 when there are no more.
    """
    number = col(Resident.id)
    wanted = select(number, col(Resident.line_id_sealed), col(Resident.line_id_hash), col(Resident.relations))
    said = wanted.where(number > after, cast(col(Resident.relations), Text) != "[]").order_by(number).limit(limit)
    rows = (await session.exec(said)).all()
    accounts = Accounts(vault).open_many([sealed for _, sealed, _, _ in rows], [keyed for _, _, keyed, _ in rows])
    found = [(account, row[3]) for account, row in zip(accounts, rows, strict=True)]
    return (rows[-1][0] or -1 if len(rows) == limit else -1), found
