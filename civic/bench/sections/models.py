"""The slow work behind the votes: the gate for 3D models, placement checks, pictures, loading a programme.

No goals here, only numbers with their neighbours. CPU time is what counts; "wall" is what a person waits.
"""

import asyncio
import hashlib
import itertools
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import orjson
import shapely
import yaml
from shapely.geometry.base import BaseGeometry

from civic.bench.installation import settings_for, sqlite_url
from civic.bench.measuring import Bench, Report, interleave, require
from civic.bench.postgres import PostgresServer, cluster
from civic.drawings.queries import undrawn_placements
from civic.drawings.rules import FIRST
from civic.jobs.drawings import RENDERER, WITHIN_S, job_of
from civic.kernel.children import run_module
from civic.kernel.context import Context, open_context
from civic.kernel.db.migrate import upgrade
from civic.programme_files.checking import check_document
from civic.programme_files.loading import Loaded, Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import read_document
from civic.proposals.queries import placement_with_version
from civic.proposals.surroundings import rules_of_site
from geodata.glb_writer import Material, Mesh, write_glb
from geodata.ingest.errors import ModelRejected
from geodata.ingest.glb import read_glb
from geodata.ingest.limits import Limits
from geodata.placement import Ground, Placement, Solid, check_placement, place_outline, placement_verdict
from geodata.west_shinjuku import PROGRAMMES

ACTOR = "bench"
PROGRAMME = PROGRAMMES[-1]
PLACEMENT_CHECKS = 20_000
MOST_PICTURE_S = 3.0
T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """What some work took, in seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Place:
    """A placement of the example programme: the solid, where it stands and on what ground, the stored verdict.

    ``job`` is what the renderer of its pictures is told.
    """

    solid: Solid
    placement: Placement
    ground: Ground
    verdict: str
    job: Mapping[str, Any]


def run(bench: Bench) -> Report:
    """All four, each next to the least that the same machine needs for the same input."""
    report = Report()
    _measure_gate(bench, report)
    _measure_loading(bench, report)
    places = _loaded_places(bench.folder / "places")
    _measure_placement(bench, report, places)
    _measure_pictures(bench, report, places[0])
    return report


def spent(work: Callable[[], object]) -> Spent:
    """Do the work and say what it took of this process (all threads)."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def landscape(triangles: int) -> bytes:
    """A GLB of waves with about so many triangles, never more: the biggest that the gate has to take."""
    side = int((triangles / 2) ** 0.5)
    x, z = (axis.ravel() for axis in np.meshgrid(*[np.linspace(0.0, 20.0, side + 1)] * 2, indexing="ij"))
    positions = np.column_stack([x, np.sin(x) * np.cos(z), z])
    corners = np.arange((side + 1) ** 2).reshape(side + 1, side + 1)
    a, b, c, d = (
        part.ravel() for part in (corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1])
    )
    faces = np.concatenate([np.column_stack([a, b, c]), np.column_stack([a, c, d])])
    up = np.tile([0.0, 1.0, 0.0], (len(positions), 1))
    return write_glb([(Mesh(positions, up, faces), Material("waves", (0.5, 0.5, 0.5, 1.0)))], "waves")


def _measure_gate(bench: Bench, report: Report) -> None:
    """The gate, next to reading and hashing the same files."""
    examples = [path for folder in PROGRAMMES for path in sorted(folder.glob("*.glb"))]
    big = bench.folder / "landscape.glb"
    big.write_bytes(landscape(bench.sized(Limits().triangles, 20_000)))
    for name, files in (("the example models", examples), ("a model of the greatest size", [big])):
        found = interleave(
            {"gate": partial(_gate_speed, files), "hash": partial(_hash_speed, files)}, bench.rounds
        )
        report.line(f"gate, {name}", "MB/s", found["gate"])
        report.line(f"read and hash the same, {name}", "MB/s", found["hash"])
    for path in (*examples, big):
        require(not _passes(path.read_bytes()[:-4]), f"{path.name}, cut short, passed the gate")
    report.checked.append(f"{len(examples) + 1} models pass the gate; cut short, each is refused")


