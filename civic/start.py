"""What has to be right before a server or a worker begins.

A module of its own, without the web: the parent of several server processes checks it before it starts them.
"""

import asyncio

from civic.ballots.queries import ballots_in_state
from civic.kernel.context import Context
from civic.kernel.db.migrate import require_current


async def check_start(context: Context) -> None:
    """StartRefused unless schema, durability and the keys of open ballots are as they must be."""
    await asyncio.to_thread(require_current, context.settings.resolved_database_url)
    await context.database.check_durability()
    async with context.database.reading() as session:
        open_now = await ballots_in_state(session, "open", "closed")
    context.keys.require([ballot.slug for ballot in open_now])
