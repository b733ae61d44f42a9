"""Buildings of CityGML 2.0 as PLATEAU publishes it, read as a stream: memory does not grow with the file.

A BuildingPart is no building of its own; its geometry joins that of its building.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

import shapely
from lxml import etree

from geodata.plateau.errors import BuildingRejected, refuse_file, reject_building
from geodata.plateau.identity import building_id_of
from geodata.plateau.limits import LIMITS, Limits
from geodata.plateau.markup import MarkupStream
from geodata.plateau.records import (
    BuildingRead,
    BuildingRecord,
    HeightSource,
    RejectedBuilding,
    height_of_storeys,
    known_height,
    known_storeys,
    known_text,
    require_one_building,
)
from geodata.plateau.surfaces import BLDG, GML, Element, Plan, lod1_levels, plan_of

CORE = "{http://www.opengis.net/citygml/2.0}"
APP = "{http://www.opengis.net/citygml/appearance/2.0}"

BUILDING, PART, ENVELOPE, ROOT = f"{BLDG}Building", f"{BLDG}BuildingPart", f"{GML}Envelope", f"{CORE}CityModel"
OBJECTS = (f"{CORE}cityObjectMember", f"{GML}featureMember", f"{APP}surfaceDataMember", f"{APP}appearanceMember")
HEIGHT, STOREYS, USAGE = f"{BLDG}measuredHeight", f"{BLDG}storeysAboveGround", f"{BLDG}usage"

DEGREES = re.compile(r"EPSG\W(?:.*\W)?(6697|6668)$", re.IGNORECASE)
DIMENSIONS = {"6697": 3, "6668": 2}

# What a parser leaves of a name whose prefix is declared nowhere: the colon stays in it, and it has no namespace.
_UNDECLARED = etree.XPath(
    "boolean(descendant-or-self::*[contains(local-name(), ':')]"
    " | descendant-or-self::*/@*[contains(local-name(), ':')])"
)
# The city's number of a building: an attribute of PLATEAU's own in every version of its schema (whose namespace
# changes), in the first a generic one.
_NUMBERS = etree.XPath(
    "descendant::*[local-name() = 'buildingID']/text()"
    " | *[local-name() = 'stringAttribute'][@name = '建物ID']/*[local-name() = 'value']/text()",
    smart_strings=False,
)
_SYSTEMS = etree.XPath("descendant-or-self::*/@srsName", smart_strings=False)


def read_citygml(stream: BinaryIO, limits: Limits = LIMITS) -> Iterator[BuildingRead]:
    """Give the buildings of a CityGML file one by one; FileRefused where it cannot be read any further.

    Nothing outside the stream is read: no DTD, no entity, no schema, no codelist.
    """
    markup = MarkupStream(stream, limits)
    parser = etree.iterparse(
        markup,
        events=("end",),
        tag=(BUILDING, ENVELOPE, ROOT, *OBJECTS),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    yield from _Reading(parser, markup).buildings()


class _Reading:
    """One pass over a file."""

    def __init__(self, parser: etree.iterparse, markup: MarkupStream) -> None:
        self._parser, self._markup = parser, markup
        self._dimension = 3

    def buildings(self) -> Iterator[BuildingRead]:
        complete = False
        try:
            for _, element in self._parser:
                complete = element.tag == ROOT
                yield from self._ended(element)
        except etree.XMLSyntaxError as error:
            # Undeclared prefixes alone do not stop the parser; it tells of them when it has come to the end.
            if not complete:
                refuse_file("broken_xml", line=error.lineno, reason=_last_reason(error))
        if not complete:
            refuse_file("not_citygml")

    def _ended(self, element: Element) -> Iterator[BuildingRead]:
        if element.tag == ENVELOPE:
            self._dimension = _dimension(element, self._dimension)
        elif element.tag == BUILDING:
            yield self._building(element)
            _let_go(element)
            self._markup.object_done()
        elif element.tag in OBJECTS:
            _let_go(element)
            self._markup.object_done()

    def _building(self, element: Element) -> BuildingRead:
        for name in set(_SYSTEMS(element)):
            _require_degrees(name)
        damaged = bool(len(self._parser.error_log)) and _UNDECLARED(element)
        source_id = known_text(element.get(f"{GML}id"))
        try:
            return _record(element, source_id, self._dimension, damaged)
        except BuildingRejected as error:
            return RejectedBuilding(source_id, error.code, error.message_ja, error.message_en)


def _record(element: Element, source_id: str, dimension: int, damaged: bool) -> BuildingRecord:
    if not source_id:
        reject_building("no_id")
    bodies = [element, *element.iter(PART)]
    levels = [found for body in bodies if (found := lod1_levels(body, dimension))]
    storeys = _storeys(bodies)
    height_m, height_source = _height(bodies, levels, storeys)
    plan = _joined([plan for body in bodies if (plan := plan_of(body, dimension))])
    return BuildingRecord(
        source_id=source_id,
        footprint=require_one_building(plan.footprint),
        footprint_source=plan.source,
        height_m=height_m,
        height_source=height_source,
        ground_m=round(min(low for low, _ in levels), 3) if levels else None,
        storeys=storeys,
        usage=known_text(element.findtext(USAGE)) or None,
        building_id=building_id_of(*map(known_text, _NUMBERS(element))),
        recovered=damaged or plan.mended,
    )


def _height(
    bodies: list[Element], levels: list[tuple[float, float]], storeys: int | None
) -> tuple[float, HeightSource]:
    """The building's own measured height before its parts', a measured one before a drawn one."""
    own, *parts = [known_height(body.findtext(HEIGHT)) for body in bodies]
    if own is not None:
        return own, "measured"
    measured = [height for height in parts if height is not None]
    if measured:
        return max(measured), "parts"
    drawn = known_height(max(high for _, high in levels) - min(low for low, _ in levels)) if levels else None
    return height_of_storeys(storeys) if drawn is None else (round(drawn, 3), "lod1")


def _storeys(bodies: list[Element]) -> int | None:
    known = [storeys for body in bodies if (storeys := known_storeys(body.findtext(STOREYS))) is not None]
    return max(known, default=None)


def _joined(plans: list[Plan]) -> Plan:
    """The plans of a building and its parts as one, with the source of the first."""
    if not plans:
        reject_building("no_footprint")
    if len(plans) == 1:
        return plans[0]
    footprint = shapely.union_all([plan.footprint for plan in plans])
    return Plan(footprint, plans[0].source, mended=any(plan.mended for plan in plans))


def _dimension(envelope: Element, before: int) -> int:
    """Numbers a position, as the envelope declares them for everything below it."""
    name, declared = envelope.get("srsName"), envelope.get("srsDimension")
    system = _require_degrees(name) if name else None
    if declared in ("2", "3"):
        return int(declared)
    return DIMENSIONS[system] if system else before


def _require_degrees(name: str) -> str:
    found = DEGREES.search(name.strip())
    if found is None:
        refuse_file("unsupported_crs", crs=name.strip()[:80])
    return found.group(1)


def _let_go(element: Element) -> None:
    """Forget what was read: the element's inside, and everything before it beside it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _last_reason(error: etree.XMLSyntaxError) -> str:
    reason = error.error_log.last_error.message if error.error_log else error.msg
    return (reason or "").strip()[:120]
