"""The re-creation of 2023: the winner's theme and three invented examples."""

import math
from itertools import pairwise

import numpy as np

from geodata.west_shinjuku.generator import furniture as f
from geodata.west_shinjuku.generator import materials as m
from geodata.west_shinjuku.generator import shapes as s
from geodata.west_shinjuku.generator.parts import Assembly


def kind_space() -> Assembly:
    """8.0 x 5.0 x 3.0 m: for people, pets and the town: a deck round a tree, a low table, two-height water."""
    space = Assembly()
    space.join(f.plank_deck(8.0, 5.0, 0.1, m.CEDAR_LIGHT, 0.2))
    space.add(m.SOIL, s.cylinder(0.75, 0.42, 28), (-1.4, 0.1, -0.6))
    space.join(_ring_bench(1.05, 0.62), (-1.4, 0.1, -0.6))
    space.join(f.tree(2.5, 0.95, 5, 9), (-1.4, 0.5, -0.6))
    space.join(_people_table(), (1.7, 0.1, -1.0))
    space.join(_two_height_fountain(), (3.2, 0.1, 1.3))
    space.join(f.sitting_dog(0.6), (2.3, 0.1, 1.55), yaw=40)
    space.join(f.sitting_dog(0.42), (0.6, 0.1, 1.2), yaw=-30)
    for x, seed in ((-3.3, 11), (0.3, 17), (3.3, 23)):
        space.join(f.timber_planter(1.3, 0.45, 0.5), (x, 0.1, -2.2))
        space.join(f.shrub_row(1.1, 0.17, seed, 0.22), (x, 0.5, -2.2))
    for x in (-3.75, 3.75):
        space.join(f.lamp_post(2.9), (x, 0.1, -1.5))
    space.join(f.string_lights((-3.75, 2.85, -1.5), (3.75, 2.85, -1.5), 0.3, 12))
    space.join(f.slatted_bench(1.8, 0.45), (-2.9, 0.1, 1.9))
    space.join(_town_board(), (-0.4, 0.1, 2.2))
    return space


def _ring_bench(outer: float, inner: float) -> Assembly:
    bench = Assembly()
    for board in range(28):
        turn = 360 / 28 * board
        angle, middle = math.radians(turn), (outer + inner) / 2
        width = 2 * math.pi * outer / 28 - 0.03
        bench.add(
            m.CEDAR,
            s.box(width, 0.05, outer - inner),
            (middle * math.sin(angle), 0.4, middle * math.cos(angle)),
            yaw=turn,
        )
    bench.add(m.OAK, s.ring(outer - 0.12, outer - 0.18, 0.4, 36))
    return bench


def _people_table() -> Assembly:
    """A table that a wheelchair fits under, with two stools and one free side."""
    table = Assembly()
    table.add(m.OAK, s.slab(1.6, 0.05, 0.9, 0.2, steps=6), (0, 0.7, 0))
    table.add(m.STEEL_DARK, s.cylinder(0.06, 0.7, 12))
    table.add(m.STEEL_DARK, s.cylinder(0.32, 0.03, 24))
    for x, z in ((-0.5, 0.75), (0.5, 0.75), (-0.4, -0.75)):
        table.add(m.TEAL, s.cylinder(0.19, 0.06, 18), (x, 0.4, z))
        table.add(m.WALNUT, s.cylinder(0.13, 0.4, 12, 0.09), (x, 0, z))
    table.add(m.IVORY, s.cylinder(0.04, 0.09, 12), (0.3, 0.75, 0.1))
    table.add(m.IVORY, s.cylinder(0.04, 0.09, 12), (-0.3, 0.75, 0.2))
    return table


def _two_height_fountain() -> Assembly:
    fountain = Assembly()
    fountain.add(m.STONE, s.slab(0.36, 0.85, 0.36, 0.1))
    fountain.add(m.STEEL, s.ring(0.17, 0.13, 0.06, 20), (0, 0.85, 0))
    fountain.add(m.WATER, s.cylinder(0.13, 0.03, 20), (0, 0.85, 0))
    fountain.add(m.STEEL, s.rod((-0.12, 0.88, 0), (-0.02, 1.02, 0), 0.015))
    fountain.add(m.STONE, s.slab(0.44, 0.12, 0.4, 0.1), (-0.42, 0, 0.1))
    fountain.join(f.bowl(0.15, m.STEEL, m.WATER), (-0.42, 0.12, 0.1))
    fountain.add(m.STEEL, s.ring(0.06, 0.045, 0.015, 14), (0.0, 0.55, 0.19), pitch=90)
    return fountain


