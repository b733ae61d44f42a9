"""Read what the page of a proposal shows: pictures, places with their checks, and its way from table to square."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import published_ballots_with, shown_proposal
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, standing_in, steps_of
from civic.installations.tables import InstallationStep
from civic.kernel.i18n import html_lang, localized, translate
from civic.programmes.queries import programme_by_slug
from civic.proposals.queries import placements_of
from civic.proposals.surroundings import SEEN_M, surroundings_in
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.proposals.words import audiences
from civic.public.pages import Audience, JourneyStep, PlaceView, ProposalPage
from civic.public.programmes import ballot_line, named_programme, state_for_residents
from civic.sites.tables import Site
from civic.web import words
from civic.web.pictures import PUBLIC_FILES, PictureView, eyes_of_placements, pictures_of_placements
from civic.web.places import check_line, place_plan
from civic.web.plans import PlanView
from civic.web.sizes import size_view
from civic.web.times import calendar_day, deadline, moment
from civic.workshops.queries import groups_of, workshops_of


async def proposal_page(
    session: AsyncSession, programme: str, slug: str, now: datetime, lang: str
) -> ProposalPage:
    """A proposal that everybody may see. NotFound for every other name."""
    season = await programme_by_slug(session, programme)
    proposal, version = await shown_proposal(session, season.id or 0, slug)
    content: Mapping[str, Any] = version.content
    made = await _making(session, proposal, version, lang)
    ballots = await published_ballots_with(session, proposal.id)
    return ProposalPage(
        programme=named_programme(season, lang),
        title=localized(content["title"], lang),
        summary=localized(content["summary"], lang),
        for_whom=tuple(_for_whom(content["for_whom"], lang)),
        group=made.says,
        licence=content["licence"],
        version=version.number,
        alt=localized(content["alt"], lang),
        model_path=f"{PUBLIC_FILES}/models/{version.model}.glb",
        triangles=version.facts["triangles"],
        places=await _places(session, proposal, version, now, lang),
        ballots=tuple([await ballot_line(session, ballot, now, lang) for ballot in ballots]),
        journey=(made, *await _later_steps(session, proposal, ballots, now, lang)),
    )


def _for_whom(codes: Iterable[str], lang: str) -> Iterable[Audience]:
    words_by_code = audiences(lang)
    return (Audience(code, words_by_code[code]) for code in codes if code in words_by_code)


async def _making(session: AsyncSession, proposal: Proposal, version: ProposalVersion, lang: str) -> JourneyStep:
    """When and by which group it was made; without a group, when it was written down."""
    title = translate(lang, "案が生まれる")
    for workshop in await workshops_of(session, proposal.programme_id):
        for group in await groups_of(session, workshop.id or 0):
            if group.id == proposal.group_id:
                says = f"{localized(workshop.title, lang)} {localized(group.title, lang)}"
                return JourneyStep(title, calendar_day(workshop.day, lang), says, "")
    return JourneyStep(title, moment(version.written_at, lang), "", "")


async def _places(
    session: AsyncSession, proposal: Proposal, version: ProposalVersion, now: datetime, lang: str
) -> tuple[PlaceView, ...]:
    pictures = await pictures_of_placements(session, version, lang)
    eyes = await eyes_of_placements(session, version, lang)
    standing = await standing_in(session, proposal.programme_id)
    placed = await placements_of(session, version.id)
    sites = [site for _, site in placed]
    around = await surroundings_in(session, proposal.programme_id, sites, standing, now, SEEN_M)
    places = []
    for placement, site in placed:
        plan = place_plan(proposal.slug, version, placement, around[site.slug], staff=False)
        number = placement.id or 0
        seen = _Seen(pictures.get(number, ()), eyes.get(number, ()), plan)
        places.append(_place(version, placement, site, seen, lang))
    return tuple(places)


@dataclass(frozen=True)
class _Seen:
    """What is seen of a placement."""

    pictures: Sequence[PictureView]
    eyes: Sequence[PictureView]
    plan: PlanView


def _place(version: ProposalVersion, placement: Placement, site: Site, seen: _Seen, lang: str) -> PlaceView:
    report = placement.checks
    return PlaceView(
        site=localized(site.title, lang),
        level=words.site_level(site.level, lang),
        size=size_view(version.facts["bounds_m"], placement.scale, lang),
        cost=words.yen(placement.cost_yen, lang),
        pictures=tuple(seen.pictures),
        eyes=tuple(seen.eyes),
        scene=f"{PUBLIC_FILES}/scenes/{placement.id}.json" if seen.pictures else "",
        plan=seen.plan,
        checks=tuple(check_line(check, lang) for check in report["checks"]),
        checked=moment(placement.checked_at or version.written_at, lang),
        notice=report[f"notice_{html_lang(lang)}"],
        rules_version=report["rules_version"],
        data_year=report["data_year"],
        inputs_sha256=report["inputs_sha256"],
    )


async def _later_steps(
    session: AsyncSession, proposal: Proposal, ballots: Sequence[Ballot], now: datetime, lang: str
) -> Sequence[JourneyStep]:
    """The ballots with the proposal, each with what was built of it."""
    steps = []
    for ballot in ballots:
        steps.append(_voting(ballot, await state_for_residents(session, ballot, now), lang))
        for installation in await installations_of(session, ballot.id or 0):
            if installation.proposal == proposal.slug:
                steps += [_step(step, lang) for step in await steps_of(session, installation.id or 0)]
    return steps


def _step(step: InstallationStep, lang: str) -> JourneyStep:
    return JourneyStep(words.installation_status(step.status, lang), moment(step.at, lang), step.note, "")


def _voting(ballot: Ballot, state: str, lang: str) -> JourneyStep:
    counted = ballot.state in ("sealed", "decided")
    return JourneyStep(
        title=translate(lang, "投票で選ぶ"),
        when=deadline(ballot.closes_at, lang),
        says=words.ballot_state(state, lang),
        path=f"/b/{ballot.slug}/results" if counted else f"/b/{ballot.slug}",
    )
