"""Follow the winner into the real world: one installation per decided proposal and site, step by step."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.installations.queries import every_installation_of
from civic.installations.rules import require_kept, require_step
from civic.installations.tables import STATUSES, Installation, InstallationStep
from civic.kernel.errors import InvalidInput, NotFound
from civic.kernel.public_text import public_note
from civic.tallies.tables import Decision


async def adopt(session: AsyncSession, actor: str, decision: Decision, now: datetime) -> Sequence[Installation]:
    """Begin an installation for everything that was decided and has none yet.

    Conflict when a correction takes out what has gone on since: that is a fact, and ends by its own steps.
    """
    there = {found.place: found for found in await every_installation_of(session, decision.ballot_id)}
    decided = [(place["proposal"], place["site"]) for place in decision.selected]
    require_kept(there.values(), decided)
    begun = []
    for proposal, site in (place for place in decided if place not in there):
        installation = Installation(decision_id=decision.id or 0, proposal=proposal, site=site, status="adopted")
        session.add(installation)
        await session.flush()
        await _take_step(session, actor, installation, "adopted", decision.reason, now)
        begun.append(installation)
    return begun


async def report_status(
    session: AsyncSession, actor: str, installation_id: int, status: str, note: str, now: datetime
) -> Installation:
    """Say how far an installation has come, with a public note. Conflict when that is out of order."""
    installation = await session.get(Installation, installation_id, with_for_update=True)
    if installation is None:
        raise NotFound("installation_unknown", "その設置の記録はありません。一覧から選んでください。")
    if status not in STATUSES:
        raise InvalidInput("status_unknown", "状態は {known} のどれかにしてください。", known=", ".join(STATUSES))
    require_step(installation.status, status)
    await _take_step(session, actor, installation, status, public_note(note), now)
    return installation


async def _take_step(
    session: AsyncSession, actor: str, installation: Installation, status: str, note: str, now: datetime
) -> None:
    taken = select(func.count()).where(col(InstallationStep.installation_id) == installation.id)
    seq = (await session.exec(taken)).one() + 1
    installation.status = status
    session.add(InstallationStep(installation_id=installation.id or 0, seq=seq, at=now, status=status, note=note))
    subject = f"{installation.proposal}@{installation.site}"
    record(session, actor, f"installation.{status}", subject, now, note=note)
