"""Calm figures that give a picture its scale: one adult of 165 cm in every picture, others farther off.

They are as plain as an architect's scale figures: no faces, matt clothes in quiet colours.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from geodata.glb_writer import Mesh
from geodata.scene.light import linear
from geodata.scene.modelling import Limb, Point, body
from geodata.scene.prop import Color, Prop, joined, painted, shifted
from geodata.west_shinjuku.generator.shapes import rod

SCALE_FIGURE = "adult-standing"
SCALE_FIGURE_M = 1.65

SKIN, HAIR, SHOE = linear("#c9a78f"), linear("#4a3f38"), linear("#4a4643")
GREY_HAIR = linear("#a9a39b")
_FINE_M, _LIGHT_M = 0.036, 0.072


def _leg(side: float, knee: Point, foot: Point, trousers: Color, shoe: Color = SHOE) -> list[Limb]:
    hip = (side * 0.085, 0.86, 0.0)
    heel = (foot[0], 0.045, foot[2] - 0.05)
    toe = (foot[0] * 1.12, 0.04, foot[2] + 0.13)
    return [
        Limb(hip, knee, 0.088, 0.062, trousers),
        Limb(knee, (foot[0], 0.11, foot[2] - 0.03), 0.062, 0.048, trousers),
        Limb(heel, toe, 0.045, 0.036, shoe),
    ]


def _arm(side: float, elbow: Point, hand: Point, sleeve: Color, lift: float = 0.0) -> list[Limb]:
    shoulder = (side * 0.17, 1.335 + lift, 0.0)
    return [
        Limb(shoulder, elbow, 0.058, 0.044, sleeve),
        Limb(elbow, hand, 0.043, 0.032, sleeve),
        Limb(hand, (hand[0], hand[1] - 0.06, hand[2] + 0.02), 0.034, 0.026, SKIN),
    ]


def _trunk(top: Color, trousers: Color, lean: float = 0.0) -> list[Limb]:
    return [
        Limb((-0.04, 0.9, 0.0), (0.04, 0.9, 0.0), 0.125, 0.125, trousers, 0.82),
        Limb((0.0, 0.98, 0.0), (0.0, 1.24, lean), 0.125, 0.15, top, 0.72),
        Limb((-0.12, 1.34, lean), (0.12, 1.34, lean), 0.068, 0.068, top),
        Limb((0.0, 1.36, lean), (0.0, 1.46, lean + 0.015), 0.052, 0.05, SKIN),
    ]


def _head(lean: float = 0.0, hair: Color = HAIR) -> list[Limb]:
    return [
        Limb((0.0, 1.5, lean + 0.03), (0.0, 1.55, lean + 0.025), 0.078, 0.092, SKIN),
        Limb((0.0, 1.525, lean - 0.02), (0.0, 1.556, lean), 0.092, 0.0975, hair),
    ]


def _adult_standing() -> list[Limb]:
    coat, trousers = linear("#41596f"), linear("#a39a8b")
    return [
        *_leg(-1, (-0.085, 0.48, 0.015), (-0.09, 0.0, 0.0), trousers),
        *_leg(1, (0.085, 0.48, 0.03), (0.1, 0.0, 0.05), trousers),
        Limb((-0.05, 0.84, 0.0), (0.05, 0.84, 0.0), 0.12, 0.12, coat, 0.8),
        *_trunk(coat, coat),
        *_arm(-1, (-0.225, 1.08, -0.03), (-0.225, 0.86, 0.02), coat),
        *_arm(1, (0.225, 1.08, -0.03), (0.215, 0.86, 0.04), coat),
        *_head(),
    ]


def _adult_walking(top: Color, trousers: Color, hair: Color = HAIR) -> list[Limb]:
    return [
        *_leg(-1, (-0.09, 0.47, 0.16), (-0.1, 0.0, 0.24), trousers),
        *_leg(1, (0.09, 0.46, -0.05), (0.09, 0.02, -0.28), trousers),
        *_trunk(top, trousers, 0.02),
        *_arm(-1, (-0.23, 1.08, -0.12), (-0.22, 0.88, -0.2), top),
        *_arm(1, (0.23, 1.08, 0.06), (0.21, 0.9, 0.2), top),
        *_head(0.03, hair),
    ]


def _elder(cell_m: float) -> Prop:
    coat, trousers = linear("#8f7f92"), linear("#77726b")
    limbs = [
        *_leg(-1, (-0.085, 0.47, 0.03), (-0.09, 0.0, 0.02), trousers),
        *_leg(1, (0.085, 0.47, 0.0), (0.1, 0.0, -0.05), trousers),
        *_trunk(coat, trousers, 0.06),
        *_arm(-1, (-0.23, 1.09, 0.0), (-0.22, 0.87, 0.06), coat),
        *_arm(1, (0.23, 1.1, 0.05), (0.23, 0.93, 0.24), coat),
        *_head(0.1, GREY_HAIR),
    ]
    person = body([_sized(limb, 0.95) for limb in limbs], cell_m)
    stick = rod((0.22, 0.83, 0.26), (0.24, 0.0, 0.34), 0.014, 6)
    return joined([person, painted(stick, linear("#6b4a30"))])


def _child() -> list[Limb]:
    top, shorts = linear("#d3ac62"), linear("#5d7388")
    size = 0.69
    limbs = [
        *_leg(-1, (-0.09, 0.47, 0.1), (-0.1, 0.0, 0.14), shorts),
        *_leg(1, (0.09, 0.46, -0.03), (0.09, 0.02, -0.2), shorts),
        *_trunk(top, shorts),
        *_arm(-1, (-0.27, 1.16, 0.05), (-0.36, 1.02, 0.2), top),
        *_arm(1, (0.27, 1.12, -0.04), (0.33, 0.96, 0.06), top),
        Limb((0.0, 1.52, 0.03), (0.0, 1.58, 0.03), 0.115, 0.125, SKIN),
        Limb((0.0, 1.55, -0.03), (0.0, 1.6, 0.0), 0.128, 0.13, HAIR),
    ]
    return [_sized(limb, size) for limb in limbs]


def _sized(limb: Limb, size: float) -> Limb:
    def scaled(point: Point) -> Point:
        return point[0] * size, point[1] * size, point[2] * size

    radii = limb.start_radius * size, limb.end_radius * size
    return Limb(scaled(limb.start), scaled(limb.end), *radii, limb.color, limb.flatness)


def _seated(top: Color, trousers: Color) -> list[Limb]:
    legs = [
        limb
        for side in (-1.0, 1.0)
        for limb in (
            Limb((side * 0.09, 0.57, -0.1), (side * 0.1, 0.58, 0.3), 0.085, 0.068, trousers),
            Limb((side * 0.1, 0.57, 0.31), (side * 0.1, 0.2, 0.4), 0.064, 0.048, trousers),
            Limb((side * 0.1, 0.16, 0.38), (side * 0.1, 0.15, 0.52), 0.045, 0.036, SHOE),
            Limb((side * 0.17, 0.98, -0.12), (side * 0.24, 0.74, -0.08), 0.056, 0.043, top),
            Limb((side * 0.24, 0.74, -0.08), (side * 0.2, 0.68, 0.16), 0.042, 0.034, top),
        )
    ]
    return [
        *legs,
        Limb((-0.05, 0.58, -0.14), (0.05, 0.58, -0.14), 0.12, 0.12, trousers),
        Limb((0.0, 0.66, -0.14), (0.0, 0.9, -0.13), 0.125, 0.145, top, 0.75),
        Limb((-0.12, 1.0, -0.13), (0.12, 1.0, -0.13), 0.066, 0.066, top),
        Limb((0.0, 1.02, -0.12), (0.0, 1.12, -0.1), 0.05, 0.05, SKIN),
        Limb((0.0, 1.17, -0.07), (0.0, 1.22, -0.07), 0.08, 0.092, SKIN),
        Limb((0.0, 1.19, -0.12), (0.0, 1.225, -0.1), 0.094, 0.098, GREY_HAIR),
    ]


def _wheel(centre: Point, radius: float, color: Color, detail: tuple[int, int, int]) -> Prop:
    """A tyre about an axle along x, of some segments around and across it, and a few spokes."""
    (x, y, z), thickness, (segments, sides, count) = centre, 0.016, detail
    around, across = (2 * np.pi * np.arange(parts) / parts for parts in (segments, sides))
    outward = np.stack([np.zeros(segments), np.sin(around), np.cos(around)], axis=1)
    normals = np.cos(across)[None, :, None] * outward[:, None] + np.sin(across)[None, :, None] * np.array(
        [1.0, 0.0, 0.0]
    )
    places = np.array(centre) + radius * outward[:, None] + thickness * normals
    here, there = np.arange(segments)[:, None] * sides, (np.arange(segments)[:, None] + 1) % segments * sides
    left, right = np.arange(sides)[None], (np.arange(sides)[None] + 1) % sides
    quads = np.stack([here + left, there + left, there + right, here + right], axis=-1).reshape(-1, 4)
    tyre = Mesh(
        places.reshape(-1, 3), normals.reshape(-1, 3), np.concatenate([quads[:, [0, 2, 1]], quads[:, [0, 3, 2]]])
    )
    turns = [2 * math.pi * step / count for step in range(count)]
    ends = [(x, y + radius * math.sin(turn), z + radius * math.cos(turn)) for turn in turns]
    spokes = (rod(centre, end, thickness * 0.35, 3) for end in ends)
    return joined(painted(mesh, color) for mesh in (tyre, *spokes))


def _wheelchair(cell_m: float) -> Prop:
    frame, detail = linear("#5b5f63"), (28, 6, 6) if cell_m == _FINE_M else (16, 4, 3)
    person = body(_seated(linear("#5f8583"), linear("#6b5c50")), cell_m)
    wheels = [
        _wheel((side * x, radius, z), radius, frame, detail)
        for side in (-1, 1)
        for x, radius, z in ((0.29, 0.3, -0.12), (0.22, 0.09, 0.34))
    ]
    rods = [
        rod(start, end, 0.016, 6 if cell_m == _FINE_M else 3)
        for side in (-1, 1)
        for start, end in (
            ((side * 0.22, 0.45, -0.26), (side * 0.22, 0.92, -0.32)),
            ((side * 0.22, 0.92, -0.32), (side * 0.22, 0.94, -0.42)),
            ((side * 0.22, 0.45, -0.26), (side * 0.22, 0.45, 0.26)),
            ((side * 0.22, 0.45, 0.26), (side * 0.2, 0.1, 0.4)),
            ((side * 0.22, 0.1, 0.34), (side * 0.22, 0.45, 0.26)),
        )
    ]
    seat = body([Limb((-0.16, 0.43, -0.2), (0.16, 0.43, 0.2), 0.05, 0.05, frame)], cell_m)
    return joined([person, seat, *wheels, *(painted(mesh, frame) for mesh in rods)])


def _dog() -> list[Limb]:
    coat, dark = linear("#c29c70"), linear("#8f6d4c")
    legs = [
        Limb((x, 0.3, z), (x, 0.03, z + 0.02), 0.045, 0.028, coat) for x in (-0.07, 0.07) for z in (-0.2, 0.17)
    ]
    return [
        *legs,
        Limb((0.0, 0.36, -0.2), (0.0, 0.38, 0.16), 0.1, 0.115, coat),
        Limb((0.0, 0.42, 0.2), (0.0, 0.55, 0.3), 0.08, 0.07, coat),
        Limb((0.0, 0.57, 0.32), (0.0, 0.54, 0.46), 0.082, 0.045, coat),
        Limb((-0.055, 0.63, 0.29), (-0.085, 0.56, 0.3), 0.035, 0.025, dark),
        Limb((0.055, 0.63, 0.29), (0.085, 0.56, 0.3), 0.035, 0.025, dark),
        Limb((0.0, 0.42, -0.28), (0.0, 0.56, -0.36), 0.03, 0.02, coat),
    ]


def _parent_with_child(cell_m: float) -> Prop:
    parent = body(_adult_walking(linear("#7a8c6c"), linear("#c9bfae")), cell_m)
    return joined([parent, shifted(body(_child(), cell_m), (-0.52, 0.0, 0.12), 0.1)])


def _dog_walker(cell_m: float) -> Prop:
    walker = body(_adult_walking(linear("#e0d8c8"), linear("#6f7f94")), cell_m)
    lead = rod((0.21, 0.86, 0.22), (0.45, 0.55, 0.95), 0.008, 4)
    dog = shifted(body(_dog(), cell_m * 0.8, 0.03), (0.45, 0.0, 0.7), 0.1)
    return joined([walker, painted(lead, linear("#4a4038")), dog])


_FIGURES: dict[str, Callable[[float], Prop]] = {
    SCALE_FIGURE: lambda cell_m: body(_adult_standing(), cell_m),
    "elder": _elder,
    "adult-walking": lambda cell_m: body(_adult_walking(linear("#44546e"), linear("#8d8577")), cell_m),
    "parent-with-child": _parent_with_child,
    "dog-walker": _dog_walker,
    "wheelchair": _wheelchair,
}
FIGURES = tuple(_FIGURES)


@lru_cache(maxsize=32)
def figure(name: str, fine: bool) -> Prop:
    """A figure by name, facing +z: fine for a picture, or light for a phone."""
    return _FIGURES[name](_FINE_M if fine else _LIGHT_M)
