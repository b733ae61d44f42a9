"""Read what the pages about programmes and proposals show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import (
    ballots_in_state,
    published_ballots_of,
    published_ballots_with,
    shown_proposal,
    shown_proposals,
)
from civic.ballots.tables import Ballot
from civic.kernel.i18n import localized, translate
from civic.programmes.queries import all_programmes, programme_by_slug, sites_of, stages_of
from civic.programmes.tables import Programme, Stage
from civic.proposals.queries import placements_of, places_of_versions
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.proposals.words import people
from civic.public.pages import (
    BallotLine,
    CheckLine,
    HomePage,
    Named,
    PlaceView,
    ProgrammePage,
    ProposalCard,
    ProposalPage,
    SiteLine,
    StageLine,
)
from civic.sites.tables import Site
from civic.web import words
from civic.web.times import deadline, moment
from civic.workshops.queries import groups_of, workshops_of


async def home_page(session: AsyncSession, lang: str) -> HomePage:
    """Everything there is, by name."""
    return HomePage(
        open_ballots=ballot_lines(await ballots_in_state(session, "open"), lang),
        programmes=tuple(named_programme(programme, lang) for programme in await all_programmes(session)),
    )


async def programme_page(session: AsyncSession, slug: str, now: datetime, lang: str) -> ProgrammePage:
    """A programme. NotFound without one."""
    programme = await programme_by_slug(session, slug)
    number = programme.id or 0
    return ProgrammePage(
        title=localized(programme.title, lang),
        stages=tuple(_stage(stage, now, lang) for stage in await stages_of(session, number)),
        sites=tuple(_site(site, lang) for site in await sites_of(session, number)),
        proposals=tuple((await proposal_cards(session, programme, lang)).values()),
        ballots=ballot_lines(await published_ballots_of(session, number), lang),
    )


async def proposal_page(session: AsyncSession, programme: str, slug: str, lang: str) -> ProposalPage:
    """A proposal that everybody may see. NotFound for every other name."""
    season = await programme_by_slug(session, programme)
    proposal, version = await shown_proposal(session, season.id or 0, slug)
    content: Mapping[str, Any] = version.content
    return ProposalPage(
        programme=named_programme(season, lang),
        title=localized(content["title"], lang),
        summary=localized(content["summary"], lang),
        for_whom=people(content["for_whom"], lang),
        group=await _group(session, proposal, lang),
        licence=content["licence"],
        version=version.number,
        alt=localized(content["alt"], lang),
        model_path=f"/files/models/{version.model}.glb",
        triangles=version.facts["triangles"],
        places=tuple(
            _place(version, placement, site, lang) for placement, site in await placements_of(session, version.id)
        ),
        ballots=ballot_lines(await published_ballots_with(session, proposal.id), lang),
    )


async def proposal_cards(session: AsyncSession, programme: Programme, lang: str) -> Mapping[str, ProposalCard]:
    """The proposals of a programme that everybody may see, by slug."""
    shown = await shown_proposals(session, programme.id or 0)
    places = await places_of_versions(session, [version for _, version in shown])
    return {
        proposal.slug: _card(programme, proposal, version, places.get(version.id or 0, ()), lang)
        for proposal, version in shown
    }


def named_programme(programme: Programme, lang: str) -> Named:
    """A programme by title and path."""
    return Named(localized(programme.title, lang), f"/p/{programme.slug}")


def ballot_lines(ballots: Iterable[Ballot], lang: str) -> tuple[BallotLine, ...]:
    """Ballots in a list."""
    return tuple(
        BallotLine(
            title=localized(ballot.title, lang),
            path=f"/b/{ballot.slug}",
            state=ballot.state,
            state_words=words.ballot_state(ballot.state, lang),
            opens=moment(ballot.opens_at, lang),
            closes=deadline(ballot.closes_at, lang),
        )
        for ballot in ballots
    )


def _stage(stage: Stage, now: datetime, lang: str) -> StageLine:
    phase = "coming" if now < stage.opens_at else "present" if now < stage.closes_at else "past"
    opens, closes = moment(stage.opens_at, lang), deadline(stage.closes_at, lang)
    return StageLine(words.stage_kind(stage.kind, lang), opens, closes, phase)


def _site(site: Site, lang: str) -> SiteLine:
    return SiteLine(
        title=localized(site.title, lang),
        level=words.site_level(site.level, lang),
        land_type=words.land_type(site.land_type, lang),
        manager=site.manager or "",
        limits=tuple(_limits(site.rules, lang)),
    )


def _limits(rules: Mapping[str, Any], lang: str) -> Iterable[str]:
    sentences = {
        "max_height_m": translate(lang, "高さ {n} m まで"),
        "max_footprint_m2": translate(lang, "広さ {n} m² まで"),
        "min_clear_width_m": translate(lang, "通れるはば {n} m 以上を残す"),
        "max_load_kn_m2": translate(lang, "重さ 1 m² あたり {n} kN まで"),
        "max_days": translate(lang, "{n} 日まで"),
    }
    return (sentence.format(n=f"{rules[name]:g}") for name, sentence in sentences.items() if name in rules)


def _card(
    programme: Programme,
    proposal: Proposal,
    version: ProposalVersion,
    places: Sequence[tuple[Placement, Site]],
    lang: str,
) -> ProposalCard:
    scales = {placement.scale for placement, _ in places}
    return ProposalCard(
        title=localized(version.content["title"], lang),
        path=f"/p/{programme.slug}/{proposal.slug}",
        summary=localized(version.content["summary"], lang),
        places=tuple(localized(site.title, lang) for _, site in places),
        size=words.size(version.facts["bounds_m"], scales.pop(), lang) if len(scales) == 1 else "",
        cost=_costs([placement.cost_yen for placement, _ in places], lang),
    )


def _costs(costs: Sequence[int], lang: str) -> str:
    if not costs:
        return ""
    least, most = words.yen(min(costs), lang), words.yen(max(costs), lang)
    return least if least == most else translate(lang, "{least}から{most}", least=least, most=most)


async def _group(session: AsyncSession, proposal: Proposal, lang: str) -> str:
    if proposal.group_id is None:
        return ""
    for workshop in await workshops_of(session, proposal.programme_id):
        for group in await groups_of(session, workshop.id or 0):
            if group.id == proposal.group_id:
                return f"{localized(workshop.title, lang)} {localized(group.title, lang)}"
    return ""


def _place(version: ProposalVersion, placement: Placement, site: Site, lang: str) -> PlaceView:
    report = placement.checks
    return PlaceView(
        site=localized(site.title, lang),
        level=words.site_level(site.level, lang),
        size=words.size(version.facts["bounds_m"], placement.scale, lang),
        cost=words.yen(placement.cost_yen, lang),
        checks=tuple(
            CheckLine(
                name=words.check_name(check["name"], lang),
                verdict=check["verdict"],
                verdict_words=words.verdict(check["verdict"], lang),
                reason=check[f"reason_{lang}"],
            )
            for check in report["checks"]
        ),
        notice=report[f"notice_{lang}"],
        rules_version=report["rules_version"],
        data_year=report["data_year"],
        inputs_sha256=report["inputs_sha256"],
    )
