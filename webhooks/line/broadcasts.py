"""Messages to every friend who follows: planned once, in chunks with fixed bytes and retry keys."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug, pinned_versions
from civic.ballots.rules import require_open
from civic.ballots.tables import Ballot
from civic.drawings.queries import pictures_of_versions
from civic.installations.queries import installation_of, steps_of
from civic.installations.rules import told_as
from civic.installations.tables import Installation
from civic.kernel.canonical import sha256_hex
from civic.kernel.errors import Conflict
from civic.kernel.security import Vault
from civic.outbox.about import ANNOUNCEMENT, INSTALLATION, RESULT
from civic.outbox.actions import PlannedChunk, plan_campaign, resume_chunks
from civic.outbox.queries import find_campaign, people_by_state
from civic.outbox.tables import Campaign
from civic.programmes.queries import sites_of
from civic.residents.queries import accounts_of, followers
from civic.residents.tables import Resident
from civic.tallies.queries import decision_of, published_tally
from webhooks.line.client import Quota, multicast_body
from webhooks.line.messages import Message, ballot_announcement, installation_notice, result_notice
from webhooks.line.messages.views import CardView, InstallationView, ResultView
from webhooks.line.questions import Question, Questions, address_of_first

CHUNK = 500

Letter = Callable[[str], Sequence[Message]]
"""The messages of a broadcast in a language."""


@dataclass(frozen=True)
class Plan:
    """Who will hear, one message a person; ``states`` counts the people by state once it was planned before."""

    recipients: int
    messages: int
    states: Mapping[str, int]


@dataclass(frozen=True)
class Broadcast(ABC):
    """A message about a ballot to every friend who follows, planned once for each subject."""

    slug: str
    vault: Vault
    base_url: str
    quota: Quota | None

    kind: ClassVar[str]
    verb: ClassVar[str]

    @abstractmethod
    async def letter(self, session: AsyncSession) -> Letter:
        """What it says. Conflict while there is nothing to tell."""

    async def subject(self, session: AsyncSession) -> str:
        """What it is about, so that nobody is told the same twice."""
        return self.slug

    async def preview(self, session: AsyncSession) -> Plan:
        """What planning would do now, or has done. Conflict when nothing is to tell or the quota too small."""
        already = await find_campaign(session, self.kind, await self.subject(session))
        if already is not None:
            return await _planned(session, already)
        return self._fitting(await self._chunks(session))

    async def plan(self, session: AsyncSession, actor: str, now: datetime) -> Plan:
        """Fix recipients, bytes and retry keys. A second call plans nothing, but lets a stopped send go on.

        With nobody to send to nothing is planned either, so that it can be tried again.
        """
        subject = await self.subject(session)
        already = await find_campaign(session, self.kind, subject)
        if already is not None:
            await resume_chunks(session, already.id, now)
            return await _planned(session, already)
        chunks = await self._chunks(session)
        plan = self._fitting(chunks)
        if plan.recipients:
            await plan_campaign(session, self.kind, subject, chunks, now)
            record(session, actor, self.verb, subject, now, recipients=plan.recipients)
        return plan

    def _fitting(self, chunks: Sequence[PlannedChunk]) -> Plan:
        recipients = sum(len(chunk.residents) for chunk in chunks)
        if self.quota is not None and not self.quota.fits(recipients):
            raise Conflict(
                "quota_too_small",
                "{recipients} 人に送ると、今月の上限 {limit} 通を超えます（使用済み {used} 通）。"
                "プランを上げるか、来月に送ってください。",
                recipients=recipients,
                limit=self.quota.limit,
                used=self.quota.used,
            )
        return Plan(recipients, recipients, {})

    async def _chunks(self, session: AsyncSession) -> Sequence[PlannedChunk]:
        """Up to 500 people each, grouped by language."""
        letter = await self.letter(session)
        by_language: dict[str, list[Resident]] = defaultdict(list)
        for resident in await followers(session):
            by_language[resident.language].append(resident)
        chunks = []
        for language, residents in sorted(by_language.items()):
            messages = orjson.dumps(letter(language))
            for start in range(0, len(residents), CHUNK):
                numbers = [resident.id or 0 for resident in residents[start : start + CHUNK]]
                accounts = await accounts_of(session, self.vault, numbers)
                chunks.append(PlannedChunk(numbers, messages, sha256_hex(multicast_body(accounts, messages))))
        return chunks


@dataclass(frozen=True)
class Announcement(Broadcast):
    """An open ballot is announced."""

    kind = ANNOUNCEMENT
    verb = "ballot.announced"

    async def letter(self, session: AsyncSession) -> Letter:
        """A short card that leads to the ballot. Conflict unless it is open."""
        ballot = await ballot_by_slug(session, self.slug)
        require_open(self.slug, ballot.state)
        question = await Questions(self.base_url).load(session, ballot)
        return lambda lang: ballot_announcement(question.view, lang)


@dataclass(frozen=True)
class ResultNotice(Broadcast):
    """What was decided is told, with the reason."""

    kind = RESULT
    verb = "ballot.result_announced"

    async def letter(self, session: AsyncSession) -> Letter:
        """The decided proposals. Conflict before the decision."""
        ballot = await ballot_by_slug(session, self.slug)
        tally = await published_tally(session, self.slug)
        decision = await decision_of(session, ballot.id or 0)
        if tally is None or decision is None:
            raise Conflict(
                "ballot_not_decided",
                "投票「{ballot}」の決定は、まだ記録されていません。決定を記録してから送ってください。",
                ballot=self.slug,
            )
        question = await Questions(self.base_url).load(session, ballot)
        cards = await _standing_at(session, ballot, question, self.base_url)
        view = ResultView(
            ballot=question.view,
            url=f"{self.base_url}/b/{self.slug}/results",
            winners=tuple(cards(place["proposal"], place["site"]) for place in decision.selected),
            voters=tally.report["voters"],
            reason=decision.reason,
        )
        return lambda lang: result_notice(view, lang)


@dataclass(frozen=True)
class InstallationNotice(Broadcast):
    """How far an installation has come is told, once a status."""

    installation: int

    kind = INSTALLATION
    verb = "installation.announced"

    async def subject(self, session: AsyncSession) -> str:
        """The installation and its present status."""
        found = await self._found(session)
        return told_as(self.installation, found.status)

    async def letter(self, session: AsyncSession) -> Letter:
        """The picture, where it stands, and what was noted last. NotFound without the installation."""
        ballot = await ballot_by_slug(session, self.slug)
        found = await self._found(session)
        *_, step = await steps_of(session, self.installation)
        question = await Questions(self.base_url).load(session, ballot)
        cards = await _standing_at(session, ballot, question, self.base_url)
        view = InstallationView(
            card=cards(found.proposal, found.site),
            status=found.status,
            note=step.note,
            url=f"{self.base_url}/b/{self.slug}/results",
        )
        return lambda lang: installation_notice(view, lang)

    async def _found(self, session: AsyncSession) -> Installation:
        ballot = await ballot_by_slug(session, self.slug)
        return await installation_of(session, ballot.id or 0, self.installation)


async def _planned(session: AsyncSession, campaign: Campaign) -> Plan:
    return Plan(campaign.recipients, campaign.recipients, await people_by_state(session, campaign.id))


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
