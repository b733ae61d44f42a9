"""Until when a message to many people is true: what asks people to vote ends with its ballot."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug
from civic.ballots.tables import Ballot
from civic.outbox.about import UNTIL_THE_CLOSE
from civic.outbox.queries import unfinished_campaigns
from civic.outbox.rules import after_the_close

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def require_in_time(kind: str, ballot: Ballot, at: datetime) -> None:
    """Conflict when a message would go out after what it says is over."""
    if kind in UNTIL_THE_CLOSE and at >= _closes_at(ballot):
        raise after_the_close()


async def deadlines(session: AsyncSession) -> Mapping[str, datetime]:
    """Until when campaigns that still go on, or were stopped, may be sent: by id, without those that stay true.

    The close of the ballot as it stands now: who extends it gives the messages more time too.
    """
    return {
        campaign.id: _closes_at(await ballot_by_slug(session, campaign.subject))
        for campaign in await unfinished_campaigns(session, UNTIL_THE_CLOSE)
    }


def _closes_at(ballot: Ballot) -> datetime:
    """The remote past for a ballot that takes no votes any more: closed early, or called off."""
    return ballot.closes_at if ballot.state == "open" else _LONG_AGO
