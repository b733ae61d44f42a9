"""Read what the registration works with, and what its last page shows."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.registration.draft import Desk, Present
from civic.admin.registration.pages import RegisteredPage
from civic.installations.queries import standing_in
from civic.kernel.i18n import localized
from civic.programmes.queries import programme_by_slug, sites_of
from civic.proposals.queries import latest_version, may_be_shown, placements_of, proposal_by_slug, proposals_of
from civic.proposals.surroundings import surroundings_in
from civic.web import words
from civic.workshops.queries import groups_of, workshops_of
from civic.workshops.tables import Group, Workshop


async def read_desk(session: AsyncSession, programme: str, proposal: str | None, now: datetime) -> Desk:
    """The desk of a new proposal, or of the one of this slug. NotFound without programme or proposal."""
    season = await programme_by_slug(session, programme)
    number = season.id or 0
    sites = {site.slug: site for site in await sites_of(session, number)}
    return Desk(
        programme=season,
        sites=sites,
        groups=await _groups(session, number),
        taken=frozenset(found.slug for found in await proposals_of(session, number)),
        present=None if proposal is None else await _present(session, number, proposal),
        surroundings=await surroundings_in(
            session, number, sites.values(), await standing_in(session, number), now
        ),
    )


def registered_page(desk: Desk, lang: str) -> RegisteredPage:
    """The page after saving, about the newest version."""
    assert desk.present is not None
    present, season = desk.present, f"/admin/programmes/{desk.programme.slug}"
    verdict = max((placement.verdict for placement, _ in present.places), key=("pass", "warn", "fail").index)
    return RegisteredPage(
        title=localized(present.version.content["title"], lang),
        version=present.version.number,
        published=may_be_shown(present.version),
        verdict=verdict,
        verdict_words=words.verdict(verdict, lang),
        programme=localized(desk.programme.title, lang),
        programme_path=season,
        edit_path=f"{season}/proposals/{present.proposal.slug}/edit",
        new_path=f"{season}/proposals/new",
        public_path=f"/p/{desk.programme.slug}/{present.proposal.slug}",
    )


async def _present(session: AsyncSession, programme_id: int, slug: str) -> Present:
    proposal = await proposal_by_slug(session, programme_id, slug)
    version = await latest_version(session, proposal.id)
    return Present(proposal, version, tuple(await placements_of(session, version.id)))


async def _groups(session: AsyncSession, programme_id: int) -> dict[str, tuple[Workshop, Group]]:
    found = {}
    for workshop in await workshops_of(session, programme_id):
        for group in await groups_of(session, workshop.id or 0):
            found[group.slug] = (workshop, group)
    return found
