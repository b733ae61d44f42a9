"""Reads of installations."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.installations.tables import Installation, InstallationStep
from civic.tallies.tables import Decision


async def installations_of(session: AsyncSession, ballot_id: int) -> Sequence[Installation]:
    """The installations that a ballot led to."""
    statement = select(Installation).join(Decision).where(col(Decision.ballot_id) == ballot_id)
    return (await session.exec(statement.order_by(col(Installation.id)))).all()


async def steps_of(session: AsyncSession, installation_id: int) -> Sequence[InstallationStep]:
    """The steps of an installation, oldest first."""
    mine = select(InstallationStep).where(col(InstallationStep.installation_id) == installation_id)
    return (await session.exec(mine.order_by(col(InstallationStep.seq)))).all()
