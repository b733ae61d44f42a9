"""The kinds of messages to many people: what each says, and who is meant."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballot_by_slug, pinned_versions
from civic.ballots.rules import require_open
from civic.ballots.tables import Ballot
from civic.drawings.queries import pictures_of_versions
from civic.installations.queries import installation_of, steps_of
from civic.installations.rules import IN_USE, told_as
from civic.installations.tables import Installation
from civic.kernel.errors import Conflict
from civic.outbox.about import ANNOUNCEMENT, EVALUATION, INSTALLATION, LAST_CHANCE, RESULT
from civic.programmes.queries import sites_of
from civic.tallies.queries import decision_of, published_tally
from webhooks.line.audiences import Audience, Voters
from webhooks.line.messages import (
    ballot_announcement,
    evaluation_request,
    installation_notice,
    last_chance_notice,
    result_notice,
)
from webhooks.line.messages.views import CardView, InstallationView, ResultView
from webhooks.line.planning import Broadcast, Letter
from webhooks.line.questions import Question, Questions, address_of_first


@dataclass(frozen=True)
class Announcement(Broadcast):
    """An open ballot is announced."""

    kind = ANNOUNCEMENT
    verb = "ballot.announced"

    async def letter(self, session: AsyncSession) -> Letter:
        """A short card that leads to the ballot. Conflict unless it is open."""
        ballot = await ballot_by_slug(session, self.about.ballot)
        require_open(self.about.ballot, ballot.state)
        question = await Questions(self.context.settings.base_url).load(session, ballot)
        return lambda lang: ballot_announcement(question.view, lang)


@dataclass(frozen=True)
class LastChance(Broadcast):
    """Those without a vote are told once how long an open ballot still takes one."""

    kind = LAST_CHANCE
    verb = "ballot.last_chance_announced"

    async def audience(self, session: AsyncSession) -> Audience:
        """Those who have not voted."""
        return await _voters(self, session, voted=False)

    async def letter(self, session: AsyncSession) -> Letter:
        """How long is left. Conflict unless the ballot is open."""
        ballot = await ballot_by_slug(session, self.about.ballot)
        require_open(self.about.ballot, ballot.state)
        question = await Questions(self.context.settings.base_url).load(session, ballot)
        return lambda lang: last_chance_notice(question.view, lang, self.now)


@dataclass(frozen=True)
class ResultNotice(Broadcast):
    """What was decided is told to those who voted, with the reason."""

    kind = RESULT
    verb = "ballot.result_announced"

    async def audience(self, session: AsyncSession) -> Audience:
        """Those who have a vote."""
        return await _voters(self, session, voted=True)

    async def letter(self, session: AsyncSession) -> Letter:
        """The decided proposals. Conflict before the decision."""
        ballot = await ballot_by_slug(session, self.about.ballot)
        tally = await published_tally(session, self.about.ballot)
        decision = await decision_of(session, ballot.id or 0)
        if tally is None or decision is None:
            raise Conflict(
                "ballot_not_decided",
                "投票「{ballot}」の決定は、まだ記録されていません。決定を記録してから送ってください。",
                ballot=self.about.ballot,
            )
        question = await Questions(self.context.settings.base_url).load(session, ballot)
        cards = await _standing_at(session, ballot, question, self.context.settings.base_url)
        view = ResultView(
            ballot=question.view,
            url=f"{self.context.settings.base_url}/b/{self.about.ballot}/results",
            winners=tuple(cards(place["proposal"], place["site"]) for place in decision.selected),
            voters=tally.report["voters"],
            reason=decision.reason,
        )
        return lambda lang: result_notice(view, lang)


@dataclass(frozen=True)
class InstallationNotice(Broadcast):
    """How far an installation has come is told, once a status."""

    kind = INSTALLATION
    verb = "installation.announced"

    async def subject(self, session: AsyncSession) -> str:
        """The installation and its present status."""
        found = await _installation(self, session)
        return told_as(self.about.installation, found.status)

    async def letter(self, session: AsyncSession) -> Letter:
        """The picture, where it stands, and what was noted last. NotFound without the installation."""
        view = await _installation_view(self, session)
        return lambda lang: installation_notice(view, lang)


@dataclass(frozen=True)
class EvaluationRequest(Broadcast):
    """Once something stands there, people are asked once how it is."""

    kind = EVALUATION
    verb = "installation.evaluation_asked"

    async def subject(self, session: AsyncSession) -> str:
        """The installation."""
        return str((await _installation(self, session)).id)

    async def letter(self, session: AsyncSession) -> Letter:
        """What stands there. Conflict before it does, NotFound without the installation."""
        view = await _installation_view(self, session)
        if view.status not in IN_USE:
            raise Conflict(
                "installation_not_there",
                "まだ設置されていないので、感想は聞けません。設置を記録してから送ってください。",
            )
        return lambda lang: evaluation_request(view, lang)


async def _voters(broadcast: Broadcast, session: AsyncSession, *, voted: bool) -> Voters:
    ballot = await ballot_by_slug(session, broadcast.about.ballot)
    return Voters(ballot.id or 0, broadcast.context.keys.get(ballot.slug), voted)


async def _installation(broadcast: Broadcast, session: AsyncSession) -> Installation:
    ballot = await ballot_by_slug(session, broadcast.about.ballot)
    return await installation_of(session, ballot.id or 0, broadcast.about.installation)


async def _installation_view(broadcast: Broadcast, session: AsyncSession) -> InstallationView:
    ballot = await ballot_by_slug(session, broadcast.about.ballot)
    found = await _installation(broadcast, session)
    *_, step = await steps_of(session, broadcast.about.installation)
    base_url = broadcast.context.settings.base_url
    question = await Questions(base_url).load(session, ballot)
    cards = await _standing_at(session, ballot, question, base_url)
    return InstallationView(
        card=cards(found.proposal, found.site),
        status=found.status,
        note=step.note,
        url=f"{base_url}/b/{broadcast.about.ballot}/results",
    )


async def _standing_at(
    session: AsyncSession, ballot: Ballot, question: Question, base_url: str
) -> Callable[[str, str], CardView]:
    """How to get a proposal's card with the site where it will stand, and a picture of it there."""
    cards = {card.proposal: card for card in question.view.cards}
    titles = {site.slug: site.title for site in await sites_of(session, ballot.programme_id)}
    pinned = await pinned_versions(session, question.law.ballot_id)
    pictures = await pictures_of_versions(session, [version for _, version in pinned])
    numbers = {proposal.slug: version.id or 0 for proposal, version in pinned}

    def card(proposal: str, site: str) -> CardView:
        there = [picture for picture in pictures.get(numbers[proposal], ()) if picture[1].slug == site]
        return replace(cards[proposal], place=titles.get(site, {}), picture_url=address_of_first(there, base_url))

    return card
