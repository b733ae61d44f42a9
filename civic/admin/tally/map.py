"""Where the winners stand: the ballot's sites on one plan, with a circle for each winner as large as its votes."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from civic.admin.tally.pages import Spot, WinnersMap
from civic.admin.tally.subject import Subject
from civic.sites.tables import Site
from civic.web.plan_sheet import Sheet, sheet_around
from geodata.crs import geometry_to_plane
from geodata.shapes import from_wkb

_LARGEST = 0.055
"""The radius of the most approved winner, as a part of the sheet's width; others by the area of their circles."""

_SMALLEST = 0.03
"""Large enough for a number, and for a finger."""


_ROOM = 0.12
"""Around the sites, as a part of their extent: for circles at the edge, and the arrow to the north."""


@dataclass(frozen=True)
class Ground:
    """The boundaries of the sites by slug, in EPSG:6677."""

    sites: Mapping[str, BaseGeometry]


def ground_of(sites: Iterable[Site], wanted: Iterable[str]) -> Ground:
    """The sites of a ballot as they lie; ``wanted`` are their slugs."""
    known = {site.slug: site for site in sites}
    return Ground({slug: geometry_to_plane(from_wkb(known[slug].boundary)) for slug in wanted if slug in known})


def winners_map(subject: Subject, ground: Ground, selected: Sequence[Mapping[str, Any]]) -> WinnersMap | None:
    """The map of some winners; None when no site of the ballot is known."""
    if not ground.sites:
        return None
    together = shapely.union_all(list(ground.sites.values()))
    sheet = sheet_around(together.buffer(_ROOM * math.sqrt(together.envelope.area)), ())
    return WinnersMap(
        view_box=sheet.view_box,
        sites=sheet.drawn(together),
        spots=tuple(_spots(subject, ground, sheet, selected)),
        north=sheet.north,
        north_x=sheet.round(sheet.right - 1.5 * sheet.text_m),
        north_y=sheet.round(sheet.top + 3.6 * sheet.text_m),
        bar=sheet.bar.path,
        bar_x=sheet.bar.x,
        bar_y=sheet.bar.y,
        bar_m=sheet.bar.length_m,
        text_m=sheet.round(sheet.text_m),
    )


def _spots(
    subject: Subject, ground: Ground, sheet: Sheet, selected: Sequence[Mapping[str, Any]]
) -> Iterable[Spot]:
    anchors = {site: f"#site-{number}" for number, site in enumerate(subject.placements(), 1)}
    most = max([subject.approvals[place["proposal"]] for place in selected], default=0) or 1
    for number, place in enumerate(selected, 1):
        if place["site"] not in ground.sites:
            continue
        votes = subject.approvals[place["proposal"]]
        middle = ground.sites[place["site"]].centroid
        x, y = sheet.point(middle.x, middle.y)
        yield Spot(
            number=number,
            x=sheet.round(x),
            y=sheet.round(y),
            radius=sheet.round(sheet.width * max(_SMALLEST, _LARGEST * math.sqrt(votes / most))),
            path=anchors[place["site"]],
            title=subject.title(place["proposal"]),
            site=subject.names.site(place["site"], subject.lang),
            votes=subject.votes_named(votes),
        )
