"""CityGML by hand: a box of a building at 35.69 N 139.69 E, and everything that real files get wrong."""

from __future__ import annotations

SOUTH, WEST, SIDE = 35.69, 139.69, 0.0001
"""The box is SIDE degrees wide each way: about 11.1 m to the north and 9.0 m to the east."""

NAMESPACES = {
    "core": "http://www.opengis.net/citygml/2.0",
    "bldg": "http://www.opengis.net/citygml/building/2.0",
    "gml": "http://www.opengis.net/gml",
    "app": "http://www.opengis.net/citygml/appearance/2.0",
}
SRS = "http://www.opengis.net/def/crs/EPSG/0/6697"
PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'


def city_model(*buildings: str, srs: str = SRS, dimension: int | None = 3, prologue: str = PROLOGUE) -> bytes:
    """A file with these buildings."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    dimensions = f' srsDimension="{dimension}"' if dimension else ""
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{srs}"{dimensions}/></gml:boundedBy>'
    members = "".join(f"<core:cityObjectMember>{building}</core:cityObjectMember>\n" for building in buildings)
    return f"{prologue}<core:CityModel {declared}>\n{envelope}\n{members}</core:CityModel>\n".encode()


def building(gml_id: str, *inside: str) -> str:
    """A building with this inside."""
    return f'<bldg:Building gml:id="{gml_id}">{"".join(inside)}</bldg:Building>'


def part(*inside: str) -> str:
    """A part of a building."""
    return (
        f"<bldg:consistsOfBuildingPart><bldg:BuildingPart>{''.join(inside)}</bldg:BuildingPart>"
        "</bldg:consistsOfBuildingPart>"
    )


def height(metres: float) -> str:
    """What somebody measured."""
    return f'<bldg:measuredHeight uom="m">{metres}</bldg:measuredHeight>'


def storeys(number: int) -> str:
    """How many storeys stand above the ground."""
    return f"<bldg:storeysAboveGround>{number}</bldg:storeysAboveGround>"


def square(level: float = 0.0, *, east: float = 0.0, width: float = 1.0) -> list[tuple[float, ...]]:
    """The box's plan as a closed ring of (lat, lon, level), moved east and made wider, in sides."""
    west, south = WEST + east * SIDE, SOUTH
    lon, lat = west + width * SIDE, south + SIDE
    return [(south, west, level), (south, lon, level), (lat, lon, level), (lat, west, level), (south, west, level)]


def lod0(ring: list[tuple[float, ...]], name: str = "lod0FootPrint") -> str:
    """A footprint or a roof edge."""
    return f"<bldg:{name}><gml:MultiSurface>{_member(ring)}</gml:MultiSurface></bldg:{name}>"


def lod1(low: float, high: float, *, east: float = 0.0) -> str:
    """A box between two levels."""
    bottom, top = square(low, east=east), square(high, east=east)
    walls = [
        [bottom[i], bottom[i + 1], (*bottom[i + 1][:2], high), (*bottom[i][:2], high), bottom[i]] for i in range(4)
    ]
    faces = "".join(_member(face) for face in (bottom, top, *walls))
    surface = f"<gml:CompositeSurface>{faces}</gml:CompositeSurface>"
    return f"<bldg:lod1Solid><gml:Solid><gml:exterior>{surface}</gml:exterior></gml:Solid></bldg:lod1Solid>"


def lod2_ground(ring: list[tuple[float, ...]]) -> str:
    """One ground surface."""
    surface = (
        f"<bldg:lod2MultiSurface><gml:MultiSurface>{_member(ring)}</gml:MultiSurface></bldg:lod2MultiSurface>"
    )
    return f"<bldg:boundedBy><bldg:GroundSurface>{surface}</bldg:GroundSurface></bldg:boundedBy>"


def positions(ring: list[tuple[float, ...]]) -> str:
    """A ring as a posList."""
    return " ".join(repr(number) for position in ring for number in position)


def _member(ring: list[tuple[float, ...]]) -> str:
    linear = f"<gml:LinearRing><gml:posList>{positions(ring)}</gml:posList></gml:LinearRing>"
    return (
        f"<gml:surfaceMember><gml:Polygon><gml:exterior>{linear}</gml:exterior></gml:Polygon></gml:surfaceMember>"
    )
