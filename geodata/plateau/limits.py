"""How much a file of buildings may hold: far above any real one, far below what fills a machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, counts, and how many times larger an archive may become when it is unpacked."""

    markup_bytes: int = 4 << 30
    """One CityGML file, unpacked: it is read as a stream."""
    object_bytes: int = 64 << 20
    """One object of a CityGML file: it stands in memory while it is read."""
    geojson_bytes: int = 200_000_000
    """One GeoJSON file: it stands in memory as a whole."""
    zip_members: int = 50_000
    zip_bytes: int = 64 << 30
    """All members of a zip together, unpacked."""
    zip_ratio: float = 100.0
    """CityGML packs to a tenth; a thousandth is nothing but a bomb."""


LIMITS = Limits()
