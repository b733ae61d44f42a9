"""Pictures of proposals as pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings import queries
from civic.drawings.tables import Picture
from civic.kernel.i18n import localized, translate
from civic.proposals.tables import ProposalVersion
from civic.sites.tables import Site

PUBLIC_FILES = "/files"


@dataclass(frozen=True)
class PictureView:
    """A picture by its addresses: ``src`` is 4:3, ``square`` the same rendering cut square (768 x 768 px)."""

    src: str
    square: str
    alt: str
    caption: str
    width: int = 1024
    height: int = 768


async def pictures_of_versions(
    session: AsyncSession, versions: Iterable[ProposalVersion], lang: str, folder: str = PUBLIC_FILES
) -> Mapping[int, tuple[PictureView, ...]]:
    """The pictures of some versions, by version id; a version still without pictures is left out.

    ``folder`` is where the files are served: the public one knows only what may be shown.
    """
    listed = list(versions)
    found = await queries.pictures_of_versions(session, listed)
    return {
        number: tuple(_view(picture, site, version, lang, folder) for picture, site in found[number])
        for version in listed
        if (number := version.id or 0) in found
    }


async def pictures_of_placements(
    session: AsyncSession, version: ProposalVersion, lang: str
) -> Mapping[int, tuple[PictureView, ...]]:
    """The pictures of one version by placement id; a placement still without pictures is left out."""
    views: dict[int, list[PictureView]] = defaultdict(list)
    found = await queries.pictures_of_versions(session, [version])
    for picture, site in found.get(version.id or 0, ()):
        views[picture.placement_id].append(_view(picture, site, version, lang, PUBLIC_FILES))
    return {placement: tuple(listed) for placement, listed in views.items()}


def _view(picture: Picture, site: Site, version: ProposalVersion, lang: str, folder: str) -> PictureView:
    return PictureView(
        src=f"{folder}/pictures/{picture.wide}.jpg",
        square=f"{folder}/pictures/{picture.square}.jpg",
        alt=localized(version.content["alt"], lang),
        caption=_caption(picture.camera, localized(site.title, lang), lang),
    )


def _caption(camera: str, site: str, lang: str) -> str:
    return {
        "people": translate(lang, "{site}：人の目線から", site=site),
        "approach": translate(lang, "{site}：少しはなれて", site=site),
        "overview": translate(lang, "{site}：上から", site=site),
    }.get(camera, site)
