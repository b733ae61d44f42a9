"""What a message to many people costs, and how it is fixed: frozen first, then written in one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.outbox.about import About
from civic.outbox.campaigns import FrozenChunk, end_campaign, plan_campaign, resume_campaign
from civic.outbox.queries import find_campaign, letters_of, people_by_language, people_by_state, people_waiting
from civic.outbox.rules import after_night, is_night
from civic.outbox.scheduling import cancel_scheduled
from civic.outbox.tables import Campaign
from civic.residents.reach import count_friends
from webhooks.line.audiences import Audience
from webhooks.line.client import Quota
from webhooks.line.deadlines import require_in_time
from webhooks.line.freezing import Letters, count_meant, freeze
from webhooks.line.messages import Message, with_opt_out

Letter = Callable[[str], Sequence[Message]]
"""The messages of a broadcast in a language."""


@dataclass(frozen=True)
class Plan:
    """Who will hear, by language, one message a person, and what the month still allows.

    ``left_out`` counts, before planning, the friends who will not: they ``stopped`` all messages, ``opted_out`` of
    this kind, or are ``not_meant`` by it. ``state`` is that of the campaign (running, stopped, done), ``states``
    counts its people by state of delivery, both empty before planning; ``reserved`` messages are planned by others
    and not yet sent. ``at_night``: sent now, it would ring at night.
    """

    languages: Mapping[str, int]
    quota: Quota | None
    left_out: Mapping[str, int] = field(default_factory=dict)
    reserved: int = 0
    at_night: bool = False
    state: str = ""
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def recipients(self) -> int:
        """How many will hear."""
        return sum(self.languages.values())

    @property
    def messages(self) -> int:
        """How many messages it costs: LINE counts people."""
        return self.recipients

    @property
    def left(self) -> int | None:
        """How many messages the month still allows; None without a limit, or when LINE did not say."""
        if self.quota is None or self.quota.limit is None:
            return None
        return max(self.quota.limit - self.quota.used - self.reserved, 0)

    @property
    def trouble(self) -> Conflict | None:
        """Why it does not fit into the month; None when it does, or was planned before."""
        if self.state or self.left is None or self.messages <= self.left:
            return None
        return _too_small(self)


@dataclass(frozen=True)
class Broadcast(ABC):
    """A message about a ballot to friends who follow, planned once for each subject.

    A kind of message says what it is about, what it says and who is meant; the rest is the same for all.
    """

    context: Context
    quota: Quota | None
    about: About

    kind: ClassVar[str]
    verb: ClassVar[str]

    @cached_property
    def now(self) -> datetime:
        """The instant that it speaks of, the same in the draft and in the plan."""
        return self.context.clock()

    @abstractmethod
    async def letter(self, session: AsyncSession) -> Letter:
        """What it says. Conflict while there is nothing to tell."""

    async def subject(self, session: AsyncSession) -> str:
        """What it is about, so that nobody is told the same twice."""
        return self.about.ballot

    async def audience(self, session: AsyncSession) -> Audience | None:
        """Who is meant of those that want this kind of message; None for all of them."""
        return None

    async def preview(self, session: AsyncSession) -> Plan:
        """What planning would do now, or how far it is. Conflict when there is nothing to tell."""
        already = await self.campaign(session)
        if already is not None:
            return await self.progress(session, already)
        await self.letter(session)
        languages, left_out = await self._count(session)
        return replace(await self._plan(session, languages), left_out=left_out)

    async def letters(self, session: AsyncSession) -> Letters:
        """The very bytes that planning would keep now for a language. Conflict when there is nothing to tell."""
        letter = await self.letter(session)
        return lambda language: orjson.dumps(with_opt_out(letter(language), self.kind, language))

    async def draft(self, session: AsyncSession) -> Draft:
        """Find and freeze the recipients, outside a write transaction. Conflict when there is nothing to tell."""
        already = await self.campaign(session)
        if already is not None:
            return Draft(self, await self.progress(session, already), {}, ())
        audience, letters = await self.audience(session), await self.letters(session)
        frozen = await freeze(session, self.context.vault, self.kind, audience, letters)
        return Draft(self, await self._plan(session, frozen.by_language), frozen.letter_of, frozen.chunks)

    async def letter_going_out(self, session: AsyncSession, language: str) -> bytes:
        """What people get in a language: as it was planned; before that, and after it is done, as it would be now.

        Conflict when there is nothing to tell.
        """
        planned = await self.campaign(session)
        kept = await letters_of(session, [planned.id]) if planned is not None else {}
        stored = kept.get((planned.id, language)) if planned is not None else None
        return stored if stored is not None else (await self.letters(session))(language)

    async def campaign(self, session: AsyncSession) -> Campaign | None:
        """The campaign, once it was planned."""
        return await find_campaign(session, self.kind, await self.subject(session))

    async def give_up(self, session: AsyncSession, actor: str, now: datetime) -> None:
        """Write to nobody any more of those whom a used-up month has kept from hearing. It cannot be undone.

        Conflict unless the delivery is stopped.
        """
        campaign = await self.campaign(session)
        if campaign is None or campaign.state != "stopped":
            raise Conflict(
                "delivery_not_stopped", "止まっている送信はありません。このページで今のようすを確かめてください。"
            )
        before = await people_by_state(session, campaign.id)
        await end_campaign(session, campaign.id, "given_up")
        people = before.get("quota", 0)
        record(session, actor, "message.given_up", campaign.subject, now, kind=self.kind, people=people)

    async def _count(self, session: AsyncSession) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Who would hear by language, and who would not by reason."""
        friends = await count_friends(session, self.kind)
        audience = await self.audience(session)
        if audience is None:
            meant = friends.wanting
        else:
            meant = await count_meant(session, self.context.vault, self.kind, audience)
        others = sum(friends.wanting.values()) - sum(meant.values())
        return meant, {"stopped": friends.stopped, "opted_out": friends.opted_out, "not_meant": others}

    async def _plan(self, session: AsyncSession, languages: Mapping[str, int]) -> Plan:
        at_night = is_night(self.context.clock())
        return Plan(languages, self.quota, reserved=await people_waiting(session), at_night=at_night)

    async def progress(self, session: AsyncSession, campaign: Campaign) -> Plan:
        """How far a campaign is."""
        await session.refresh(campaign)
        languages = await people_by_language(session, campaign.id)
        states = await people_by_state(session, campaign.id)
        return Plan(languages, self.quota, state=campaign.state, states=states)


