"""Read what the staff pages about programmes show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.ballot_reading import Look, people_so_far
from civic.admin.pages_programmes import (
    AdminHome,
    AdminProgramme,
    BallotLine,
    DayUseLine,
    ProgrammeCard,
    ProgrammeList,
    ProgrammeRow,
    ProposalRow,
    SiteLine,
)
from civic.admin.placed import placed
from civic.admin.posters import arrival_lines
from civic.admin.tasks import tasks_of
from civic.admin.timeline import going_on, timeline
from civic.admin.words import ballot_next, missing_language, state_words
from civic.ballots.queries import ballots_of
from civic.ballots.tables import Ballot
from civic.installations.queries import standing_in
from civic.kernel.clock import JST
from civic.kernel.i18n import STAFF_LANGUAGES, localized, translate
from civic.programmes.queries import all_programmes, programme_by_slug, sites_of, stages_of
from civic.programmes.tables import Programme
from civic.proposals.queries import may_be_shown, newest_versions, places_of_versions
from civic.proposals.surroundings import SEEN_M, Surroundings, surroundings_in
from civic.proposals.tables import Placement, Proposal, ProposalVersion
from civic.sites.queries import day_uses
from civic.sites.tables import Site
from civic.tallies.queries import published_tally, waits_for_lot
from civic.web import words
from civic.web.pictures import PictureView, pictures_of_versions
from civic.workshops.queries import group_titles

STAFF_FILES = "/admin/files"
"""Where staff see pictures, those of proposals without consent too."""

NO_SURROUNDINGS: Mapping[str, Surroundings] = {}

_TEXTS = ("title", "summary", "alt")


async def admin_home(session: AsyncSession, look: Look) -> AdminHome:
    """Every programme with what is going on in it, the newest first."""
    return AdminHome(tuple([await _card(session, season, look) for season in await all_programmes(session)]))


async def programme_list(session: AsyncSession, look: Look) -> ProgrammeList:
    """Every programme with how much belongs to it."""
    return ProgrammeList(tuple([await _row(session, season, look) for season in await all_programmes(session)]))


async def admin_programme(session: AsyncSession, slug: str, look: Look) -> AdminProgramme:
    """A programme with its sites and proposals. NotFound without one."""
    season = await programme_by_slug(session, slug)
    number, lang = season.id or 0, look.lang
    sites = await sites_of(session, number)
    standing = await standing_in(session, number)
    around = await surroundings_in(session, number, sites, standing, look.now, SEEN_M)
    proposals = await _proposals(session, season, lang, around)
    wishes = Counter(place.site_slug for proposal in proposals for place in proposal.places)
    return AdminProgramme(
        title=localized(season.title, lang),
        path=path_of(season),
        public_path=f"/p/{season.slug}",
        register_path=f"{path_of(season)}/proposals/new",
        posters_path=f"{path_of(season)}/posters",
        this_year=look.now.astimezone(JST).year,
        timeline=timeline(await stages_of(session, number), look.now, lang),
        sites=tuple([await _site(session, site, wishes, lang) for site in sites]),
        arrivals=await arrival_lines(session, sites, lang, look.now),
        proposals=proposals,
        ballots=await _ballots(session, number, look),
    )


def path_of(season: Programme) -> str:
    """The staff page of a programme."""
    return f"/admin/programmes/{season.slug}"


async def _card(session: AsyncSession, season: Programme, look: Look) -> ProgrammeCard:
    number = season.id or 0
    incomplete = sum(bool(proposal.missing) for proposal in await _proposals(session, season, look.lang))
    return ProgrammeCard(
        title=localized(season.title, look.lang),
        path=path_of(season),
        timeline=timeline(await stages_of(session, number), look.now, look.lang),
        tasks=await tasks_of(session, number, path_of(season), incomplete, look),
        ballots=await _ballots(session, number, look),
    )


async def _row(session: AsyncSession, season: Programme, look: Look) -> ProgrammeRow:
    number = season.id or 0
    proposals = await _proposals(session, season, look.lang)
    return ProgrammeRow(
        title=localized(season.title, look.lang),
        path=path_of(season),
        now=going_on(await stages_of(session, number), look.now, look.lang),
        sites=len(await sites_of(session, number)),
        proposals=len(proposals),
        incomplete=sum(bool(proposal.missing) for proposal in proposals),
        ballots=len(await ballots_of(session, number)),
    )


async def _ballots(session: AsyncSession, programme_id: int, look: Look) -> tuple[BallotLine, ...]:
    return tuple([await _ballot(session, ballot, look) for ballot in await ballots_of(session, programme_id)])


async def _ballot(session: AsyncSession, ballot: Ballot, look: Look) -> BallotLine:
    counted = await published_tally(session, ballot.slug) is not None
    tied = await waits_for_lot(session, ballot)
    return BallotLine(
        title=localized(ballot.title, look.lang),
        path=f"/admin/ballots/{ballot.slug}",
        state=ballot.state,
        state_words=state_words(ballot, look.now, look.lang, waits_for_lot=tied),
        next=ballot_next(ballot, look.now, look.lang, counted=counted, waits_for_lot=tied),
        turnout=await people_so_far(session, ballot),
    )


async def _site(session: AsyncSession, site: Site, wishes: Counter[str], lang: str) -> SiteLine:
    return SiteLine(
        slug=site.slug,
        title=localized(site.title, lang),
        level=words.site_level(site.level, lang),
        land_type=words.land_type(site.land_type, lang),
        manager=site.manager or "",
        limits=words.site_limits(site.rules, lang),
        layers=tuple(words.site_layer(kind, lang) for kind in site.layers),
        proposals=wishes[site.slug],
        day_uses=tuple(DayUseLine(u.year, u.days, u.note) for u in await day_uses(session, site.id or 0)),
    )


@dataclass(frozen=True)
class _Known:
    """What the rows of proposals are made of, read once for all of them."""

    programme: Programme
    groups: dict[int, str]
    pictures: Sequence[PictureView]
    places: Sequence[tuple[Placement, Site]]
    around: Mapping[str, Surroundings]


async def _proposals(
    session: AsyncSession, season: Programme, lang: str, around: Mapping[str, Surroundings] = NO_SURROUNDINGS
) -> tuple[ProposalRow, ...]:
    newest = await newest_versions(session, season.id or 0)
    versions = [version for _, version in newest]
    places = await places_of_versions(session, versions)
    pictures = await pictures_of_versions(session, versions, lang, STAFF_FILES)
    groups = {
        number: translate(lang, "、").join(localized(title, lang) for title in titles)
        for number, titles in (await group_titles(session, season.id or 0)).items()
    }
    return tuple(
        _proposal(
            proposal,
            version,
            _Known(season, groups, pictures.get(version.id or 0, ()), places.get(version.id or 0, ()), around),
            lang,
        )
        for proposal, version in newest
    )


def _proposal(proposal: Proposal, version: ProposalVersion, known: _Known, lang: str) -> ProposalRow:
    published = may_be_shown(version)
    return ProposalRow(
        slug=proposal.slug,
        title=localized(version.content["title"], lang),
        group=known.groups.get(proposal.group_id or 0, ""),
        version=translate(lang, "版 {n}", n=version.number),
        published=published,
        public_path=f"/p/{known.programme.slug}/{proposal.slug}" if published else "",
        edit_path=f"{path_of(known.programme)}/proposals/{proposal.slug}/edit",
        views_path=f"{path_of(known.programme)}/proposals/{proposal.slug}/views",
        picture=next(iter(known.pictures), None),
        places=tuple(
            placed(proposal.slug, version, placement, site, known.around.get(site.slug), lang)
            for placement, site in known.places
        ),
        missing=tuple(_missing(version, lang)),
    )


def _missing(version: ProposalVersion, lang: str) -> Iterable[str]:
    """What a proposal lacks before it can be voted on by everybody, in sentences."""
    if not may_be_shown(version):
        yield translate(lang, "公開の同意がありません。同意があるまで、公開も投票もできません。")
    for field in _TEXTS:
        for language in STAFF_LANGUAGES:
            if not version.content[field].get(language, "").strip():
                yield missing_language(field, language, lang)
