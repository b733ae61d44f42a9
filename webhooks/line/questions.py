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
        return self.law.sha256, len(self.law.notices)


async def load_question(session: AsyncSession, ballot: Ballot, base_url: str) -> Question:
    """A ballot that has opened. Conflict before."""
    law = await law_of(session, ballot)
    return Question(law=law, terms=terms_of(law), view=await _view(session, law, base_url))


async def open_questions(session: AsyncSession, base_url: str) -> Sequence[Question]:
    """The ballots that are open now, the latest opening first."""
    return [await load_question(session, ballot, base_url) for ballot in await ballots_in_state(session, "open")]


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
