"""A new ``CIVIC_SECRET_KEY``: accounts are sealed and hashed anew while the earlier secret is still known."""

from typing import NamedTuple

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, fetch_bulk, run_fixed
from civic.kernel.security import Vault
from civic.residents.accounts import ACCOUNT_HASH, Accounts

PAGE = 500

_NEXT = "select id, line_id_sealed, line_id_hash from resident where id > {} order by id limit {}"
_PAGE = Fixed(sqlite=_NEXT.format("?", "?"), postgresql=_NEXT.format("%s", "%s"))
_RESEAL = Fixed(
    sqlite="update resident set line_id_sealed = ?, line_id_hash = ? where id = ?",
    postgresql="update resident set line_id_sealed = anew.sealed, line_id_hash = anew.keyed "
    "from unnest(%b::bytea[], %b::bytea[], %b::bigint[]) as anew (sealed, keyed, number) where id = anew.number",
)


class Resealed(NamedTuple):
    """A page of residents: the last number, how many they are, how many were sealed anew."""

    last: int
    read: int
    changed: int


async def reseal_page(session: AsyncSession, vault: Vault, after: int, limit: int = PAGE) -> Resealed | None:
    """Seal and hash up to ``limit`` residents behind a number with the newest secret.

    None when nobody has a number above ``after``. Whoever is sealed with the newest one already stays as it is, so
    the work can be stopped anywhere and begun again. NotFound when no secret of ours opens a row.
    """
    rows = await fetch_bulk(session, _PAGE, after, limit)
    if not rows:
        return None
    accounts = Accounts(vault)
    opened = accounts.open_many([sealed for _, sealed, _ in rows], [keyed for _, _, keyed in rows])
    newest = [vault.keyed_hash(account, ACCOUNT_HASH) for account in opened]
    changed = [
        (accounts.seal(account), anew, number)
        for account, anew, (number, _, keyed) in zip(opened, newest, rows, strict=True)
        if anew != keyed
    ]
    await run_fixed(session, _RESEAL, changed)
    return Resealed(rows[-1][0], len(rows), len(changed))
