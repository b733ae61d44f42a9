"""Read what the page of a programme shows, and the cards of its proposals."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import published_ballots_of, shown_proposals
from civic.ballots.tables import Ballot
from civic.kernel.i18n import localized, translate
from civic.programmes.queries import programme_by_slug, sites_of, stages_of
from civic.programmes.tables import Programme, Stage
from civic.proposals.queries import places_of_versions
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.public.pages import BallotLine, Named, ProgrammePage, ProposalCard, SiteLine, StageLine
from civic.sites.tables import Site
from civic.tallies.queries import waits_for_lot
from civic.web import words
from civic.web.pictures import PictureView, pictures_of_versions
from civic.web.times import days, deadline, moment


async def programme_page(session: AsyncSession, slug: str, now: datetime, lang: str) -> ProgrammePage:
    """A programme. NotFound without one."""
    programme = await programme_by_slug(session, slug)
    number = programme.id or 0
    return ProgrammePage(
        title=localized(programme.title, lang),
        stages=tuple(stage_line(stage, now, lang) for stage in await stages_of(session, number)),
        sites=tuple(_site(site, lang) for site in await sites_of(session, number)),
        proposals=tuple((await proposal_cards(session, programme, lang)).values()),
        ballots=tuple(
            [await ballot_line(session, b, now, lang) for b in await published_ballots_of(session, number)]
        ),
    )


async def proposal_cards(session: AsyncSession, programme: Programme, lang: str) -> Mapping[str, ProposalCard]:
    """The proposals of a programme that everybody may see, by slug."""
    shown = await shown_proposals(session, programme.id or 0)
    versions = [version for _, version in shown]
    places = await places_of_versions(session, versions)
    pictures = await pictures_of_versions(session, versions, lang)
    return {
        proposal.slug: _card(
            programme,
            proposal,
            version,
            places.get(version.id or 0, ()),
            next(iter(pictures.get(version.id or 0, ())), None),
            lang,
        )
        for proposal, version in shown
    }


def named_programme(programme: Programme, lang: str) -> Named:
    """A programme by title and path."""
    return Named(localized(programme.title, lang), f"/p/{programme.slug}")


async def state_for_residents(session: AsyncSession, ballot: Ballot, now: datetime) -> str:
    """A ballot's state, or what a page must say instead so that it promises nothing.

    ``missed`` when its time passed before it opened, ``tied`` while a lot is still to be drawn.
    """
    if ballot.state == "scheduled" and ballot.closes_at <= now:
        return "missed"
    return "tied" if await waits_for_lot(session, ballot) else ballot.state


async def ballot_line(session: AsyncSession, ballot: Ballot, now: datetime, lang: str) -> BallotLine:
    """A ballot in a list, as it stands now."""
    state = await state_for_residents(session, ballot, now)
    return BallotLine(
        title=localized(ballot.title, lang),
        path=f"/b/{ballot.slug}",
        state=state,
        state_words=words.ballot_state(state, lang),
        opens=moment(ballot.opens_at, lang),
        closes=deadline(ballot.closes_at, lang),
    )


def stage_line(stage: Stage, now: datetime, lang: str) -> StageLine:
    """A stage with its times and whether it is past, present or coming."""
    phase = "coming" if now < stage.opens_at else "present" if now < stage.closes_at else "past"
    return StageLine(
        kind=words.stage_kind(stage.kind, lang),
        days=days(stage.opens_at, stage.closes_at, lang),
        closes=deadline(stage.closes_at, lang),
        phase=phase,
    )


def _site(site: Site, lang: str) -> SiteLine:
    return SiteLine(
        title=localized(site.title, lang),
        level=words.site_level(site.level, lang),
        land_type=words.land_type(site.land_type, lang),
        manager=site.manager or "",
        limits=words.site_limits(site.rules, lang),
    )


def _card(
    programme: Programme,
    proposal: Proposal,
    version: ProposalVersion,
    places: Sequence[tuple[Placement, Site]],
    picture: PictureView | None,
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
        picture=picture,
    )


def _costs(costs: Sequence[int], lang: str) -> str:
    if not costs:
        return ""
    least, most = words.yen(min(costs), lang), words.yen(max(costs), lang)
    return least if least == most else translate(lang, "{least}から{most}", least=least, most=most)
