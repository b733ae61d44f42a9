"""PLY: ASCII, and binary of both byte orders; corners with colours, and polygons.

A text body is read as numbers first, then walked by the code for binary ones, each number eight bytes wide.
"""

import re
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.formats.archive import Lookup
from geodata.ingest.formats.checks import at_most
from geodata.ingest.formats.part import Floats, Numbers, Part, linear
from geodata.ingest.formats.polygons import triangulated
from geodata.ingest.formats.text import floats
from geodata.ingest.limits import Limits

_TYPES = {
    "char": "i1",
    "int8": "i1",
    "uchar": "u1",
    "uint8": "u1",
    "short": "i2",
    "int16": "i2",
    "ushort": "u2",
    "uint16": "u2",
    "int": "i4",
    "int32": "i4",
    "uint": "u4",
    "uint32": "u4",
    "float": "f4",
    "float32": "f4",
    "double": "f8",
    "float64": "f8",
}
_ORDERS = {"binary_little_endian": "<", "binary_big_endian": ">"}
_MAX_HEADER_BYTES = 65_536
_MAX_PROPERTIES = 256
_MAX_WALKED = 1_500_000
# One list length at a time: struct reads it some ten times faster than numpy.
_CODES = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "f8": "d"}
_LENGTHS = {order + kind: struct.Struct(order + code) for order in "<>" for kind, code in _CODES.items()}
_NAME = re.compile(r"[A-Za-z0-9_.:;-]+")
_HEADER_END = re.compile(rb"end_header[ \t]*(\r\n|\r|\n)")
_FULL_COLOR = {"u1": 255.0, "u2": 65_535.0, "f4": 1.0, "f8": 1.0}
_CORNER_LISTS = ("vertex_indices", "vertex_index")


@dataclass(frozen=True)
class _Property:
    """A column: its declared and its stored number type, and for a list the stored type of its length."""

    name: str
    declared: str
    stored: str
    length: str | None = None


@dataclass(frozen=True)
class _Element:
    """A table: its name, how many rows it says it has, and its columns."""

    name: str
    count: int
    properties: tuple[_Property, ...]


@dataclass(frozen=True)
class _Table:
    """A table that was read: plain columns by name, and lists as their lengths and their values in one run."""

    columns: dict[str, NDArray[np.float64]]
    lists: dict[str, tuple[Numbers, NDArray[np.float64]]]


def read_ply(data: bytes, limits: Limits, _beside: Lookup | None) -> list[Part]:
    """Read the polygons of a PLY and the colours of its corners; raises ModelRejected."""
    found = _HEADER_END.search(data, 0, _MAX_HEADER_BYTES)
    if not found:
        reject("ply_header")
    order, elements = _read_header(data[: found.start()])
    _check_counts(elements, limits)
    body = data[found.end() :]
    if order == "ascii":
        body = floats(body, "PLY").astype("<f8").tobytes()
    tables = _read_tables(body, elements)
    return [_part(tables.get("vertex"), tables.get("face"), elements)]


def _read_header(header: bytes) -> tuple[str, list[_Element]]:
    lines = [line.split() for line in header.decode("ascii", "replace").replace("\r", "\n").split("\n")]
    lines = [words for words in lines if words and words[0] not in ("comment", "obj_info")]
    if len(lines) < 2 or lines[0] != ["ply"] or lines[1][0] != "format" or lines[1][2:] != ["1.0"]:
        reject("ply_header")
    order = lines[1][1]
    if order != "ascii" and order not in _ORDERS:
        reject("ply_header")
    elements: list[_Element] = []
    for words in lines[2:]:
        if words[0] == "element" and len(words) == 3 and re.fullmatch(r"\d{1,12}", words[2], re.ASCII):
            elements.append(_Element(words[1], int(words[2]), ()))
        elif words[0] == "property" and elements:
            last = elements[-1]
            elements[-1] = _Element(last.name, last.count, (*last.properties, _read_property(words[1:], order)))
        else:
            reject("ply_header")
    _check_names(elements)
    return order, elements


def _read_property(words: list[str], order: str) -> _Property:
    is_list = len(words) == 4 and words[0] == "list"
    kinds = [_TYPES.get(word) for word in (words[1:3] if is_list else words[:1])]
    if None in kinds or not (is_list or len(words) == 2) or (is_list and str(kinds[0])[0] == "f"):
        reject("ply_header")
    stored = [_ORDERS[order] + str(kind) if order in _ORDERS else "<f8" for kind in kinds]
    return _Property(words[-1], str(kinds[-1]), stored[-1], stored[0] if is_list else None)


def _check_names(elements: list[_Element]) -> None:
    for names in ([one.name for one in elements], *([p.name for p in one.properties] for one in elements)):
        odd = any(not _NAME.fullmatch(name) for name in names)
        if odd or len(set(names)) < len(names) or len(names) > _MAX_PROPERTIES:
            reject("ply_header")


def _check_counts(elements: list[_Element], limits: Limits) -> None:
    counts = {element.name: element.count for element in elements}
    at_most("too_many_vertices", counts.get("vertex", 0), limits.vertices)
    at_most("too_many_triangles", counts.get("face", 0), limits.triangles)
    at_most("too_many_vertices", max(counts.values(), default=0), 3 * limits.vertices)


