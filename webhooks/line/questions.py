"""An opened ballot as the chat needs it: its law, its terms for the fold, and what its cards show."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import (
    Law,
    Standing,
    ballot_by_slug,
    ballots_in_state,
    law_of,
    pinned_versions,
    standing_of,
)
from civic.ballots.tables import Ballot
from civic.drawings.queries import picture_count, pictures_of_versions
from civic.drawings.tables import Picture
from civic.proposals.queries import placements_of
from civic.sites.tables import Site
from civic.votes.queries import terms_of
from civic.votes.rules import Terms
from civic.web.pictures import PUBLIC_FILES
from webhooks.line.messages.views import BallotView, CardView

Version = tuple[str, int, int]
"""Manifest, number of notices, number of pictures: changes whenever what the cards of a ballot show may have."""


@dataclass(frozen=True)
class Question:
    """One ballot that has opened."""

    law: Law
    terms: Terms
    view: BallotView
    version: Version


class Questions:
    """Opened ballots by version: what their cards show is read once, and again when a notice or a picture came."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._views: dict[str, tuple[Version, BallotView]] = {}
        self._current: dict[str, tuple[tuple[Standing | None, int], Question]] = {}

    async def current(self, session: AsyncSession, slug: str) -> Question:
        """A ballot that has opened, as it stands now; only read anew when a change of it shows."""
        standing = await standing_of(session, slug), await picture_count(session)
        known, question = self._current.get(slug, (None, None))
        if question is None or known != standing:
            question = await self.load(session, await ballot_by_slug(session, slug))
            self._current[slug] = standing, question
        return question

    async def load(self, session: AsyncSession, ballot: Ballot) -> Question:
        """A ballot that has opened. Conflict before."""
        law = await law_of(session, ballot)
        version = law.sha256, len(law.notices), await picture_count(session)
        return Question(law, terms_of(law), await self._view(session, law, version), version)

    async def open_now(self, session: AsyncSession) -> Sequence[Question]:
        """The ballots that are open now, the latest opening first."""
        return [await self.load(session, ballot) for ballot in await ballots_in_state(session, "open")]

    async def _view(self, session: AsyncSession, law: Law, version: Version) -> BallotView:
        known, view = self._views.get(law.slug, (None, None))
        if view is None or known != version:
            view = await _view(session, law, self._base_url)
            self._views[law.slug] = version, view
        return view


async def _view(session: AsyncSession, law: Law, base_url: str) -> BallotView:
    versions = await pinned_versions(session, law.ballot_id)
    pictures = await pictures_of_versions(session, [version for _, version in versions])
    cards = []
    for proposal, version in versions:
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
                picture_url=address_of_first(pictures.get(version.id or 0, ()), base_url),
                for_whom=tuple(version.content["for_whom"]),
            )
        )
    return BallotView(
        slug=law.slug,
        title=law.document["title"],
        closes_at=law.closes_at,
        max_approvals=law.document["max_approvals"],
        cards=tuple(card for card in cards if card.proposal not in law.withdrawn),
        url=f"{base_url}/b/{law.slug}",
        withdrawn=tuple(card for card in cards if card.proposal in law.withdrawn),
    )


def address_of_first(pictures: Sequence[tuple[Picture, Site]], base_url: str) -> str | None:
    """The card's picture, 4:3; None while it is being drawn."""
    return f"{base_url}{PUBLIC_FILES}/pictures/{pictures[0][0].wide}.jpg" if pictures else None
