"""An opened ballot as the chat needs it: its law, its terms for the fold, and what its cards show."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, ballots_in_state, law_of, pinned_versions
from civic.ballots.tables import Ballot
from civic.proposals.queries import placements_of
from civic.votes.queries import terms_of
from civic.votes.rules import Terms
from webhooks.line.messages.views import BallotView, CardView


@dataclass(frozen=True)
class Question:
    """One ballot that has opened."""

    law: Law
    terms: Terms
    view: BallotView

    @property
    def version(self) -> tuple[str, int]:
        """Changes whenever what its cards show may have changed."""
        return version_of(self.law)


class Questions:
    """Opened ballots by version: what their cards show is read once and then only when a notice changed it."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._views: dict[str, tuple[tuple[str, int], BallotView]] = {}

    async def load(self, session: AsyncSession, ballot: Ballot) -> Question:
        """A ballot that has opened. Conflict before."""
        law = await law_of(session, ballot)
        return Question(law=law, terms=terms_of(law), view=await self._view(session, law))

    async def open_now(self, session: AsyncSession) -> Sequence[Question]:
        """The ballots that are open now, the latest opening first."""
        return [await self.load(session, ballot) for ballot in await ballots_in_state(session, "open")]

    async def _view(self, session: AsyncSession, law: Law) -> BallotView:
        version, view = self._views.get(law.slug, (None, None))
        if view is None or version != version_of(law):
            view = await _view(session, law, self._base_url)
            self._views[law.slug] = version_of(law), view
        return view


def version_of(law: Law) -> tuple[str, int]:
    """Changes whenever what the cards of a ballot show may have changed."""
    return law.sha256, len(law.notices)


async def _view(session: AsyncSession, law: Law, base_url: str) -> BallotView:
    versions = await pinned_versions(session, law.ballot_id)
    cards = []
    for proposal, version in versions:
        if proposal.slug in law.withdrawn:
            continue
        placements = await placements_of(session, version.id)
        first, site = placements[0]
        width, height, depth = (round(metres * first.scale, 2) for metres in version.facts["bounds_m"])
        cards.append(
            CardView(
                proposal=proposal.slug,
                title=version.content["title"],
                place=site.title,
                size_m=(width, depth, height),
                cost_yen=first.cost_yen,
                url=f"{base_url}/p/{law.document['programme']}/{proposal.slug}",
                picture_url=None,
                for_whom=tuple(version.content["for_whom"]),
            )
        )
    return BallotView(
        slug=law.slug,
        title=law.document["title"],
        closes_at=law.closes_at,
        max_approvals=law.document["max_approvals"],
        cards=tuple(cards),
        url=f"{base_url}/b/{law.slug}",
    )
