"""Draw placements: the renderer runs in a child process, and what it makes is stored and kept."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.drawings.actions import Drawn, Shapes, keep_drawing
from civic.drawings.city import city_of
from civic.drawings.queries import all_drawings, drawing_from, pictures_of, undrawn_placements
from civic.drawings.rules import FIRST, HOURLY, REST, sun_over
from civic.drawings.sun import keep_sun, sun_picture
from civic.drawings.tables import Drawing, Picture
from civic.kernel.children import run_module
from civic.kernel.context import Context
from civic.kernel.queue import defer
from civic.kernel.storage import FileStore
from civic.proposals.actions import DRAW
from civic.proposals.queries import placement_with_version
from civic.proposals.tables import Placement, ProposalVersion
from civic.sites.tables import Site
from geodata.pictures import inputs_sha256
from geodata.shapes import from_wkb, to_geojson

RENDERER = "geodata.pictures"
WITHIN_S = 240.0
"""Far above the seconds a drawing takes, for a machine that is busy with votes."""

Job = dict[str, Any]


async def draw_placement(context: Context, payload: Mapping[str, Any]) -> None:
    """Draw what is still missing of a placement; the card's picture first, the others by a job of their own."""
    number = int(payload["placement"])
    async with context.database.reading() as session:
        found = await placement_with_version(session, number)
        if found is None:
            return
        there = {picture.camera for picture in await pictures_of(session, number)}
        placement, _, site = found
        job = job_of(*found, context.store, await city_of(session, placement, site))
        inputs = inputs_sha256(job)
        same = await drawing_from(session, inputs)
    wanted = FIRST if not there else [camera for camera in REST if camera not in there]
    if same is not None and same[0].placement_id != number and len(same[1]) > len(there):
        drawn = drawn_again(*same)
    elif wanted:
        drawn = await _draw(context.store, job, inputs, wanted)
    else:
        return
    async with context.database.writing() as session:
        await _keep(context, session, number, drawn)


async def _keep(context: Context, session: AsyncSession, number: int, drawn: Drawn) -> None:
    """Keep a drawing unless its placement is gone by now, and ask for the cameras that are left."""
    if await placement_with_version(session, number) is None:
        return
    now = context.clock()
    await keep_drawing(session, number, drawn, now)
    if len(await pictures_of(session, number)) < len((*FIRST, *REST)):
        defer(session, DRAW, {"placement": number}, now)


async def draw_sun(context: Context, payload: Mapping[str, Any]) -> None:
    """Draw a placement in the sun of an instant; nothing when it is gone, or drawn already."""
    number, shows = int(payload["placement"]), datetime.fromisoformat(payload["shows"])
    async with context.database.reading() as session:
        found, picture = await placement_with_version(session, number), await sun_picture(session, number, shows)
        if found is None or picture is None or picture.wide is not None:
            return
        placement, _, site = found
        job = job_of(*found, context.store, await city_of(session, placement, site))
    sun = sun_over(placement.lon, placement.lat, shows)
    job["sun"] = {"azimuth_deg": sun.azimuth_deg, "elevation_deg": sun.elevation_deg}
    drawn = await _draw(context.store, job, inputs_sha256(job), (HOURLY,))
    async with context.database.writing() as session:
        await keep_sun(session, number, shows, drawn.pictures[HOURLY].wide, context.clock())


def job_of(
    placement: Placement, version: ProposalVersion, site: Site, store: FileStore, city: Mapping[str, Any]
) -> Job:
    """What the renderer is told: a model, where it stands, and the ground it stands on (see ``city_of``)."""
    ground = to_geojson(from_wkb(site.boundary))
    return {
        "model": str(store.path(version.model).resolve()),
        "placement": {
            "lon": placement.lon,
            "lat": placement.lat,
            "heading_deg": placement.heading_deg,
            "base_m": placement.base_m,
            "scale": placement.scale,
        },
        "site": {
            "boundary": ground,
            "level": site.level,
            "land_type": site.land_type,
        },
        **city,
    }


async def known_drawings(context: Context) -> Mapping[str, Drawn]:
    """Every drawing of an installation by the hash of its inputs."""
    async with context.database.reading() as session:
        return {
            drawing.inputs_sha256: drawn_again(drawing, found) for drawing, found in await all_drawings(session)
        }


async def take_over(context: Context, known: Mapping[str, Drawn]) -> None:
    """Give placements that are not drawn yet the drawings made from the same inputs in another installation.

    The stored files must be in this one's store already.
    """
    async with context.database.reading() as session:
        jobs = {
            number: job_of(*found, context.store, await city_of(session, found[0], found[2]))
            for number in await undrawn_placements(session)
            if (found := await placement_with_version(session, number)) is not None
        }
    same = {number: inputs_sha256(job) for number, job in jobs.items()}
    async with context.database.writing() as session:
        for number, inputs in same.items():
            if inputs in known:
                await keep_drawing(session, number, known[inputs], context.clock())


def drawn_again(drawing: Drawing, pictures: Sequence[Picture]) -> Drawn:
    """A drawing that was made from the same inputs before."""
    return Drawn(
        drawing.inputs_sha256,
        drawing.surroundings,
        drawing.document,
        {picture.camera: Shapes(picture.wide, picture.square) for picture in pictures},
    )


async def _draw(store: FileStore, job: Job, inputs: str, cameras: Sequence[str]) -> Drawn:
    with tempfile.TemporaryDirectory(prefix="civic-drawing-") as folder:
        order = orjson.dumps({**job, "cameras": list(cameras), "out": folder})
        await run_module(RENDERER, (), order, WITHIN_S)
        return _stored(store, Path(folder), inputs, cameras)


def _stored(store: FileStore, folder: Path, inputs: str, cameras: Sequence[str]) -> Drawn:
    def put(name: str) -> str:
        return store.put((folder / name).read_bytes())

    return Drawn(
        inputs_sha256=inputs,
        surroundings=put("surroundings.glb"),
        document=json.loads((folder / "scene.json").read_text(encoding="utf-8")),
        pictures={camera: Shapes(put(f"{camera}-wide.jpg"), put(f"{camera}-square.jpg")) for camera in cameras},
    )
