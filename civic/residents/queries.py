"""Reads of residents. Only senders turn a resident back into a LINE id."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, fetch_for_keys
from civic.kernel.security import Vault
from civic.residents.tables import Resident

ACCOUNT_HASH = "line-account"
ACCOUNT_SEAL = "line-account"

_AGREED_BY = "select line_id_hash from resident where consented_at is not null and line_id_hash"
_AGREED = Fixed(sqlite=f"{_AGREED_BY} = ?", postgresql=f"{_AGREED_BY} = any(%b::bytea[])")


async def resident_of(session: AsyncSession, vault: Vault, account: str) -> Resident | None:
    """The resident of a LINE account."""
    mine = col(Resident.line_id_hash) == vault.keyed_hash(account, ACCOUNT_HASH)
    return (await session.exec(select(Resident).where(mine))).one_or_none()


async def agreed_among(session: AsyncSession, vault: Vault, accounts: Iterable[str]) -> set[str]:
    """Those of some LINE accounts whose residents have given their consent."""
    by_hash = {vault.keyed_hash(account, ACCOUNT_HASH): account for account in accounts}
    return {by_hash[found] for (found,) in await fetch_for_keys(session, _AGREED, list(by_hash))}


async def followers(session: AsyncSession) -> Sequence[Resident]:
    """Every friend who follows now, in the order of their numbers."""
    following = select(Resident).where(col(Resident.follows).is_(True))
    return (await session.exec(following.order_by(col(Resident.id)))).all()


async def accounts_of(session: AsyncSession, vault: Vault, numbers: Sequence[int]) -> list[str]:
    """The LINE ids of some residents in exactly that order, for one request to LINE."""
    found = await session.exec(select(Resident).where(col(Resident.id).in_(numbers)))
    accounts = {resident.id: vault.open(resident.line_id_sealed, ACCOUNT_SEAL).decode() for resident in found}
    return [accounts[number] for number in numbers if number in accounts]
