"""Placements in a crowded place, the winter sun among buildings, and the import of a city's buildings.

CPU time is what counts: these run beside the votes, on cores that others want too.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from civic.bench.measuring import Bench, Report, interleave, require
from civic.bench.sections.models import spent
from civic.kernel.clock import JST, now
from geodata.crs import geometry_to_lonlat, to_lonlat
from geodata.placement import (
    Building,
    Ground,
    Layers,
    Placement,
    Rival,
    SiteRules,
    check_placement,
    place_outline,
)
from geodata.sun import Occluders, block_triangles, hours_lost, sample_grid, sun_path, winter_solstice

EAST, NORTH = -12_800.0, -34_400.0  # a corner in West Shinjuku, EPSG:6677
SIDE_M = 100.0
OBSTACLES, RIVALS, PLACEMENTS = 500, 20, 400
BUILDINGS, POINTS = 1_500, 2_500
FEW, MANY = 1_000, 5_000
LEAST_PLACEMENTS, MOST_SUN_S, LEAST_IMPORTED, MOST_GROWTH = 200.0, 1.0, 1_000.0, 1.2
TIMES = 49  # 8 to 16 o'clock in steps of ten minutes


@dataclass(frozen=True)
class Shelter:
    """A solid without a file: two walls, a roof at 2.4 m and a bench, in metres. Like a model, it keeps plans."""

    outline: BaseGeometry
    outline_cell_m: float
    height_m: float
    parts: tuple[tuple[BaseGeometry, float, float], ...]
    _between: dict[tuple[float, float], BaseGeometry] = field(default_factory=dict, repr=False, compare=False)

    def between(self, low_m: float, high_m: float) -> BaseGeometry:
        """Plan area between two heights; computed once."""
        if (low_m, high_m) not in self._between:
            met = [plan for plan, bottom, top in self.parts if bottom < high_m and top > low_m]
            self._between[low_m, high_m] = shapely.union_all(met)
        return self._between[low_m, high_m]


def run(bench: Bench) -> Report:
    """All three."""
    report = Report()
    _measure_placements(bench, report)
    _measure_sun(bench, report)
    _measure_import(bench, report)
    return report


def shelter() -> Shelter:
    """The solid that is placed."""
    walls = [(box(-3, -1, -2.8, 1), 0.0, 2.4), (box(2.8, -1, 3, 1), 0.0, 2.4)]
    roof, bench = (box(-3, -1, 3, 1), 2.4, 2.6), (box(-1, -0.5, 1, 0.5), 0.0, 0.5)
    return Shelter(roof[0], 0.0, 2.6, (*walls, roof, bench))


def crowded_ground(solid: Shelter) -> Ground:
    """A street of 100 by 100 m with gates, 500 obstacles, tactile paving, a lane, a hydrant and 20 rivals."""
    noise = np.random.default_rng(5)
    places = noise.uniform((4.0, 0.0), (SIDE_M - 4.0, SIDE_M), (OBSTACLES, 2))
    sizes = noise.uniform(0.2, 0.5, OBSTACLES)
    layers = Layers(
        gates=(_lonlat(LineString([(0, 10), (0, 90)])), _lonlat(LineString([(SIDE_M, 10), (SIDE_M, 90)]))),
        obstacles=tuple(_lonlat(box(x - r, y - r, x + r, y + r)) for (x, y), r in zip(places, sizes, strict=True)),
        tactile_paving=(_lonlat(LineString([(0, 50), (SIDE_M, 50)])),),
        emergency_lanes=(_lonlat(LineString([(0, 5), (SIDE_M, 5)])),),
        hydrants=(_lonlat(shapely.Point(50, 95)),),
    )
    site = SiteRules(
        _lonlat(box(0, 0, SIDE_M, SIDE_M)), 33.0, "ground", 4.0, 400.0, 2.0, layers=layers, land_type="road"
    )
    rivals = [
        Rival(f"rival-{i}", solid, place, "ground", 33.0, i % 2 == 0)
        for i, place in enumerate(_placements(noise, RIVALS))
    ]
    return Ground(site, rivals=rivals)


def _measure_placements(bench: Bench, report: Report) -> None:
    """All checks, next to the plain overlay of the same footprints with the same obstacles."""
    solid = shelter()
    ground = crowded_ground(solid)
    wanted = list(_placements(np.random.default_rng(7), bench.sized(PLACEMENTS, 40)))
    names = {check.name for check in check_placement(solid, wanted[0], ground)}
    wanted_names = {"clear_width", "turning_circle", "overlap", "tactile_paving"}
    require(wanted_names <= names, f"only {sorted(names)} were checked")
    shapes = [place_outline(solid.outline, place) for place in wanted]
    taken = shapely.union_all([neighbour.shape for neighbour in ground.neighbours.all])
    report.line("placements, the first time on a new ground", "/s", [_checks_a_second(solid, wanted, ground)])
    speeds = interleave(
        {
            "checks": partial(_checks_a_second, solid, wanted, ground),
            "bare": partial(_differences_a_second, shapes, taken),
        },
        bench.rounds,
    )
    rate = report.line(f"placements among {OBSTACLES} obstacles, {RIVALS} rivals", "/s", speeds["checks"])
    report.line("one shapely.difference with the same obstacles", "/s", speeds["bare"])
    report.at_least("placements checked a second, one core", LEAST_PLACEMENTS, rate)
    report.checked.append(f"each of {len(wanted)} placements got all of {len(names)} checks")


def _checks_a_second(solid: Shelter, wanted: list[Placement], ground: Ground) -> float:
    def work() -> None:
        for place in wanted:
            check_placement(solid, place, ground)

    return len(wanted) / spent(work).cpu


def _differences_a_second(shapes: list[BaseGeometry], taken: BaseGeometry) -> float:
    return len(shapes) / spent(partial(shapely.difference, shapes, taken)).cpu


def _placements(noise: np.random.Generator, count: int) -> Iterator[Placement]:
    for e, n, heading in noise.uniform((5, 5, 0), (95, 95, 360), (count, 3)):
        lon, lat = to_lonlat(EAST + e, NORTH + n)
        yield Placement(lon, lat, float(heading), mass_kg=100.0, days=3)


def _lonlat(shape: BaseGeometry) -> BaseGeometry:
    return geometry_to_lonlat(translate(shape, EAST, NORTH))


def _measure_sun(bench: Bench, report: Report) -> None:
    """Hours lost on a lattice, from the footprints to the last ray."""
    buildings = _town(bench.sized(BUILDINGS, 100))
    count = bench.sized(POINTS, 200)
    area = translate(box(0, 0, SIDE_M, SIDE_M), EAST, NORTH)
    points = sample_grid(area, (SIDE_M**2 / count) ** 0.5, 33.0)
    took = interleave({"sun": lambda: spent(partial(_lost, buildings, points)).cpu}, bench.rounds)
    rays = f"{len(points):,} points, {TIMES} times, {len(buildings):,} buildings"
    report.at_most(f"winter sun: {rays}, s", MOST_SUN_S, report.line(f"winter sun: {rays}", "s", took["sun"]))
    lost = _lost(buildings, points)
    require(0 < lost.max() <= 8.0, "hours of sun that cannot be")
    report.checked.append("hours lost lie between 0 and 8")


def _town(count: int) -> list[Building]:
    """Blocks of 12 by 12 m on a lattice of 25 m around the place, 6 to 60 m high."""
    noise, reach = np.random.default_rng(3), int(count**0.5 / 2) + 3
    spots = [(x, y) for x in range(-reach, reach) for y in range(-reach, reach) if not (-2 < x < 5 and -2 < y < 5)]
    return [
        Building(str(i), _lonlat(box(25 * x, 25 * y, 25 * x + 12, 25 * y + 12)), float(noise.uniform(6, 60)), 33.0)
        for i, (x, y) in enumerate(spots[:count])
    ]


def _lost(buildings: list[Building], points: np.ndarray) -> np.ndarray:
    standing = Occluders(block_triangles(buildings, 33.0))
    lon, lat = to_lonlat(EAST + 50, NORTH + 50)
    model = _lonlat(box(45, 45, 55, 50))
    new = Occluders(block_triangles([Building("new", model, 4.0, 33.0)], 33.0))
    return hours_lost(points, standing, new, sun_path(lon, lat, _solstice()))


def _solstice() -> date:
    return winter_solstice(now().astimezone(JST).year)


@dataclass(frozen=True)
class Imported:
    """What one run of the command took: CPU seconds and the greatest memory, MB."""

    cpu_s: float
    peak_mb: float


def _measure_import(bench: Bench, report: Report) -> None:
    """Two files, one five times the other: what more buildings cost, without the start of the command."""
    few, many = bench.sized(FEW, 200), bench.sized(MANY, 1_000)
    files = {number: _city_model(bench.folder / f"53394525_bldg_{number}.gml", number) for number in (few, many)}
    work = {str(number): partial(_import, bench.folder, files[number], number) for number in (few, many)}
    found = interleave(work, bench.rounds)
    small, large = found[str(few)], found[str(many)]
    more = [(many - few) / (b.cpu_s - a.cpu_s) for a, b in zip(small, large, strict=True)]
    growth = [b.peak_mb / a.peak_mb for a, b in zip(small, large, strict=True)]
    rate = report.line("plateau import into SQLite, CityGML", "/s", more)
    report.line(f"peak memory, {many:,} buildings", "MB", [one.peak_mb for one in large])
    report.at_least("buildings a second of CPU", LEAST_IMPORTED, rate)
    share = report.line(f"peak memory, {many:,} to {few:,} buildings", "x", growth)
    report.at_most("memory stays flat", MOST_GROWTH, share)
    report.checked.append(f"every import said that all its buildings are new ({few:,} and {many:,})")


def _import(folder: Path, file: Path, number: int) -> Imported:
    data = folder / f"import-{os.urandom(4).hex()}"
    data.mkdir()
    env = {**os.environ, "CIVIC_DATA_DIR": str(data), "CIVIC_MODE": "demo", "CIVIC_DATABASE_URL": ""}
    env = {name: value for name, value in env.items() if value}
    civic = [sys.executable, "-m", "civic.cli"]
    subprocess.run([*civic, "db", "upgrade"], env=env, check=True, capture_output=True)  # noqa: S603 - our own
    with (data / "said").open("w+b") as said:
        command = [*civic, "plateau", "import", str(file), "--json"]
        child = subprocess.Popen(command, env=env, stdout=said)  # noqa: S603 - our own command
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        answer = said.read()
    require(child.returncode == 0 and f'"imported": {number}' in answer.decode(), "an import left buildings out")
    return Imported(used.ru_utime + used.ru_stime, used.ru_maxrss / 1_000)


def _city_model(path: Path, count: int) -> Path:
    """A CityGML file of boxes, invented: a footprint, a height and a solid each."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0" '
        'xmlns:bldg="http://www.opengis.net/citygml/building/2.0" xmlns:gml="http://www.opengis.net/gml">\n'
        '<gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/6697" srsDimension="3"/>'
        "</gml:boundedBy>\n"
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        file.writelines(_building(i) for i in range(count))
        file.write("</core:CityModel>\n")
    return path


