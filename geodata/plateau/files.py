"""From a file as a person names it to its buildings: CityGML, GeoJSON, or a zip with any number of both."""

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, NamedTuple, cast

from geodata.plateau.citygml import read_citygml
from geodata.plateau.errors import refuse_file
from geodata.plateau.footprints import read_footprints
from geodata.plateau.limits import LIMITS, Limits
from geodata.plateau.markup import HEAD_BYTES, is_city_model
from geodata.plateau.records import BuildingRead

MARKUP, GEOJSON = (".gml", ".xml"), (".geojson", ".json")
MESH = re.compile(r"(?<!\d)(\d{6,10})_bldg")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
ENCRYPTED = 0x1
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, lzma.LZMAError)


@dataclass(frozen=True)
class Survey:
    """What file names tell: the mesh code of ``{mesh}_bldg_…``, and the year the data is of; None if untold."""

    mesh: str | None
    year: int | None


class Read(NamedTuple):
    """One building of a file, or why it cannot be used, and the survey it belongs to."""

    building: BuildingRead
    survey: Survey


def read_file(path: Path, limits: Limits = LIMITS) -> Iterator[Read]:
    """Give all buildings of a file one by one.

    FileRefused when it cannot be read, or not to its end; the buildings before that have been given.
    """
    try:
        yield from _read_file(path, limits)
    except OSError as error:
        refuse_file("unreadable", reason=error.strerror or type(error).__name__)


def survey_of(*names: str) -> Survey:
    """The mesh and the year that the names tell, the innermost name first."""
    meshes = [found.group(1) for name in names if (found := MESH.search(name))]
    years = [int(found.group(1)) for name in names if (found := YEAR.search(name))]
    return Survey(mesh=next(iter(meshes), None), year=next(iter(years), None))


def _read_file(path: Path, limits: Limits) -> Iterator[Read]:
    suffix = path.suffix.lower()
    if suffix == ".zip":
        yield from _read_zip(path, limits)
    elif suffix in (*MARKUP, *GEOJSON):
        with path.open("rb") as stream:
            yield from _read_stream(stream, suffix, survey_of(path.name), limits)
    else:
        refuse_file("unknown_kind")


def _read_stream(stream: BinaryIO, suffix: str, survey: Survey, limits: Limits) -> Iterator[Read]:
    reader = read_citygml if suffix in MARKUP else read_footprints
    for building in reader(stream, limits):
        yield Read(building, survey)


def _read_zip(path: Path, limits: Limits) -> Iterator[Read]:
    """Every member that holds city objects; a codelist or a schema, XML too, is passed over."""
    with _refusing_broken_zips(), zipfile.ZipFile(path) as archive:
        _require_sound(archive, path.stat().st_size, limits)
        members = [member for member in archive.infolist() if _holds_buildings(archive, member)]
        if not members:
            refuse_file("zip_without_buildings")
        for member in members:
            name = PurePosixPath(member.filename)
            with archive.open(member) as stream:
                survey = survey_of(name.name, path.name)
                yield from _read_stream(cast(BinaryIO, stream), name.suffix.lower(), survey, limits)


def _require_sound(archive: zipfile.ZipFile, packed_bytes: int, limits: Limits) -> None:
    """Refuse what grows too large. A member never gives more bytes than it declares here: zipfile stops there."""
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    grown = unpacked > limits.zip_ratio * max(packed_bytes, 1)
    if any(member.flag_bits & ENCRYPTED for member in members):
        refuse_file("zip_broken")
    if grown or unpacked > limits.zip_bytes or len(members) > limits.zip_members:
        refuse_file("zip_bomb", unpacked_mb=unpacked >> 20, members=len(members))


def _holds_buildings(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename)
    suffix = name.suffix.lower()
    if member.is_dir() or name.name.startswith(".") or suffix not in (*MARKUP, ".geojson"):
        return False
    return suffix != ".xml" or is_city_model(_head(archive.open(member)))


def _head(stream: IO[bytes]) -> bytes:
    with stream:
        return stream.read(HEAD_BYTES)


@contextmanager
def _refusing_broken_zips() -> Iterator[None]:
    """Turn what zipfile and its decompressors say of a damaged or encrypted archive into one refusal."""
    try:
        yield
    except BROKEN_ZIP:
        refuse_file("zip_broken")
