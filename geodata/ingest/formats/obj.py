"""Wavefront OBJ: corners, polygons, pictures' coordinates, normals and colours at corners, materials by name.

Points and lines are left out. Curved surfaces are refused, because what is left out would not be measured;
so is `call`, which reads another file.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.formats.archive import Lookup, decoded
from geodata.ingest.formats.checks import at_most, plain
from geodata.ingest.formats.mtl import Paints, read_mtl
from geodata.ingest.formats.part import Floats, Numbers, Paint, Part, linear
from geodata.ingest.formats.polygons import triangulated
from geodata.ingest.formats.text import BOM, Block, blocks, columns, floats, integers, word_starts
from geodata.ingest.limits import Limits

_CALLS = {b"call", b"csh"}
_CURVES = {b"cstype", b"bmat", b"curv", b"curv2", b"surf", b"parm", b"trim", b"hole", b"scrv", b"sp"}
_READ = {b"v", b"vt", b"vn", b"f", b"usemtl", b"mtllib"}
_LEFT_OUT = {b"g", b"o", b"s", b"l", b"p", b"vp", b"mg", b"lod", b"usemap", b"maplib", b"bevel", b"c_interp"}
_LEFT_OUT |= {b"d_interp", b"shadow_obj", b"trace_obj", b"deg", b"step", b"end", b"con", b"ctech", b"stech"}
_SLASH = ord("/")
_NO_MATERIAL = b""


@dataclass
class _Faces:
    """Polygons of one block: corners (n, 3) as point, uv and normal number from 1 (0: none), corners of each
    polygon, and the number of its material's name.
    """

    corners: Numbers
    counts: Numbers
    materials: Numbers


@dataclass
class _Collected:
    """What the blocks held so far. Polygons name their corners by numbers that run through the whole file."""

    limits: Limits
    points: list[Floats] = field(default_factory=lambda: [np.empty((0, 6))])
    uvs: list[Floats] = field(default_factory=lambda: [np.empty((0, 2))])
    normals: list[Floats] = field(default_factory=lambda: [np.empty((0, 3))])
    faces: list[_Faces] = field(default_factory=list)
    libraries: list[bytes] = field(default_factory=list)
    names: list[bytes] = field(default_factory=lambda: [_NO_MATERIAL])
    triangles: int = 0

    def totals(self) -> tuple[int, int, int]:
        """How many points, uvs and normals there are."""
        points, uvs, normals = (sum(map(len, listed)) for listed in (self.points, self.uvs, self.normals))
        return points, uvs, normals

    def add(self, block: Block) -> None:
        """Read one block; raises ModelRejected."""
        _check_words(block)
        before = self.totals()
        self._add_corners(block)
        at_most("too_many_vertices", max(self.totals()), self.limits.vertices)
        self.libraries += _names(block, b"mtllib")
        first_name = len(self.names)
        self.names += _names(block, b"usemtl")
        at_most("too_many_primitives", len(self.names), self.limits.triangles)
        faces = _read_faces(block, before, first_name)
        self.triangles += int((faces.counts - 2).sum())
        at_most("too_many_triangles", self.triangles, self.limits.triangles)
        self.faces.append(faces)

    def _add_corners(self, block: Block) -> None:
        text, widths = block.rest_of(b"v")
        if not np.isin(widths, (3, 4, 6, 7)).all():
            reject("text_invalid", where="v")
        points = columns(floats(text, "v"), widths, 7, np.nan)
        # Four numbers are a point and a weight, which only curves use; seven are those and a colour.
        points[widths == 7, 3:6] = points[widths == 7, 4:7]
        points[widths == 4, 3] = np.nan
        self.points.append(points[:, :6])
        self.uvs.append(_rows(block, b"vt", 1, 2))
        self.normals.append(_rows(block, b"vn", 3, 3))


def read_obj(data: bytes, limits: Limits, beside: Lookup | None) -> list[Part]:
    """Read an OBJ; materials come from the files beside it, and there are none without. Raises ModelRejected."""
    # Counted before anything is read, so that far too much is refused at once.
    at_most("too_many_vertices", data.count(b"\nv "), limits.vertices)
    at_most("too_many_triangles", data.count(b"\nf "), limits.triangles)
    collected = _Collected(limits)
    for block in blocks(data.removeprefix(BOM)):
        collected.add(block)
    paints = {} if beside is None else _paints(collected.libraries, limits, beside)
    return _parts(collected, paints)


def _check_words(block: Block) -> None:
    unknown = {word for word in block.kinds() - _READ - _LEFT_OUT if not word.startswith(b"#")}
    if unknown & _CALLS:
        reject("obj_call")
    if unknown & _CURVES:
        reject("obj_curves")
    if unknown:
        reject("text_invalid", where=plain(sorted(unknown)[0].decode("ascii", "replace")))


def _rows(block: Block, word: bytes, least: int, wanted: int) -> Floats:
    text, widths = block.rest_of(word)
    if ((widths < least) | (widths > 3)).any():
        reject("text_invalid", where=word.decode())
    return columns(floats(text, word.decode()), widths, wanted, 0.0)


def _names(block: Block, word: bytes) -> list[bytes]:
    text, _ = block.rest_of(word)
    return [line.strip() for line in text.splitlines()]


def _read_faces(block: Block, before: tuple[int, int, int], first_name: int) -> _Faces:
    text, counts = block.rest_of(b"f")
    if (counts < 3).any():
        reject("text_invalid", where="f")
    lines = block.lines_of(b"f")
    corners = _corner_numbers(text)
    for column, word in enumerate((b"v", b"vt", b"vn")):
        known = before[column] + np.searchsorted(block.lines_of(word), lines)
        backwards = corners[:, column] < 0  # counted from the last one before this line
        corners[:, column] += np.where(backwards, np.repeat(known, counts) + 1, 0)
    if (corners < 0).any() or (corners[:, 0] == 0).any():
        reject("index_out_of_range", where="f")
    materials = first_name - 1 + np.searchsorted(block.lines_of(b"usemtl"), lines)
    return _Faces(corners, counts, materials)


def _corner_numbers(text: bytes) -> Numbers:
    """Read corners written v, v/vt, v//vn or v/vt/vn; returns (n, 3), 0 where nothing stands."""
    codes = np.frombuffer(text, np.uint8)
    starts = word_starts(codes)
    slashes = np.bincount(
        np.searchsorted(starts, np.flatnonzero(codes == _SLASH), "right") - 1, minlength=len(starts)
    )
    numbers = integers(text.replace(b"//", b"/0/").replace(b"/", b" "), "f")
    if slashes.max(initial=0) > 2 or len(numbers) != (slashes + 1).sum():
        reject("text_invalid", where="f")
    return columns(numbers, slashes + 1, 3, 0)