def _building(number: int) -> str:
    south, west, high = 35.60 + number // 100 * 1e-3, 139.60 + number % 100 * 1e-3, 5.0 + number % 40
    ring = [(south, west), (south, west + 1e-4), (south + 1e-4, west + 1e-4), (south + 1e-4, west), (south, west)]
    bottom, top = ([(lat, lon, level) for lat, lon in ring] for level in (30.0, 30.0 + high))
    walls = [[bottom[i], bottom[i + 1], top[i + 1], top[i], bottom[i]] for i in range(4)]
    solid = "".join(_face(face) for face in (bottom, top, *walls))
    return (
        f'<core:cityObjectMember><bldg:Building gml:id="bench-{number}">'
        f'<bldg:measuredHeight uom="m">{high}</bldg:measuredHeight>'
        f"<bldg:lod0FootPrint><gml:MultiSurface>{_face(bottom)}</gml:MultiSurface></bldg:lod0FootPrint>"
        f"<bldg:lod1Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{solid}</gml:CompositeSurface>"
        "</gml:exterior></gml:Solid></bldg:lod1Solid></bldg:Building></core:cityObjectMember>\n"
    )


def _face(ring: list[tuple[float, float, float]]) -> str:
    positions = " ".join(f"{lat:.7f} {lon:.7f} {level:.2f}" for lat, lon, level in ring)
    return (
        "<gml:surfaceMember><gml:Polygon><gml:exterior><gml:LinearRing>"
        f"<gml:posList>{positions}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>"
    )
