"""The ballots that a tap can name, in memory: reading them costs nothing on the way of a vote.

What is kept (id and key) never changes once a ballot has opened, so the copy cannot be wrong, only incomplete; a
name that is missing is looked up again, in the web server at most once a second.
"""

import asyncio

from civic.ballots.queries import ballots_in_state
from civic.kernel.clock import monotonic
from civic.kernel.db import Database
from civic.kernel.logging import logger
from civic.kernel.security import BallotKeys
from civic.votes.operations import OpenBallot

_ONCE_OPENED = ("open", "closed", "sealed", "decided", "cancelled")
LOOK_AGAIN_S = 1.0


class OpenBallots:
    """All ballots that have opened, by slug."""

    def __init__(self, database: Database, keys: BallotKeys, look_again_s: float = LOOK_AGAIN_S) -> None:
        self._database = database
        self._keys = keys
        self._known: dict[str, OpenBallot] = {}
        self._look_again_s = look_again_s
        self.without_key: set[str] = set()
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    def known(self, slug: str) -> OpenBallot | None:
        """The ballot if it is in memory: once it is, no vote for it waits for anything here."""
        return self._known.get(slug)

    async def find(self, slug: str) -> OpenBallot | None:
        """The ballot, or None when none of that name has opened, or its key is gone."""
        if slug not in self._known:
            await self._look()
        return self._known.get(slug)

    async def _look(self) -> None:
        async with self._looking:
            if monotonic() - self._looked_at < self._look_again_s:
                return
            self.without_key.clear()
            async with self._database.reading() as session:
                opened = await ballots_in_state(session, *_ONCE_OPENED)
            for ballot in opened:
                key = self._keys.find(ballot.slug)
                if key is not None:
                    self._known[ballot.slug] = OpenBallot(ballot.id or 0, ballot.slug, key)
                elif ballot.state in {"open", "closed"}:
                    logger("ballots").error("ballot_key_missing", ballot=ballot.slug)
                    self.without_key.add(ballot.slug)
            self._looked_at = monotonic()