def _paints(libraries: list[bytes], limits: Limits, beside: Lookup) -> Paints:
    paints: Paints = {}
    for library in dict.fromkeys(libraries):
        name = decoded(library)
        data = beside.find(name)
        if data is None:
            reject("file_missing", name=plain(name))
        paints |= read_mtl(data, limits, beside)
    return paints


def _parts(collected: _Collected, paints: Paints) -> list[Part]:
    corners = np.concatenate([faces.corners for faces in collected.faces])
    if (corners.max(axis=0, initial=0) > collected.totals()).any():
        reject("index_out_of_range", where="f")
    counts = np.concatenate([faces.counts for faces in collected.faces])
    tables = tuple(np.concatenate(listed) for listed in (collected.points, collected.uvs, collected.normals))
    triangles, polygon = triangulated(tables[0][corners[:, 0] - 1, :3], counts)
    used = np.concatenate([faces.materials for faces in collected.faces])[polygon]
    surfaces = [paints.get(name, Paint()) for name in collected.names]
    numbers = {paint: number for number, paint in enumerate(dict.fromkeys(surfaces))}
    paint_of = np.array([numbers[paint] for paint in surfaces])[used]
    return [
        _part(corners[triangles[paint_of == number]].reshape(-1, 3), tables, paint)
        for paint, number in numbers.items()
        if (paint_of == number).any()
    ]


def _part(corners: Numbers, tables: tuple[NDArray[np.float64], ...], paint: Paint) -> Part:
    """Build one part of corners (3k, 3), three a triangle; equal corners become one."""
    points, uvs, normals = tables
    sizes = np.array([len(uvs) + 1, len(normals) + 1])
    keys = (corners[:, 0] * sizes[0] + corners[:, 1]) * sizes[1] + corners[:, 2]
    keys, numbers = np.unique(keys, return_inverse=True)
    rest, normal = np.divmod(keys, sizes[1])
    point, uv = np.divmod(rest, sizes[0])
    stored = points[point - 1]
    return Part(
        points=stored[:, :3],
        triangles=numbers.reshape(-1, 3),
        normals=normals[normal - 1] if normal.all() else None,
        uvs=_uvs(uvs, uv) if uv.any() else None,
        colors=linear(stored[:, 3:]) if np.isfinite(stored[:, 3:]).all() else None,
        paint=paint,
    )


def _uvs(uvs: Floats, numbers: Numbers) -> Floats:
    """OBJ counts v upwards from the picture's foot, glTF downwards from its top; a corner without stands at 0."""
    padded = np.vstack([[0.0, 1.0], uvs])[numbers]
    return np.column_stack([padded[:, 0], 1.0 - padded[:, 1]])