def _gate_speed(files: Sequence[Path]) -> float:
    """MB a second, and every model must pass."""
    verdicts: list[bool] = []
    took = spent(lambda: verdicts.extend(_passes(path.read_bytes()) for path in files))
    require(verdicts == [True] * len(files), "a good model did not pass the gate")
    return _megabytes(files) / took.cpu


def _passes(data: bytes) -> bool:
    try:
        read_glb(data)
    except ModelRejected:
        return False
    return True


def _hash_speed(files: Sequence[Path]) -> float:
    """MB a second, several times over: once is too short for the clock."""
    times = max(1, int(50 / _megabytes(files)))
    return _megabytes(files) * times / spent(partial(_hash_all, files, times)).cpu


def _hash_all(files: Sequence[Path], times: int) -> None:
    for path in itertools.chain.from_iterable([files] * times):
        hashlib.sha256(path.read_bytes()).digest()


def _megabytes(files: Sequence[Path]) -> float:
    return sum(path.stat().st_size for path in files) / 1e6


def _measure_loading(bench: Bench, report: Report) -> None:
    """The same file into a new database each time, and the YAML alone."""
    source = next(PROGRAMME.glob("*.yaml"))
    fresh: dict[str, Callable[[int], str]] = {"SQLite": partial(_new_sqlite, bench.folder)}
    with ExitStack() as stack:
        server = stack.enter_context(cluster())
        if server is None:
            report.notes.append("no PostgreSQL on this machine: loading was measured on SQLite only")
        else:
            fresh["PostgreSQL"] = partial(_new_postgres, server)
        work = {name: partial(_load_into, bench.folder, make, itertools.count()) for name, make in fresh.items()}
        work["yaml"] = partial(spent, lambda: yaml.safe_load(source.read_bytes()))
        found = interleave(work, bench.rounds)
    for name in fresh:
        report.line(f"programme load, {name}, CPU of the command", "s", [took.cpu for took in found[name]])
        report.line(f"programme load, {name}, wall", "s", [took.wall for took in found[name]])
    report.line("parsing the same YAML alone", "s", [took.cpu for took in found["yaml"]])
    report.checked.append("every load stored all proposals; the same file again made no new version")


def _new_sqlite(folder: Path, number: int) -> str:
    (folder / f"load-{number}").mkdir()
    return sqlite_url(folder / f"load-{number}")


def _new_postgres(server: PostgresServer, number: int) -> str:
    server.execute(f"create database load_{number}")
    return server.dsn(f"load_{number}")


def _load_into(folder: Path, new_database: Callable[[int], str], numbers: "itertools.count[int]") -> Spent:
    """Load into a new database; the time is that of the load alone, without the schema."""
    url = new_database(next(numbers))
    upgrade(url)
    with tempfile.TemporaryDirectory(dir=folder) as data:
        return asyncio.run(_opened(Path(data), url, _timed_load))


async def _timed_load(context: Context) -> Spent:
    cpu, wall = time.process_time(), time.perf_counter()
    loaded = await _load(context)
    took = Spent(time.process_time() - cpu, time.perf_counter() - wall)
    again = await _load(context)
    wanted = len(read_document(PROGRAMME).content.proposals)
    require(loaded.proposals == loaded.new_versions == wanted, "a load left proposals out")
    require(again.new_versions == 0, "loading the same file again made new versions")
    return took


async def _load(context: Context) -> Loaded:
    """What ``civic programme load`` does, once its installation is open."""
    checked = check_document(read_document(PROGRAMME))
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, context.clock()).reports()
    async with context.database.writing() as session:
        return await Loader(session, ACTOR, checked, reports, context.store, context.clock()).load()


async def _opened(folder: Path, database_url: str, work: Callable[[Context], Awaitable[T]]) -> T:
    """Open an installation for some work."""
    context = open_context(settings_for(folder, database_url))
    try:
        return await work(context)
    finally:
        await context.database.close()


