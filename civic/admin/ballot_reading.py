"""Read what the staff pages about ballots show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.draws import read_draw
from civic.admin.pages import Trouble
from civic.admin.pages_ballots import (
    AdminBallot,
    Decided,
    InstallationRow,
    Named,
    Option,
    StepLine,
    Tallied,
    Turnout,
)
from civic.admin.trail import actor_in_words
from civic.admin.turnout import turnout_chart
from civic.admin.words import ballot_next, delivery_states, state_words
from civic.ballots.queries import Law, ballot_by_slug, law_of, options_of
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, steps_of
from civic.installations.rules import IN_USE, next_statuses, told_as
from civic.installations.tables import Installation
from civic.kernel.clock import JST
from civic.kernel.i18n import localized, translate
from civic.outbox.about import ANNOUNCEMENT, EVALUATION, INSTALLATION, LAST_CHANCE, RESULT
from civic.outbox.queries import find_campaign, people_by_state
from civic.programmes.queries import programme_by_number, sites_of, stages_of
from civic.proposals.queries import latest_version, placements_of
from civic.staff.queries import names_by_actor
from civic.tallies.methods.suitability import unsuitable
from civic.tallies.methods.types import Option as Candidate
from civic.tallies.queries import decision_of, effective_result, published_tally, waits_for_lot
from civic.votes.queries import terms_of, turnout, turnout_by_hour
from civic.web import words
from civic.web.explanations import unsuitable_in_words
from civic.web.forms import Form
from civic.web.results import Names, places_in_words, result_in_words
from civic.web.times import deadline, moment

DEEDS_OF_STATES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open", "cancel"}),
    "scheduled": frozenset({"open", "cancel"}),
    "open": frozenset({"close", "extend", "withdraw", "cancel", "send"}),
    "closed": frozenset({"cancel"}),
    "sealed": frozenset({"decide"}),
    "decided": frozenset({"install"}),
    "cancelled": frozenset(),
}
"""The forms of each state; what is really allowed the actions decide."""


@dataclass(frozen=True)
class Look:
    """Who looks at a ballot's page: the language, and the time."""

    lang: str
    now: datetime


