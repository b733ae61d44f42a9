"""Primitive solids as meshes.

Unless said otherwise a solid stands on y = 0, is centred on x and z, and every length is in metres.
"""

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise, product

import numpy as np

from geodata.glb_writer import Floats, Mesh, merge

Point = tuple[float, float, float]


def flat(corners: Floats, triangles: Sequence[Sequence[int]]) -> Mesh:
    """A faceted mesh: every triangle gets its own three vertices and one normal."""
    points = corners[np.asarray(triangles, dtype=np.int64).ravel()]
    sides = points.reshape(-1, 3, 3)
    normals = np.cross(sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh(points, np.repeat(normals, 3, axis=0), np.arange(len(points)).reshape(-1, 3))


def box(width: float, height: float, depth: float) -> Mesh:
    """A cuboid of the given width (x), height (y) and depth (z)."""
    outline = [(-width / 2, depth / 2), (width / 2, depth / 2), (width / 2, -depth / 2), (-width / 2, -depth / 2)]
    return prism(outline, height)


def prism(outline: Sequence[tuple[float, float]], height: float) -> Mesh:
    """A convex outline of (x, z) points, counter-clockwise seen from above, raised to `height`."""
    count = len(outline)
    low = np.array([(x, 0.0, z) for x, z in outline])
    high = low + np.array([0.0, height, 0.0])
    sides = [_quad(low[i], low[(i + 1) % count], high[(i + 1) % count], high[i]) for i in range(count)]
    return merge([*sides, _fan(high), _fan(low[::-1])])


def slab(width: float, height: float, depth: float, radius: float, steps: int = 4) -> Mesh:
    """A cuboid whose upright edges are rounded with `radius`."""
    outline = []
    for quarter, (sign_x, sign_z) in enumerate(((1, 1), (1, -1), (-1, -1), (-1, 1))):
        for step in range(steps + 1):
            angle = math.pi / 2 * (1 - quarter - step / steps)
            centre_x, centre_z = sign_x * (width / 2 - radius), sign_z * (depth / 2 - radius)
            outline.append((centre_x + radius * math.cos(angle), centre_z + radius * math.sin(angle)))
    return prism(outline, height)


def side_profile(outline: Sequence[tuple[float, float]], depth: float) -> Mesh:
    """A convex outline of (x, y) points, counter-clockwise seen from the front, drawn out along z."""
    count = len(outline)
    back = np.array([(x, y, -depth / 2) for x, y in outline])
    front = back + np.array([0.0, 0.0, depth])
    sides = [_quad(back[i], back[(i + 1) % count], front[(i + 1) % count], front[i]) for i in range(count)]
    return merge([*sides, _fan(front), _fan(back[::-1])])


def gable(width: float, rise: float, depth: float) -> Mesh:
    """A pitched roof body: its ridge runs along z."""
    return side_profile([(-width / 2, 0.0), (width / 2, 0.0), (0.0, rise)], depth)


def wedge(length: float, rise: float, depth: float) -> Mesh:
    """A ramp that climbs from x = -length/2 to x = +length/2."""
    return side_profile([(-length / 2, 0.0), (length / 2, 0.0), (length / 2, rise)], depth)


def cylinder(radius: float, height: float, segments: int = 16, top_radius: float | None = None) -> Mesh:
    """A round post; with `top_radius` it tapers."""
    return lathe([(radius, 0.0), (radius if top_radius is None else top_radius, height)], segments)


def lathe(profile: Sequence[tuple[float, float]], segments: int = 16) -> Mesh:
    """A profile of (radius, y) points from bottom to top, turned about the y axis and closed with caps."""
    angles = [2 * math.pi * step / segments for step in range(segments + 1)]
    bands = [_band(low, high, angles) for low, high in pairwise(profile)]
    (low_radius, low_y), (high_radius, high_y) = profile[0], profile[-1]
    if high_radius > 0:
        bands.append(_fan(_ring(high_radius, high_y, angles[:-1])))
    if low_radius > 0:
        bands.append(_fan(_ring(low_radius, low_y, angles[:-1])[::-1]))
    return merge(bands)


def ring(outer: float, inner: float, height: float, segments: int = 32) -> Mesh:
    """A flat tube: a round wall between two radii."""
    angles = [2 * math.pi * step / segments for step in range(segments + 1)]
    walls = [((inner, 0.0), (outer, 0.0)), ((outer, 0.0), (outer, height))]
    walls += [((outer, height), (inner, height)), ((inner, height), (inner, 0.0))]
    return merge(_band(low, high, angles) for low, high in walls)


def arch(width: float, height: float, depth: float, thickness: float, segments: int = 16) -> Mesh:
    """A half-elliptic arch that spans `width` (x) with a square section."""
    angles = [math.pi * step / segments for step in range(segments + 1)]
    pieces = []
    for start, end in pairwise(angles):
        outline = [
            (width / 2 * math.cos(start), height * math.sin(start)),
            (width / 2 * math.cos(end), height * math.sin(end)),
            ((width / 2 - thickness) * math.cos(end), (height - thickness) * math.sin(end)),
            ((width / 2 - thickness) * math.cos(start), (height - thickness) * math.sin(start)),
        ]
        pieces.append(side_profile(outline, depth))
    return merge(pieces)


def vault(width: float, rise: float, depth: float, thickness: float, segments: int = 8) -> Mesh:
    """A shallow curved roof sheet: its curve spans x, it is drawn out along z."""
    xs = [width * (step / segments - 0.5) for step in range(segments + 1)]
    ys = [rise * (1 - (2 * x / width) ** 2) for x in xs]
    pieces = []
    for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
        pieces.append(side_profile([(x0, y0), (x1, y1), (x1, y1 + thickness), (x0, y0 + thickness)], depth))
    return merge(pieces)


def beam(start: Point, end: Point, width: float, height: float | None = None) -> Mesh:
    """A square bar from one point to another."""
    tall = width if height is None else height
    length = math.dist(start, end)
    bar = prism(
        [(-width / 2, tall / 2), (width / 2, tall / 2), (width / 2, -tall / 2), (-width / 2, -tall / 2)], length
    )
    return _along(bar, start, end)


def rod(start: Point, end: Point, radius: float, segments: int = 8, top_radius: float | None = None) -> Mesh:
    """A round bar from one point to another."""
    return _along(cylinder(radius, math.dist(start, end), segments, top_radius), start, end)


def sagging(start: Point, end: Point, sag: float, radius: float, steps: int = 8) -> Mesh:
    """A rope or cable that hangs `sag` below the straight line (a parabola, close to the catenary)."""
    points = [hanging_point(start, end, sag, step / steps) for step in range(steps + 1)]
    return merge(rod(first, second, radius, 6) for first, second in pairwise(points))


def hanging_point(start: Point, end: Point, sag: float, share: float) -> Point:
    """The point of the hanging line at `share` (0–1) of its way."""
    x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
    return x, y - sag * 4 * share * (1 - share), z


def ball(radius: float, segments: int = 12) -> Mesh:
    """A smooth sphere centred on the origin."""
    rows = max(4, segments // 2)
    turns = [math.pi * row / rows for row in range(1, rows)]
    rounds = [(radius * math.sin(turn), -radius * math.cos(turn)) for turn in turns]
    solid = lathe([(0.0, -radius), *rounds, (0.0, radius)], segments)
    return Mesh(solid.positions, solid.positions / radius, solid.triangles)


def dome(radius: float, height: float, segments: int = 16, rows: int = 4) -> Mesh:
    """The upper half of an ellipsoid, closed below."""
    turns = [math.pi / 2 * row / rows for row in range(rows + 1)]
    profile = [(radius * math.cos(turn), height * math.sin(turn)) for turn in turns]
    profile[-1] = (0.0, height)
    return lathe(profile, segments)


def foliage(radius: float, seed: int, detail: int = 1, jitter: float = 0.14, facets: bool = False) -> Mesh:
    """A leafy clump: an icosphere centred on the origin with a fixed, seeded unevenness, smooth or faceted."""
    corners, triangles = _icosphere(detail)
    chance = random.Random(seed)  # noqa: S311 - decoration, not a secret
    scale = np.array([1 + jitter * (2 * chance.random() - 1) for _ in corners])
    points = corners * scale[:, None] * radius
    return flat(points, triangles) if facets else Mesh(points, corners, np.array(triangles))


def leaf(length: float, width: float, rise: float, droop: float) -> Mesh:
    """A pointed, folded leaf from the origin along +x: it lifts by `rise`, then ends `droop` lower."""
    corners = np.array(
        [
            (0.0, 0.0, 0.0),
            (0.45 * length, rise, width / 2),
            (0.45 * length, rise, -width / 2),
            (0.45 * length, rise + 0.12 * width, 0.0),
            (length, -droop, 0.0),
        ]
    )
    return flat(corners, [(0, 1, 3), (0, 3, 2), (1, 4, 3), (3, 4, 2), (0, 2, 1), (1, 2, 4)])


def scaled(mesh: Mesh, factor: float) -> Mesh:
    """The mesh made larger or smaller about the origin."""
    return Mesh(mesh.positions * factor, mesh.normals, mesh.triangles)


@lru_cache(maxsize=8)
def _icosphere(detail: int) -> tuple[Floats, list[tuple[int, int, int]]]:
    """A unit icosahedron, each face cut in four `detail` times; shared, so nobody may change it."""
    golden = (1 + math.sqrt(5)) / 2
    corners = [
        np.roll(np.array([0.0, short, long * golden]), turn)
        for turn in range(3)
        for short, long in product((-1.0, 1.0), repeat=2)
    ]
    triangles = [_outward(corners, trio) for trio in combinations(range(12), 3) if _is_face(corners, trio)]
    for _ in range(detail):
        triangles = _subdivided(corners, triangles)
    points = np.array(corners)
    return points / np.linalg.norm(points, axis=1, keepdims=True), triangles


def _is_face(corners: Sequence[Floats], trio: tuple[int, int, int]) -> bool:
    # The edges of this icosahedron have length 2; every three mutually joined corners are a face.
    return all(math.isclose(math.dist(corners[a], corners[b]), 2.0) for a, b in combinations(trio, 2))


def _outward(corners: Sequence[Floats], trio: tuple[int, int, int]) -> tuple[int, int, int]:
    a, b, c = trio
    return trio if np.dot(np.cross(corners[a], corners[b]), corners[c]) > 0 else (a, c, b)


def _subdivided(corners: list[Floats], triangles: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Cuts every triangle in four; the new corners are appended to `corners`, on their sphere."""
    middles: dict[tuple[int, int], int] = {}

    def middle(a: int, b: int) -> int:
        edge = (min(a, b), max(a, b))
        if edge not in middles:
            middles[edge] = len(corners)
            point = corners[a] + corners[b]
            corners.append(point * float(np.linalg.norm(corners[a]) / np.linalg.norm(point)))
        return middles[edge]

    quartered = []
    for a, b, c in triangles:
        ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
        quartered += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return quartered


def _quad(a: Floats, b: Floats, c: Floats, d: Floats) -> Mesh:
    return _fan(np.array([a, b, c, d]))


def _fan(points: Floats) -> Mesh:
    """A convex plane polygon; its corners run counter-clockwise seen from outside."""
    normal = _cross(points[1] - points[0], points[-1] - points[0])
    normals = np.tile(normal / np.linalg.norm(normal), (len(points), 1))
    return Mesh(points, normals, np.array([(0, step, step + 1) for step in range(1, len(points) - 1)]))


def _ring(radius: float, height: float, angles: Sequence[float]) -> Floats:
    return np.array([(radius * math.cos(turn), height, -radius * math.sin(turn)) for turn in angles])


def _band(low: tuple[float, float], high: tuple[float, float], angles: Sequence[float]) -> Mesh:
    """The surface between two (radius, y) points turned about y, smooth around."""
    out, up = high[1] - low[1], low[0] - high[0]
    slope = math.hypot(out, up)
    around = _ring(out / slope, up / slope, angles)
    count = len(angles)
    triangles = []
    for step in range(count - 1):
        if low[0] > 0:
            triangles.append((step, step + 1, count + step + 1))
        if high[0] > 0:
            triangles.append((step, count + step + 1, count + step))
    points = np.concatenate([_ring(*low, angles), _ring(*high, angles)])
    return Mesh(points, np.concatenate([around, around]), np.array(triangles))


def _along(mesh: Mesh, start: Point, end: Point) -> Mesh:
    """Lays a mesh that stands on the origin along the line from start to end."""
    forward = np.subtract(end, start) / math.dist(start, end)
    side = _cross(forward, np.array([0.0, 1.0, 0.0]))
    side = np.array([1.0, 0.0, 0.0]) if np.linalg.norm(side) < 1e-6 else side / np.linalg.norm(side)
    frame = np.array([side, forward, _cross(side, forward)])
    return Mesh(mesh.positions @ frame + np.array(start), mesh.normals @ frame, mesh.triangles)


def _cross(one: Floats, other: Floats) -> Floats:
    """The cross product of two single vectors, for which np.cross takes ten times as long."""
    (a, b, c), (x, y, z) = one.tolist(), other.tolist()
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])
