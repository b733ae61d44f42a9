"""Pictures of proposals as pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings import queries
from civic.drawings.rules import CAMERAS, EYES
from civic.drawings.tables import Picture
from civic.kernel.i18n import localized, translate
from civic.proposals.tables import ProposalVersion
from civic.sites.tables import Site

PUBLIC_FILES = "/files"
_ADULT = CAMERAS[0]


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
    session: AsyncSession, version: ProposalVersion, lang: str, folder: str = PUBLIC_FILES
) -> Mapping[int, tuple[PictureView, ...]]:
    """The pictures of one version by placement id; a placement still without pictures is left out."""
    views: dict[int, list[PictureView]] = defaultdict(list)
    found = await queries.pictures_of_versions(session, [version])
    for picture, site in found.get(version.id or 0, ()):
        views[picture.placement_id].append(_view(picture, site, version, lang, folder))
    return {placement: tuple(listed) for placement, listed in views.items()}


async def eyes_of_placements(
    session: AsyncSession, version: ProposalVersion, lang: str, folder: str = PUBLIC_FILES
) -> Mapping[int, tuple[PictureView, ...]]:
    """The place as an adult, a child and somebody in a wheelchair see it, by placement id, once all are drawn."""
    views: dict[int, list[PictureView]] = defaultdict(list)
    found = await queries.pictures_of_versions(session, [version], (_ADULT, *EYES))
    for picture, _ in found.get(version.id or 0, ()):
        views[picture.placement_id].append(_view_of_eyes(picture, version, lang, folder))
    return {placement: tuple(row) for placement, row in views.items() if len(row) > len(EYES)}


def _view_of_eyes(picture: Picture, version: ProposalVersion, lang: str, folder: str) -> PictureView:
    caption = {
        "child": translate(lang, "子どもの目線（高さ1.1m）"),
        "wheelchair": translate(lang, "車いすの目線（高さ1.2m）"),
    }.get(picture.camera, translate(lang, "大人の目線（高さ1.6m）"))
    alt = localized(version.content["alt"], lang)
    width, height = (1024, 768) if picture.camera == _ADULT else (640, 480)
    return PictureView(
        src=f"{folder}/pictures/{picture.wide}.jpg",
        square=f"{folder}/pictures/{picture.square}.jpg",
        alt=translate(lang, "{caption}：{alt}", caption=caption, alt=alt),
        caption=caption,
        width=width,
        height=height,
    )


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