async def admin_ballot(
    session: AsyncSession, slug: str, look: Look, form: Form, trouble: Trouble | None
) -> AdminBallot:
    """A ballot with everything that staff may do to it. ``form`` is what was typed when that was refused."""
    ballot, lang = await ballot_by_slug(session, slug), look.lang
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    tally = await published_tally(session, slug)
    result = await effective_result(session, tally.ballot_id) if tally else None
    programme = await programme_by_number(session, ballot.programme_id)
    names = await names_of(session, ballot, law)
    draw = await read_draw(session, ballot, law, tally, names, lang, form) if law and tally else None
    ends = await _stage_ends(session, ballot)
    path = f"/admin/ballots/{slug}"
    tied = await waits_for_lot(session, ballot)
    return AdminBallot(
        programme=Named(localized(programme.title, lang), f"/admin/programmes/{programme.slug}"),
        slug=slug,
        title=localized(ballot.title, lang),
        path=path,
        public_path="" if ballot.state == "draft" else f"/b/{slug}",
        state=ballot.state,
        state_words=state_words(ballot, look.now, lang, waits_for_lot=tied),
        opens=moment(ballot.opens_at, lang),
        closes=deadline(ballot.closes_at, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        next=ballot_next(ballot, look.now, lang, counted=tally is not None, waits_for_lot=tied),
        outside_stage=_outside_stage(ballot, ends, lang),
        unsuitable=await _unsuitable(session, ballot, lang) if law is None else (),
        may=deeds_of(ballot, look.now),
        turnout=await read_turnout(session, ballot, look),
        send_path=f"{path}/send/{ANNOUNCEMENT}",
        told=await _told(session, ANNOUNCEMENT, slug, lang),
        last_chance_path=f"{path}/send/{LAST_CHANCE}" if ballot.state == "open" else "",
        closes_local=ballot.closes_at.astimezone(JST).strftime("%Y-%m-%dT%H:%M"),
        stage_ends=deadline(ends, lang) if ends else "",
        options=tickable(law, _won(result), names, lang),
        withdrawable=tickable(law, {form.one("proposal")}, names, lang),
        tallied=await _tallied(session, law, tally.computed_at, result, names, lang)
        if law and tally and result
        else None,
        draw=draw,
        decided=await _decided(session, ballot, names, lang) if tally else None,
        installations=await _installations(session, ballot, names, lang),
        trouble=trouble,
        typed={name: form.one(name) for name in ("closes_at", "reason", "note", "status", "installation")},
    )


def deeds_of(ballot: Ballot, now: datetime) -> frozenset[str]:
    """What the page offers: not to open a ballot whose end is past."""
    allowed = DEEDS_OF_STATES[ballot.state]
    return allowed - {"open"} if ballot.closes_at <= now else allowed


async def read_turnout(session: AsyncSession, ballot: Ballot, look: Look) -> Turnout | None:
    """Who took part, hour by hour; None before the opening."""
    if ballot.manifest is None:
        return None
    law = await law_of(session, ballot)
    terms, lang = terms_of(law), look.lang
    by_hour = await turnout_by_hour(session, law.ballot_id, terms)
    counted = await published_tally(session, ballot.slug) is not None
    return Turnout(
        state="counted" if counted else ballot.state,
        live=ballot.state in {"open", "closed", "sealed"} and not counted,
        path=f"/admin/ballots/{ballot.slug}/turnout",
        people=sum(by_hour.values()),
        chart=turnout_chart(by_hour, law.opens_at, min(look.now, law.closes_at), lang),
        read=moment(look.now, lang),
    )


async def people_so_far(session: AsyncSession, ballot: Ballot) -> int | None:
    """How many people took part; None before the opening."""
    if ballot.manifest is None:
        return None
    law = await law_of(session, ballot)
    return await turnout(session, law.ballot_id, terms_of(law))


async def names_of(session: AsyncSession, ballot: Ballot, law: Law | None) -> Names:
    """What the options (as frozen) and the sites of a ballot are called."""
    titles = {option["proposal"]: option["title"] for option in law.document["options"]} if law else {}
    return Names(titles, {site.slug: site.title for site in await sites_of(session, ballot.programme_id)})


async def _stage_ends(session: AsyncSession, ballot: Ballot) -> datetime | None:
    """The end of the stage that the ballot opened in."""
    stages = [stage for stage in await stages_of(session, ballot.programme_id) if stage.kind == "ballot"]
    around = [stage.closes_at for stage in stages if stage.opens_at <= ballot.opens_at < stage.closes_at]
    return max(around, default=None)


def _outside_stage(ballot: Ballot, ends: datetime | None, lang: str) -> str:
    if ends is None or ballot.closes_at <= ends:
        return ""
    return translate(
        lang,
        "締め切りが、事業の段階「投票の期間」の終わり（{ends}）よりあとです。"
        "投票はこの締め切りまで数えます。事業の日程も直してください。",
        ends=deadline(ends, lang),
    )


async def _unsuitable(session: AsyncSession, ballot: Ballot, lang: str) -> tuple[str, ...]:
    """What speaks against the method that a ballot has before it opens."""
    options = [
        Candidate(proposal.slug, site.slug, placement.cost_yen)
        for _, proposal in await options_of(session, ballot.id or 0)
        for placement, site in await placements_of(session, (await latest_version(session, proposal.id)).id)
    ]
    codes = unsuitable(
        ballot.method, max_approvals=ballot.max_approvals, options=options, budget_yen=ballot.budget_yen
    )
    return tuple(unsuitable_in_words(code, lang) for code in codes)


async def _told(session: AsyncSession, kind: str, subject: str, lang: str) -> str:
    """How far a message to all friends is, in a sentence; empty while there is none."""
    campaign = await find_campaign(session, kind, subject)
    if campaign is None:
        return ""
    return translate(lang, "／").join(delivery_states(await people_by_state(session, campaign.id), lang))


def _won(result: Mapping[str, Any] | None) -> set[str]:
    return {place["proposal"] for place in result["selected"]} if result else set()


def tickable(law: Law | None, chosen: Collection[str], names: Names, lang: str) -> tuple[Option, ...]:
    """The proposals that stand on a ballot, some of them ticked; none before the opening."""
    standing = [slug for slug in law.options if slug not in law.withdrawn] if law else []
    return tuple(Option(slug, names.proposal(slug, lang), slug in chosen) for slug in standing)


async def _tallied(
    session: AsyncSession, law: Law, computed_at: datetime, report: Mapping[str, Any], names: Names, lang: str
) -> Tallied:
    result = result_in_words(report, names, lang)
    took_part = await turnout(session, law.ballot_id, terms_of(law))
    return Tallied(result, moment(computed_at, lang), participation_words(took_part, result.voters, lang))


def participation_words(took_part: int, voted: int, lang: str) -> str:
    """How many took part and how many of them voted."""
    if took_part == 0:
        return translate(lang, "参加した人はいませんでした。")
    people = {"took_part": f"{took_part:,}", "voted": f"{voted:,}", "rest": f"{took_part - voted:,}"}
    if took_part == voted:
        return translate(lang, "参加した {took_part}人の全員が投票しました。", **people)
    return translate(
        lang,
        "参加した {took_part}人のうち、投票した人は {voted}人です。のこりの {rest}人は、"
        "選んだ案をすべて取り消したか、数えられる操作がなかった人です。「どれも選ばない」も投票した人に入ります。",
        **people,
    )


async def _decided(session: AsyncSession, ballot: Ballot, names: Names, lang: str) -> Decided | None:
    decision = await decision_of(session, ballot.id or 0)
    if decision is None:
        return None
    return Decided(
        at=moment(decision.decided_at, lang),
        actor=actor_in_words(decision.actor, await names_by_actor(session), lang),
        places=places_in_words(decision.selected, names, lang),
        reason=decision.reason,
        differs=decision.differs,
        send_path=f"/admin/ballots/{ballot.slug}/send/{RESULT}",
        told=await _told(session, RESULT, ballot.slug, lang),
    )


async def _installations(
    session: AsyncSession, ballot: Ballot, names: Names, lang: str
) -> tuple[InstallationRow, ...]:
    found = await installations_of(session, ballot.id or 0)
    return tuple([await _installation(session, ballot, installation, names, lang) for installation in found])


async def _installation(
    session: AsyncSession, ballot: Ballot, installation: Installation, names: Names, lang: str
) -> InstallationRow:
    number = installation.id or 0
    sends = f"/admin/ballots/{ballot.slug}/send"
    return InstallationRow(
        number=number,
        title=names.proposal(installation.proposal, lang),
        site=names.site(installation.site, lang),
        status=installation.status,
        status_words=words.installation_status(installation.status, lang),
        statuses=tuple(
            (status, words.installation_status(status, lang)) for status in next_statuses(installation.status)
        ),
        steps=tuple(
            StepLine(moment(step.at, lang), words.installation_status(step.status, lang), step.note)
            for step in await steps_of(session, number)
        ),
        send_path=f"{sends}/{INSTALLATION}-{number}",
        told=await _told(session, INSTALLATION, told_as(number, installation.status), lang),
        ask_path=f"{sends}/{EVALUATION}-{number}" if installation.status in IN_USE else "",
    )
