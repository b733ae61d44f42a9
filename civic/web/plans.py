"""A small plan of a site: its outline, what is there, what would stand on it, and where a check found something.

Shapes that a template draws as SVG; their units are those of civic.web.plan_sheet.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from civic.web.plan_sheet import ScaleBar, Sheet, sheet_around
from geodata.crs import geometry_to_plane
from geodata.placement import Placement, place_outline

_UNDER = ("emergency_lanes", "obstacles", "tactile_paving", "gates", "entrances", "hydrants")
"""The layers from the lowest to the highest."""


@dataclass(frozen=True)
class Standing:
    """Something on a plan: its outline in metres for heading 0 (east, north; about its origin), and its place."""

    outline: BaseGeometry
    placement: Placement


@dataclass(frozen=True)
class Finding:
    """Where a check found something: its number in the list of checks, its verdict, its geometry in lon/lat."""

    number: int
    verdict: str
    geometry: BaseGeometry


@dataclass(frozen=True)
class Around:
    """What else a plan shows: layers and buildings in lon/lat, rivals, and findings of the checks."""

    layers: Mapping[str, Sequence[BaseGeometry]] = field(default_factory=dict)
    buildings: Sequence[BaseGeometry] = ()
    rivals: Sequence[Standing] = ()
    findings: Sequence[Finding] = ()


@dataclass(frozen=True)
class PlanShape:
    """Path data of everything of one kind: ``building``, ``rival``, or the name of a layer."""

    kind: str
    path: str


@dataclass(frozen=True)
class PlanMark:
    """Path data of a finding; its number stands at x, y."""

    verdict: str
    path: str
    number: int
    x: float
    y: float


@dataclass(frozen=True)
class PlanFootprint:
    """Path data of a model's outline, and of the small triangle that shows where its front looks."""

    path: str
    front: str


@dataclass(frozen=True)
class PlanView:
    """A drawn plan. Everything is in metres; ``text_m`` is the height of its letters.

    ``under`` is what is there, from the lowest up. ``north`` is path data of the arrow, whose N stands at
    ``north_x``, ``north_y``. ``outside`` tells that something stands too far away to be on the drawing.
    """

    view_box: str
    site: str
    under: tuple[PlanShape, ...]
    footprints: tuple[PlanFootprint, ...]
    marks: tuple[PlanMark, ...]
    north: str
    north_x: float
    north_y: float
    bar: ScaleBar
    text_m: float
    outside: bool


def outline_of_size(bounds_m: Sequence[float]) -> Polygon:
    """The rectangle that a model's extent (w, h, d in metres) covers: for when its outline is not at hand."""
    width, _, depth = bounds_m
    return box(-width / 2, -depth / 2, width / 2, depth / 2)


def site_plan(boundary: Polygon, standings: Iterable[Standing], around: Around | None = None) -> PlanView:
    """Draw what stands on a site; ``boundary`` in lon/lat degrees. Grid north is up."""
    around = around or Around()
    site = geometry_to_plane(boundary)
    placed = [(standing, place_outline(standing.outline, standing.placement)) for standing in standings]
    sheet = sheet_around(site, [outline for _, outline in placed])
    return PlanView(
        view_box=sheet.view_box,
        site=sheet.path(site),
        under=tuple(shape for shape in _under(sheet, around) if shape.path),
        footprints=tuple(_footprint(sheet, standing, outline) for standing, outline in placed),
        marks=tuple(_mark(sheet, finding) for finding in around.findings if _is_shown(sheet, finding)),
        north=sheet.north,
        north_x=sheet.round(sheet.right - 1.5 * sheet.text_m),
        north_y=sheet.round(sheet.top + 3.6 * sheet.text_m),
        bar=sheet.bar,
        text_m=sheet.round(sheet.text_m),
        outside=any(not sheet.shows(outline) for _, outline in placed),
    )


def findings_of(checks: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """What stored checks found that is not well, where they say where; numbered as they are listed, from 1."""
    return tuple(
        Finding(number, check["verdict"], shape(check["geometry"]))
        for number, check in enumerate(checks, 1)
        if check["verdict"] != "pass" and check.get("geometry")
    )


def _under(sheet: Sheet, around: Around) -> Iterable[PlanShape]:
    yield PlanShape("building", _drawn(sheet, around.buildings))
    for kind in _UNDER:
        yield PlanShape(kind, _drawn(sheet, around.layers.get(kind, ())))
    rivals = (place_outline(rival.outline, rival.placement) for rival in around.rivals)
    yield PlanShape("rival", "".join(sheet.drawn(rival) for rival in rivals))


def _drawn(sheet: Sheet, geometries: Iterable[BaseGeometry]) -> str:
    return "".join(sheet.drawn(geometry_to_plane(geometry)) for geometry in geometries)


def _is_shown(sheet: Sheet, finding: Finding) -> bool:
    return bool(sheet.paper.intersects(geometry_to_plane(finding.geometry)))


def _mark(sheet: Sheet, finding: Finding) -> PlanMark:
    """The finding with its number in the middle of what is seen of it."""
    found = geometry_to_plane(finding.geometry)
    seen = shapely.intersection(found, sheet.paper)
    x, y = sheet.point(*seen.representative_point().coords[0])
    return PlanMark(finding.verdict, sheet.drawn(found), finding.number, sheet.round(x), sheet.round(y))


def _footprint(sheet: Sheet, standing: Standing, outline: BaseGeometry) -> PlanFootprint:
    """The outline, and a triangle just in front of it, large enough to be seen."""
    heading = math.radians(standing.placement.heading_deg)
    ahead, aside = (math.sin(heading), math.cos(heading)), (math.cos(heading), -math.sin(heading))
    front = standing.outline.bounds[3] * standing.placement.scale
    origin = place_outline(shapely.Point(0, 0), standing.placement)
    size = 0.02 * sheet.width

    def at(forward: float, sideways: float) -> tuple[float, float]:
        e = origin.x + forward * ahead[0] + sideways * aside[0]
        return e, origin.y + forward * ahead[1] + sideways * aside[1]

    corners = [
        at(front + 0.3 * size, -0.7 * size),
        at(front + 1.6 * size, 0.0),
        at(front + 0.3 * size, 0.7 * size),
    ]
    return PlanFootprint(sheet.path(outline), sheet.triangle(corners))