def _loaded_places(folder: Path) -> list[Place]:
    folder.mkdir()
    upgrade(sqlite_url(folder))
    return asyncio.run(_opened(folder, sqlite_url(folder), _places))


async def _places(context: Context) -> list[Place]:
    """Every placement of the programme, as it is stored."""
    await _load(context)
    async with context.database.reading() as session:
        stored = [await placement_with_version(session, n) for n in await undrawn_placements(session)]
    return [
        Place(
            read_glb(context.store.get(version.model)),
            Placement(row.lon, row.lat, row.heading_deg, row.base_m, row.scale),
            Ground(rules_of_site(site)),
            row.verdict,
            job_of(row, version, site, context.store, {}),
        )
        for row, version, site in filter(None, stored)
    ]


def _measure_placement(bench: Bench, report: Report, places: Sequence[Place]) -> None:
    """All checks of a placement, next to one bare question to the geometry library about the same shapes."""
    for place in places:
        found = check_placement(place.solid, place.placement, place.ground)
        require(placement_verdict(found) == place.verdict, "a check says another thing than when it was stored")
    shapes = [(place_outline(p.solid.outline, p.placement), p.ground.boundary) for p in places]
    times = max(1, bench.sized(PLACEMENT_CHECKS, 200) // len(places))
    work = {"checks": partial(_check_speed, places, times), "bare": partial(_bare_speed, shapes, times)}
    speeds = interleave(work, bench.rounds)
    report.line("placements checked, one core", "/s", speeds["checks"])
    report.line("shapely covers + distance of the same, one core", "/s", speeds["bare"])
    report.checked.append(f"{len(places)} placements: the verdicts are those that loading stored")


def _check_speed(places: Sequence[Place], times: int) -> float:
    def work() -> None:
        for place in itertools.chain.from_iterable([places] * times):
            check_placement(place.solid, place.placement, place.ground)

    return len(places) * times / spent(work).cpu


def _bare_speed(shapes: Sequence[tuple[BaseGeometry, BaseGeometry]], times: int) -> float:
    def work() -> None:
        for footprint, boundary in itertools.chain.from_iterable([shapes] * times):
            shapely.covers(boundary, footprint)
            shapely.distance(boundary.exterior, footprint)

    return len(shapes) * times / spent(work).cpu


def _measure_pictures(bench: Bench, report: Report, place: Place) -> None:
    """A picture of 1024 × 768 and its square, in a process of its own; the same process without a picture."""
    first, _ = _draw(place.job, FIRST)
    work = {"picture": partial(_draw, place.job, FIRST), "none": partial(_draw, place.job, ())}
    found = interleave(work, bench.rounds)
    require(all(files == first for files, _ in found["picture"]), "the same picture came out with other bytes")
    took = report.line("picture of 1024 px with its surroundings, CPU", "s", [t.cpu for _, t in found["picture"]])
    report.at_most("a picture of 1024 px, s of CPU", MOST_PICTURE_S, took)
    report.line("picture of 1024 px with its surroundings, wall", "s", [took.wall for _, took in found["picture"]])
    report.line("the same without the picture, CPU", "s", [took.cpu for _, took in found["none"]])
    report.checked.append(f"the same picture drawn {bench.rounds + 1} times: byte for byte the same")


def _draw(job: Mapping[str, Any], cameras: Sequence[str]) -> tuple[dict[str, bytes], Spent]:
    """Draw as the worker does; the files made, and what the child process took."""
    with tempfile.TemporaryDirectory(prefix="civic-bench-picture-") as folder:
        order = orjson.dumps({**job, "cameras": list(cameras), "out": folder})
        cpu, wall = _children_cpu(), time.perf_counter()
        asyncio.run(run_module(RENDERER, (), order, WITHIN_S))
        took = Spent(_children_cpu() - cpu, time.perf_counter() - wall)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}, took


def _children_cpu() -> float:
    """CPU seconds of all ended child processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
