"""Reads of installations."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_of
from civic.installations.tables import STANDING, Installation, InstallationStep
from civic.kernel.errors import NotFound
from civic.tallies.queries import decision_of
from civic.tallies.tables import Decision


async def installations_of(session: AsyncSession, ballot_id: int) -> Sequence[Installation]:
    """The installations that the decision on a ballot leads to; not those that a correction took out."""
    decision = await decision_of(session, ballot_id)
    decided = {(place["proposal"], place["site"]) for place in decision.selected} if decision else set()
    return [found for found in await every_installation_of(session, ballot_id) if found.place in decided]


async def every_installation_of(session: AsyncSession, ballot_id: int) -> Sequence[Installation]:
    """All that some version of the decision on a ballot led to."""
    statement = select(Installation).join(Decision).where(col(Decision.ballot_id) == ballot_id)
    return (await session.exec(statement.order_by(col(Installation.id)))).all()


async def installation_of(session: AsyncSession, ballot_id: int, number: int) -> Installation:
    """One of the installations that a ballot led to. NotFound for every other number."""
    for installation in await installations_of(session, ballot_id):
        if installation.id == number:
            return installation
    raise NotFound("installation_unknown", "その設置の記録はありません。一覧から選んでください。")


async def standing_in(session: AsyncSession, programme_id: int) -> frozenset[tuple[str, str]]:
    """(proposal, site) by their slugs: what is decided or built in a programme, and not taken away again."""
    there = [
        installation
        for ballot in await ballots_of(session, programme_id)
        for installation in await installations_of(session, ballot.id or 0)
    ]
    return frozenset(installation.place for installation in there if installation.status in STANDING)


async def steps_of(session: AsyncSession, installation_id: int) -> Sequence[InstallationStep]:
    """The steps of an installation, oldest first."""
    mine = select(InstallationStep).where(col(InstallationStep.installation_id) == installation_id)
    return (await session.exec(mine.order_by(col(InstallationStep.seq)))).all()