def _town_board() -> Assembly:
    """A low board where the town pins its notes."""
    board = Assembly()
    for x in (-0.5, 0.5):
        board.add(m.OAK, s.box(0.06, 1.1, 0.06), (x, 0, 0))
    board.add(m.PLYWOOD, s.box(1.1, 0.6, 0.03), (0, 0.45, 0))
    for number in range(12):
        x, y = -0.42 + (number % 4) * 0.28, 0.5 + (number // 4) * 0.18
        board.add(
            (m.YELLOW, m.PETAL_PINK, m.PAPER, m.LEAF_LIGHT)[(number * 3 + number // 4) % 4],
            s.box(0.16, 0.12, 0.006),
            (x, y, 0.018),
            roll=(number % 3 - 1) * 5,
        )
    board.add(m.CEDAR, s.gable(0.3, 0.08, 1.2), (0, 1.1, 0), yaw=90)
    return board


def long_table() -> Assembly:
    """10.0 x 2.6 x 2.7 m: one long table under a timber frame with strings of lights (invented example)."""
    table = Assembly()
    for frame in range(4):
        x = -4.9 + frame * 9.8 / 3
        for z in (-1.2, 1.2):
            table.add(m.OAK, s.box(0.12, 2.6, 0.12), (x, 0, z))
            table.add(m.STEEL_DARK, s.box(0.17, 0.06, 0.17), (x, 0, z))
        table.add(m.OAK, s.box(0.1, 0.16, 2.6), (x, 2.54, 0))
    for z in (-1.2, 1.2):
        table.add(m.OAK, s.box(10.0, 0.14, 0.1), (0, 2.42, z))
    for bay in range(3):
        x0 = -4.9 + bay * 9.8 / 3
        for z in (-0.6, 0.0, 0.6):
            table.join(f.string_lights((x0, 2.5, z), (x0 + 9.8 / 3, 2.5, z), 0.22, 5))
    table.join(_laid_table(8.6))
    for x, width in ((-2.7, 3.0), (1.4, 2.4)):
        for z in (-0.75, 0.75):
            table.join(f.slatted_bench(width, 0.36), (x, 0, z))
    return table


def _laid_table(length: float) -> Assembly:
    table = Assembly()
    for board in range(6):
        table.add((m.CEDAR, m.CEDAR_LIGHT)[board % 2], s.box(length, 0.045, 0.14), (0, 0.7, -0.375 + board * 0.15))
    for leg in range(5):
        x = (length - 0.6) * (leg / 4 - 0.5)
        for side in (-1, 1):
            table.add(m.WALNUT, s.beam((x, 0, side * 0.36), (x, 0.7, side * 0.12), 0.08))
        table.add(m.WALNUT, s.box(0.08, 0.08, 0.8), (x, 0.62, 0))
    for place in range(13):
        x = -length / 2 + 0.35 + place * (length - 0.7) / 12
        for side in (-1, 1):
            table.join(
                f.bowl(0.11, m.IVORY, (m.CARROT, m.LEAF_LIGHT, m.TOMATO)[(place + side) % 3]),
                (x, 0.745, side * 0.26),
            )
            table.add(
                (m.TEAL, m.ORANGE)[place % 2], s.cylinder(0.035, 0.1, 10, 0.042), (x + 0.18, 0.745, side * 0.2)
            )
    for number in range(4):
        x = -3.3 + number * 2.2
        table.add(m.BRICK, s.cylinder(0.07, 0.1, 12, 0.09), (x, 0.745, 0))
        table.add(m.LEAVES[number % 3], s.foliage(0.13, 60 + number), (x, 0.92, 0))
    return table


def light_path() -> Assembly:
    """9.0 x 3.0 x 2.6 m: seven timber arches with warm lamps over a brick path (invented example)."""
    path = Assembly()
    path.join(_brick_paving(9.0, 1.7))
    for number in range(7):
        x = -4.2 + number * 1.4
        path.add(m.CEDAR, s.arch(2.7, 2.6, 0.14, 0.1, 20), (x, 0, 0), yaw=90)
        path.add(m.LAMP, s.arch(2.48, 2.49, 0.04, 0.03, 20), (x, 0, 0), yaw=90)
        path.add(m.STEEL_DARK, s.cylinder(0.006, 0.25, 5), (x, 2.27, 0))
        path.join(f.paper_lantern(0.15, m.LAMP), (x, 2.3, 0))
        for side in (-1, 1):
            path.add(m.CONCRETE, s.slab(0.3, 0.08, 0.28, 0.06), (x, 0, side * 1.3))
    for side in (-1, 1):
        path.add(m.SOIL, s.box(9.0, 0.07, 0.5), (0, 0, side * 1.12))
        path.add(m.CORTEN, s.box(9.0, 0.12, 0.03), (0, 0, side * 0.87))
        path.add(m.CORTEN, s.box(9.0, 0.12, 0.03), (0, 0, side * 1.485))
        for bed in range(6):
            path.join(f.shrub_row(1.0, 0.15, 70 + bed + 10 * side, 0.25), (-3.5 + bed * 1.4, 0.07, side * 1.12))
    return path


def _brick_paving(length: float, width: float) -> Assembly:
    paving = Assembly()
    paving.add(m.CONCRETE, s.box(length, 0.03, width))
    columns, rows = 30, 8
    for column in range(columns):
        for row in range(rows):
            x = length * ((column + 0.5) / columns - 0.5)
            z = width * ((row + (0.5 if column % 2 else 0.25)) / (rows + 0.5) - 0.5) + 0.06
            clay = (m.BRICK, m.BRICK, m.CORTEN)[(column * 3 + row * 5) % 3]
            paving.add(clay, s.box(length / columns - 0.015, 0.02, width / rows - 0.03), (x, 0.03, z * 0.96))
    return paving


_MOUND = ((2.6, 0.0), (2.4, 0.3), (1.9, 0.72), (1.3, 1.05), (0.8, 1.2), (0.0, 1.24))
_MOUND_FOOT = 0.03


def _turf_height(away: float) -> float:
    """The height of the hill at a distance from its middle."""
    radii, heights = zip(*reversed(_MOUND), strict=True)
    return _MOUND_FOOT + float(np.interp(away, radii, heights))


def play_mound() -> Assembly:
    """6.0 x 6.0 x 1.8 m: a grassy hill with a slide, log steps, a pipe and a climbing rope (invented example)."""
    mound = Assembly()
    mound.add(m.RUBBER, s.cylinder(3.0, 0.04, 48))
    mound.add(m.TURF, s.lathe(_MOUND, 40), (0, _MOUND_FOOT, 0))
    mound.join(_slide())
    mound.join(_log_steps(), yaw=130)
    mound.join(_rope_climb(), yaw=230)
    for yaw in (0, 180):
        mound.join(_pipe_mouth(), yaw=yaw)
    for number in range(26):
        turn, away = number * 2.4, 0.9 + 0.055 * number
        spot = (away * math.cos(turn), _turf_height(away) + 0.03, away * math.sin(turn))
        mound.add(m.PETALS[number % 4], s.foliage(0.05, number, detail=0), spot)
        mound.add(m.LEAF, s.foliage(0.07, number, detail=0), (spot[0], spot[1] - 0.06, spot[2]))
    for x in (-0.62, 0.62):
        mound.add(m.OAK, s.cylinder(0.05, 0.6, 10), (x, 1.2, -0.3))
    mound.add(m.RED, s.rod((-0.62, 1.74, -0.3), (0.62, 1.74, -0.3), 0.03))
    mound.add(m.YELLOW, s.rod((-0.62, 1.5, -0.3), (0.62, 1.5, -0.3), 0.025))
    return mound


def _pipe_mouth() -> Assembly:
    mouth = Assembly()
    mouth.add(m.CONCRETE, s.ring(0.5, 0.4, 1.2, 28), (1.45, 0.5, 0), roll=-90)
    mouth.add(m.LACQUER, s.cylinder(0.4, 0.02, 24), (2.58, 0.5, 0), roll=-90)
    return mouth


def _slide() -> Assembly:
    slide = Assembly()
    points = [(1.36, 0.3), (1.34, 0.9), (0.34, 2.75), (0.26, 2.97)]
    for (y0, z0), (y1, z1) in pairwise(points):
        slide.add(m.STEEL, s.beam((0, y0, z0), (0, y1, z1), 0.8, 0.04))
        for side in (-0.42, 0.42):
            slide.add(m.ORANGE, s.beam((side, y0 + 0.1, z0), (side, y1 + 0.1, z1), 0.06, 0.2))
    for side in (-0.42, 0.42):
        slide.add(m.OAK, s.cylinder(0.05, 1.7 - 1.2, 10), (side, 1.2, 0.3))
        slide.add(m.OAK, s.cylinder(0.04, 0.45, 8), (side, 0.03, 2.5))
    return slide


def _log_steps() -> Assembly:
    steps = Assembly()
    for number in range(7):
        away = 2.5 - number * 0.3
        rise = _turf_height(away) + 0.03
        steps.add(m.BARK, s.cylinder(0.12, 0.9, 12), (-0.45, rise, away), roll=-90)
        steps.add(m.CEDAR_LIGHT, s.cylinder(0.1, 0.93, 12), (-0.465, rise, away), roll=-90)
    return steps


def _rope_climb() -> Assembly:
    climb = Assembly()
    for side in (-0.4, 0.4):
        climb.add(m.OAK, s.cylinder(0.06, 0.7, 10), (side, 1.0, 0.9))
        climb.add(m.ROPE, s.rod((side, 1.55, 0.9), (side * 1.3, 0.18, 2.7), 0.025))
    for number in range(6):
        share = (number + 1) / 7
        y, z, reach = 1.55 - 1.37 * share, 0.9 + 1.8 * share, 0.4 * (1 + 0.3 * share)
        climb.add(m.ROPE, s.rod((-reach, y, z), (reach, y, z), 0.022))
    return climb
