"""Reads of drawings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings.rules import CAMERAS, FIRST, REST
from civic.drawings.tables import Drawing, Picture
from civic.kernel.db.fixed import Fixed, fetch_fixed
from civic.kernel.errors import NotFound
from civic.proposals.queries import may_be_shown
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site

_COUNT = "select count(*) from picture"
_PICTURES = Fixed(sqlite=_COUNT, postgresql=_COUNT)


async def drawing_of(session: AsyncSession, placement_id: int) -> Drawing | None:
    """The drawing of a placement, None while it is not drawn."""
    return await session.get(Drawing, placement_id)


async def pictures_of(session: AsyncSession, placement_id: int) -> Sequence[Picture]:
    """The pictures of a placement that are there, in the order of the cameras."""
    found = await session.exec(select(Picture).where(col(Picture.placement_id) == placement_id))
    return sorted(found, key=_camera_order)


async def drawing_from(session: AsyncSession, inputs_sha256: str) -> tuple[Drawing, Sequence[Picture]] | None:
    """A drawing made from the very same inputs for another placement, to be used again."""
    same = select(Drawing).where(col(Drawing.inputs_sha256) == inputs_sha256)
    drawing = (await session.exec(same.order_by(col(Drawing.placement_id)).limit(1))).one_or_none()
    return (drawing, await pictures_of(session, drawing.placement_id)) if drawing else None


async def all_drawings(session: AsyncSession) -> Sequence[tuple[Drawing, Sequence[Picture]]]:
    """Every drawing with its pictures."""
    drawings = await session.exec(select(Drawing).order_by(col(Drawing.placement_id)))
    return [(drawing, await pictures_of(session, drawing.placement_id)) for drawing in drawings.all()]


async def undrawn_placements(session: AsyncSession) -> Sequence[int]:
    """The placements that nothing is drawn of yet."""
    drawn = select(Drawing.placement_id)
    undrawn = select(Placement.id).where(col(Placement.id).not_in(drawn)).order_by(col(Placement.id))
    return [number for number in await session.exec(undrawn) if number is not None]


async def pictures_of_versions(
    session: AsyncSession, versions: Iterable[ProposalVersion], cameras: Sequence[str] = CAMERAS
) -> Mapping[int, Sequence[tuple[Picture, Site]]]:
    """The pictures of several versions with the site they show: version id to placements and cameras in order."""
    numbers = [version.id for version in versions]
    statement = (
        select(Placement, Picture, Site)
        .join(Picture, col(Picture.placement_id) == col(Placement.id))
        .join(Site, col(Site.id) == col(Placement.site_id))
        .where(col(Placement.version_id).in_(numbers), col(Picture.camera).in_(cameras))
    )
    rows = list(await session.exec(statement))
    rows.sort(key=lambda row: (row[0].position, _camera_order(row[1])))
    found: dict[int, list[tuple[Picture, Site]]] = defaultdict(list)
    for placement, picture, site in rows:
        found[placement.version_id].append((picture, site))
    return found


async def picture_count(session: AsyncSession) -> int:
    """How many pictures there are: it only grows, so it tells whether there are new ones."""
    ((number,),) = await fetch_fixed(session, _PICTURES)
    return int(number)


async def drawn_placement(session: AsyncSession, placement_id: int) -> tuple[Drawing, ProposalVersion]:
    """The drawing of a placement with its version. NotFound while it is not drawn."""
    statement = (
        select(Drawing, ProposalVersion)
        .join(Placement, col(Placement.id) == col(Drawing.placement_id))
        .join(ProposalVersion, col(ProposalVersion.id) == col(Placement.version_id))
        .where(col(Drawing.placement_id) == placement_id)
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise NotFound(
            "drawing_missing", "この3D表示はまだ準備できていません。少し待ってから、もう一度開いてください。"
        )
    return found


async def versions_drawn_in(session: AsyncSession, sha256: str) -> Sequence[ProposalVersion]:
    """The versions that a stored picture, or a stored GLB of surroundings, belongs to."""
    statement = (
        select(ProposalVersion)
        .join(Placement, col(Placement.version_id) == col(ProposalVersion.id))
        .join(Drawing, col(Drawing.placement_id) == col(Placement.id))
        .join(Picture, col(Picture.placement_id) == col(Drawing.placement_id), isouter=True)
        .where(
            or_(col(Picture.wide) == sha256, col(Picture.square) == sha256, col(Drawing.surroundings) == sha256)
        )
    )
    return (await session.exec(statement)).all()


async def drawing_may_be_shown(session: AsyncSession, sha256: str) -> bool:
    """Whether a stored picture or GLB of surroundings belongs to a version that everybody may see."""
    return any(may_be_shown(version) for version in await versions_drawn_in(session, sha256))


def _camera_order(picture: Picture) -> int:
    return (*FIRST, *REST).index(picture.camera)
