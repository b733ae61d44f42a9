"""Answers about results."""

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_in_state
from civic.ballots.tables import Ballot
from civic.tallies.queries import waits_for_lot
from webhooks.line import messages
from webhooks.line.answers.desk import Desk, as_json
from webhooks.line.messages import EndedView, wording


async def show_results(desk: Desk, session: AsyncSession, lang: str) -> bytes:
    """けっか: the ballots that have ended, the latest first."""
    ended = await ballots_in_state(session, "closed", "sealed", "decided")
    return as_json(messages.result_list([await _view(desk, session, ballot, lang) for ballot in ended], lang))


async def _view(desk: Desk, session: AsyncSession, ballot: Ballot, lang: str) -> EndedView:
    title = wording.brief(ballot.title, lang, ballot.slug)
    url = f"{desk.base_url}/b/{ballot.slug}/results"
    return EndedView(title, url, ballot.state != "closed", await waits_for_lot(session, ballot))
