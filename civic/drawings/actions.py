"""Keep what was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings.queries import drawing_of, pictures_of
from civic.drawings.tables import Drawing, Picture


@dataclass(frozen=True)
class Shapes:
    """One rendering in its two shapes, each as the SHA-256 of a stored JPEG."""

    wide: str
    square: str


@dataclass(frozen=True)
class Drawn:
    """What the renderer made of one placement: pictures by camera, and the scene for a 3D view."""

    inputs_sha256: str
    surroundings: str
    document: Mapping[str, Any]
    pictures: Mapping[str, Shapes]


async def keep_drawing(session: AsyncSession, placement_id: int, drawn: Drawn, now: datetime) -> None:
    """Keep a drawing; pictures that are there already stay, so a job that runs twice changes nothing."""
    if await drawing_of(session, placement_id) is None:
        session.add(
            Drawing(
                placement_id=placement_id,
                inputs_sha256=drawn.inputs_sha256,
                surroundings=drawn.surroundings,
                document=dict(drawn.document),
                drawn_at=now,
            )
        )
        await session.flush()
    there = {picture.camera for picture in await pictures_of(session, placement_id)}
    for camera, shapes in drawn.pictures.items():
        if camera not in there:
            session.add(Picture(placement_id=placement_id, camera=camera, wide=shapes.wide, square=shapes.square))
    await session.flush()
