"""Check the placements of a programme again, after something near them has changed."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from civic.installations.queries import standing_in
from civic.kernel.context import Context
from civic.proposals.again import PlaceToCheck, keep_reports, places_to_check
from civic.proposals.checks import PlacementReport
from civic.proposals.models import StoredModels
from civic.proposals.surroundings import Rivals


async def check_placements(context: Context, payload: Mapping[str, Any]) -> None:
    """Bring the stored results of all newest versions of a programme to what is true now."""
    programme_id, now = int(payload["programme"]), context.clock()
    async with context.database.reading() as session:
        places = await places_to_check(session, programme_id, await standing_in(session, programme_id), now)
    reports = await asyncio.to_thread(
        _reports, places, Rivals(StoredModels(context.store, context.settings.gate_limits))
    )
    async with context.database.writing() as session:
        await keep_reports(session, reports, now)


def _reports(places: Sequence[PlaceToCheck], rivals: Rivals) -> dict[int, PlacementReport]:
    return {place.placement.id or 0: place.check(rivals) for place in places}