@dataclass(frozen=True)
class Draft:
    """Everything of a campaign but its retry keys: what it says in each language, and who hears it."""

    broadcast: Broadcast
    costs: Plan
    letters: Mapping[str, bytes]
    chunks: Sequence[FrozenChunk]

    async def plan(
        self, session: AsyncSession, actor: str, now: datetime, *, anyway: bool = False, scheduled: bool = False
    ) -> Plan:
        """Write it down; the worker sends. A second call plans nothing, but lets a stopped send go on.

        Conflict when it does not fit into the month, unless the planner sends it ``anyway``, when what it says has
        changed since it was drafted, and when it would tell what is over. What is ``scheduled`` waits until the
        night is over. With nobody to send to nothing is planned, so that it can be tried again.
        """
        already = await self.broadcast.campaign(session)
        if already is not None:
            return await self._go_on(session, already, now)
        plan = replace(self.costs, reserved=await people_waiting(session))
        trouble = plan.trouble
        if trouble is not None and not anyway:
            raise trouble
        if plan.recipients:
            not_before = after_night(now) if scheduled else now
            await self._require_true(session, not_before)
            subject = await self._write(session, actor, now, not_before)
            against = {"anyway": True} if trouble is not None else {}
            record(session, actor, self.broadcast.verb, subject, now, recipients=plan.recipients, **against)
        return plan

    async def _go_on(self, session: AsyncSession, already: Campaign, now: datetime) -> Plan:
        """Let a stopped send go on, unless what it says is over meanwhile: then Conflict."""
        if already.state == "stopped":
            await self.broadcast.letter(session)
            await resume_campaign(session, already.id, now)
        return await self.broadcast.progress(session, already)

    async def _write(self, session: AsyncSession, actor: str, now: datetime, not_before: datetime) -> str:
        campaign = Campaign(
            kind=self.broadcast.kind,
            subject=await self.broadcast.subject(session),
            planned_at=now,
            planned_by=actor,
            recipients=self.costs.recipients,
        )
        await plan_campaign(session, campaign, self.letters, self.chunks, not_before)
        await cancel_scheduled(session, self.broadcast.about)
        return campaign.subject

    async def _require_true(self, session: AsyncSession, at: datetime) -> None:
        """That what it says is still so, and will be when it goes out."""
        about = self.broadcast.about
        require_in_time(about.kind, await ballot_by_slug(session, about.ballot), at)
        letters = await self.broadcast.letters(session)
        if any(letters(language) != messages for language, messages in self.letters.items()):
            raise Conflict(
                "message_changed_meanwhile",
                "送る準備のあいだに、お知らせの中身が変わりました。内容を確かめてから、もう一度送ってください。",
            )


def _too_small(plan: Plan) -> Conflict:
    assert plan.quota is not None
    return Conflict(
        "quota_too_small",
        "{recipients} 人に送ると、今月の上限 {limit} 通を超えます（使用済み {used} 通、送信待ち {reserved} 通）。"
        "プランを上げるか、来月に送ってください。",
        recipients=plan.recipients,
        limit=plan.quota.limit,
        used=plan.quota.used,
        reserved=plan.reserved,
    )
