"""Who of those that want a kind of message is meant by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.security import pseudonym
from civic.votes.queries import voted_among


class Audience(Protocol):
    """Decides for a page of LINE accounts at a time, so that nobody holds a list of a whole city."""

    async def __call__(self, session: AsyncSession, accounts: Sequence[str]) -> Sequence[bool]:
        """For each account whether it is meant."""


@dataclass(frozen=True)
class Voters:
    """Those who have a vote in a ballot, or (``voted`` False) those who have none."""

    ballot_id: int
    key: bytes
    voted: bool

    async def __call__(self, session: AsyncSession, accounts: Sequence[str]) -> Sequence[bool]:
        """By their pseudonyms: nothing of who voted is kept but that somebody hears."""
        voters = [pseudonym(self.key, "line", account) for account in accounts]
        voted = await voted_among(session, self.ballot_id, voters)
        return [(voter in voted) is self.voted for voter in voters]
