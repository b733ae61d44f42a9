"""Reads of residents. Only senders turn a resident back into a LINE id."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.security import Vault
from civic.residents.tables import Resident

ACCOUNT_HASH = "line-account"
ACCOUNT_SEAL = "line-account"


async def resident_of(session: AsyncSession, vault: Vault, account: str) -> Resident | None:
    """The resident of a LINE account."""
    mine = col(Resident.line_id_hash) == vault.keyed_hash(account, ACCOUNT_HASH)
    return (await session.exec(select(Resident).where(mine))).one_or_none()


async def residents_of(session: AsyncSession, vault: Vault, accounts: Iterable[str]) -> Mapping[str, Resident]:
    """The residents of some LINE accounts, by account; accounts that never followed are missing."""
    by_hash = {vault.keyed_hash(account, ACCOUNT_HASH): account for account in accounts}
    found = await session.exec(select(Resident).where(col(Resident.line_id_hash).in_(list(by_hash))))
    return {by_hash[resident.line_id_hash]: resident for resident in found}


async def followers(session: AsyncSession) -> Sequence[Resident]:
    """Every friend who follows now, in the order of their numbers."""
    following = select(Resident).where(col(Resident.follows).is_(True))
    return (await session.exec(following.order_by(col(Resident.id)))).all()


async def accounts_of(session: AsyncSession, vault: Vault, numbers: Sequence[int]) -> list[str]:
    """The LINE ids of some residents in exactly that order, for one request to LINE."""
    found = await session.exec(select(Resident).where(col(Resident.id).in_(numbers)))
    accounts = {resident.id: vault.open(resident.line_id_sealed, ACCOUNT_SEAL).decode() for resident in found}
    return [accounts[number] for number in numbers if number in accounts]
