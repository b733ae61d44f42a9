"""Lease rows: at most one holder of a named duty at a time, across processes and hosts."""

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db import CleanText, UtcDateTime


class Lease(SQLModel, table=True):
    """Who holds a duty, and until when."""

    __tablename__ = "lease"

    name: str = Field(sa_type=CleanText, primary_key=True)
    holder: str = Field(sa_type=CleanText)
    until: datetime = Field(sa_type=UtcDateTime)


async def take_lease(session: AsyncSession, name: str, holder: str, now: datetime, ttl: timedelta) -> bool:
    """Take or renew a lease inside a write transaction; False while somebody else holds it."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(Lease).values(name=name, holder=holder, until=now + ttl)
    taken = await session.exec(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "until": now + ttl},
            where=or_(col(Lease.until) <= now, col(Lease.holder) == holder),
        ).returning(col(Lease.name))
    )
    return taken.first() is not None