def _read_tables(body: bytes, elements: list[_Element]) -> dict[str, _Table]:
    tables: dict[str, _Table] = {}
    start = 0
    for element in elements:
        tables[element.name], start = _read_table(body, start, element)
    if start != len(body):
        reject("trailing_bytes")
    return tables


def _read_table(body: bytes, start: int, element: _Element) -> tuple[_Table, int]:
    """Read the rows that begin at `start`; returns where they end too."""
    if not element.count or not element.properties:
        return _Table({}, {}), start
    sizes = _first_sizes(body, start, element)
    row = _row_type(element, sizes)
    end = start + row.itemsize * element.count
    if end <= len(body):
        rows = np.frombuffer(body, row, element.count, start)
        if all((rows[f"#{name}"] == size).all() for name, size in sizes.items()):
            return _alike(rows, element, sizes), end
    if not sizes:
        reject("truncated")
    return _walked(body, start, element)


def _first_sizes(body: bytes, start: int, element: _Element) -> dict[str, int]:
    """Read how long the lists of the first row are; most files have lists of one length."""
    sizes: dict[str, int] = {}
    for one in element.properties:
        if one.length:
            sizes[one.name] = _list_size(body, start, one.length)
            start += _LENGTHS[one.length].size
        start += np.dtype(one.stored).itemsize * sizes.get(one.name, 1)
    return sizes


def _list_size(body: bytes, start: int, kind: str) -> int:
    length = _LENGTHS[kind]
    if start + length.size > len(body):
        reject("truncated")
    size = length.unpack_from(body, start)[0]
    if not 0 <= size <= len(body) or size != int(size):
        reject("ply_list")
    return int(size)


def _row_type(element: _Element, sizes: dict[str, int]) -> np.dtype[np.void]:
    fields: list[tuple[str, str] | tuple[str, str, int]] = []
    for one in element.properties:
        if one.length:
            fields += [(f"#{one.name}", one.length), (one.name, one.stored, sizes[one.name])]
        else:
            fields.append((one.name, one.stored))
    return np.dtype(fields)


def _alike(rows: NDArray[np.void], element: _Element, sizes: dict[str, int]) -> _Table:
    plain = {one.name: rows[one.name].astype(np.float64) for one in element.properties if not one.length}
    lists = {
        name: (np.full(len(rows), size), rows[name].reshape(-1).astype(np.float64)) for name, size in sizes.items()
    }
    return _Table(plain, lists)


def _walked(body: bytes, start: int, element: _Element) -> tuple[_Table, int]:
    """Read rows whose lists differ in length, one after the other."""
    at_most("too_many_vertices", element.count * len(element.properties), _MAX_WALKED)
    spans: dict[str, list[tuple[int, int]]] = {one.name: [] for one in element.properties}
    columns = [(one, np.dtype(one.stored).itemsize, spans[one.name]) for one in element.properties]
    for _ in range(element.count):
        for one, width, found in columns:
            size = 1
            if one.length:
                size = _list_size(body, start, one.length)
                start += _LENGTHS[one.length].size
            found.append((start, size))
            start += width * size
        if start > len(body):
            reject("truncated")
    values = {one.name: _gathered(body, spans[one.name], one.stored) for one in element.properties}
    lists = {
        one.name: (np.array([size for _, size in spans[one.name]]), values[one.name])
        for one in element.properties
        if one.length
    }
    return _Table({name: value for name, value in values.items() if name not in lists}, lists), start


def _gathered(body: bytes, spans: list[tuple[int, int]], kind: str) -> NDArray[np.float64]:
    width = np.dtype(kind).itemsize
    picked = b"".join([body[start : start + width * size] for start, size in spans])
    return np.frombuffer(picked, kind).astype(np.float64)


def _part(corners: _Table | None, faces: _Table | None, elements: list[_Element]) -> Part:
    if corners is None or faces is None or not faces.lists:
        reject("no_triangles", {"triangles": 0})
    if not {"x", "y", "z"} <= corners.columns.keys():
        reject("ply_header")
    points = np.column_stack([corners.columns[axis] for axis in "xyz"])
    if not np.isfinite(points).all():
        reject("not_finite", where="PLY")
    triangles = _triangles(faces, points)
    return Part(points, triangles, colors=_colors(corners, elements))


def _triangles(faces: _Table, points: Floats) -> Numbers:
    name = next((name for name in _CORNER_LISTS if name in faces.lists), None)
    if name is None:
        reject("ply_header")
    counts, values = faces.lists[name]
    if not (np.isfinite(values).all() and (values == np.floor(values)).all()):
        reject("ply_list")
    if len(values) and (values.min() < 0 or values.max() >= len(points)):
        reject("index_out_of_range", where="PLY")
    corners = values.astype(np.int64)
    triangles, _ = triangulated(points[corners], counts)
    return corners[triangles]


def _colors(corners: _Table, elements: list[_Element]) -> Floats | None:
    vertex = next(element for element in elements if element.name == "vertex")
    declared = {one.name: one.declared for one in vertex.properties}
    for names in (("red", "green", "blue"), ("diffuse_red", "diffuse_green", "diffuse_blue")):
        if all(name in corners.columns and declared[name] in _FULL_COLOR for name in names):
            shades = [corners.columns[name] / _FULL_COLOR[declared[name]] for name in names]
            stored = np.column_stack(shades)
            return linear(stored) if np.isfinite(stored).all() else None
    return None
