"""Places to grow, read, play and eat together: garden cubes, lawn stage, piano and books, book tunnel."""

import math

from geodata.glb_writer import Material
from geodata.west_shinjuku.generator import furniture as f
from geodata.west_shinjuku.generator import materials as m
from geodata.west_shinjuku.generator import shapes as s
from geodata.west_shinjuku.generator.parts import Assembly


def garden_cubes() -> Assembly:
    """4.8 x 4.8 x 1.6 m: nine timber planters at three heights with vegetables, a bean tent and tools."""
    garden = Assembly()
    crops = (_cabbages, _tomatoes, _carrots, _herbs, _beans, _cabbages, _carrots, _herbs, _tomatoes)
    heights = (0.8, 0.55, 0.4, 0.55, 0.4, 0.8, 0.4, 0.8, 0.55)
    for number, (crop, height) in enumerate(zip(crops, heights, strict=True)):
        x, z = -1.8 + (number % 3) * 1.8, -1.8 + (number // 3) * 1.8
        garden.join(f.timber_planter(1.2, height, 1.2, (m.OAK, m.CEDAR)[number % 2]), (x, 0, z))
        garden.join(crop(number), (x, height - 0.06, z))
        garden.join(_name_stick(), (x + 0.42, height - 0.06, z + 0.5))
    garden.join(_child_step(), (-0.9, 0, 0.4))
    garden.join(_watering_can(), (0.85, 0, 1.0))
    garden.join(_wheelbarrow_box(), (0.9, 0, -0.9))
    return garden


def _cabbages(seed: int) -> Assembly:
    bed = Assembly()
    for number in range(9):
        x, z = -0.36 + (number % 3) * 0.36, -0.36 + (number // 3) * 0.36
        bed.add(m.LEAF_LIGHT, s.foliage(0.12, seed + number), (x, 0.1, z))
        for leaf in range(5):
            turn = leaf * 72 + number * 20
            bed.add(
                m.LEAF,
                s.leaf(0.24, 0.2, 0.06, -0.1),
                (x, 0.05, z),
                yaw=turn,
            )
    return bed


def _tomatoes(seed: int) -> Assembly:
    bed = Assembly()
    for number in range(4):
        x, z = -0.28 + (number % 2) * 0.56, -0.28 + (number // 2) * 0.56
        bed.add(m.CEDAR_LIGHT, s.cylinder(0.012, 0.8, 6), (x, 0, z))
        for level in range(3):
            bed.add(
                m.LEAVES[level],
                s.foliage(0.14 - 0.02 * level, seed + number * 3 + level),
                (x, 0.2 + level * 0.2, z),
            )
            for fruit in range(3):
                turn = fruit * 2.1 + level + number
                bed.add(
                    m.TOMATO,
                    s.ball(0.035, 5),
                    (x + 0.13 * math.cos(turn), 0.16 + level * 0.2, z + 0.13 * math.sin(turn)),
                )
    return bed


def _carrots(seed: int) -> Assembly:
    bed = Assembly()
    for number in range(16):
        x, z = -0.4 + (number % 4) * 0.266, -0.4 + (number // 4) * 0.266
        bed.add(m.CARROT, s.cylinder(0.03, 0.04, 8, 0.022), (x, 0.0, z))
        for stalk in range(4):
            turn = stalk * 90 + number * 31 + seed
            bed.add(
                m.LEAF,
                s.leaf(0.13, 0.05, 0.14, -0.17),
                (x, 0.03, z),
                yaw=turn,
            )
    return bed


def _herbs(seed: int) -> Assembly:
    bed = Assembly()
    for row in range(3):
        bed.join(f.shrub_row(1.0, 0.12, seed * 7 + row, 0.24), (0, 0.0, -0.34 + row * 0.34))
    return bed


def _beans(seed: int) -> Assembly:
    bed = Assembly()
    for number in range(6):
        turn = number * math.pi / 3
        x, z = 0.45 * math.cos(turn), 0.45 * math.sin(turn)
        bed.add(m.CEDAR_LIGHT, s.rod((x, 0, z), (-x * 0.12, 1.26, -z * 0.12), 0.014, 6))
        for level in range(4):
            away = 1 - 0.24 * (level + 0.6)
            bed.add(
                m.LEAVES[level % 3],
                s.foliage(0.1, seed + number * 5 + level, detail=0),
                (x * away, 0.16 + level * 0.27, z * away),
            )
    bed.add(m.ROPE, s.ring(0.06, 0.035, 0.05, 12), (0, 1.08, 0))
    return bed


def _name_stick() -> Assembly:
    stick = Assembly()
    stick.add(m.CEDAR_LIGHT, s.box(0.02, 0.2, 0.01))
    stick.add(m.PAPER, s.box(0.14, 0.09, 0.012), (0, 0.18, 0.005))
    stick.add(m.TEAL, s.box(0.09, 0.012, 0.004), (0, 0.22, 0.012))
    return stick


def _child_step() -> Assembly:
    step = Assembly()
    for number, (height, z) in enumerate(((0.18, 0.16), (0.36, -0.12))):
        step.add((m.YELLOW, m.ORANGE)[number], s.box(0.5, 0.04, 0.28), (0, height - 0.04, z))
        for x in (-0.2, 0.2):
            step.add(m.CEDAR, s.box(0.05, height - 0.04, 0.24), (x, 0, z))
    return step


def _watering_can() -> Assembly:
    can = Assembly()
    can.add(m.TEAL, s.cylinder(0.12, 0.24, 18, 0.11))
    can.add(m.TEAL, s.rod((0.08, 0.08, 0), (0.34, 0.3, 0), 0.02, 8, 0.015))
    can.add(m.TEAL, s.rod((0.33, 0.29, 0), (0.39, 0.34, 0), 0.02, 10, 0.05))
    can.add(m.BRASS, s.arch(0.22, 0.16, 0.025, 0.02, 10), (0, 0.22, 0))
    return can


def _wheelbarrow_box() -> Assembly:
    barrow = Assembly()
    barrow.add(m.RED, s.lathe([(0.2, 0), (0.3, 0.22)], 4), (0, 0.2, 0), yaw=45)
    barrow.add(m.SOIL, s.foliage(0.2, 5), (0, 0.36, 0))
    barrow.add(m.LACQUER, s.cylinder(0.13, 0.05, 18), (0, 0.13, -0.36), roll=90)
    for x in (-0.16, 0.16):
        barrow.add(m.OAK, s.beam((x * 0.4, 0.13, -0.4), (x, 0.28, 0.5), 0.03))
        barrow.add(m.STEEL_DARK, s.box(0.03, 0.22, 0.03), (x, 0, 0.16))
    return barrow


def lawn_stage() -> Assembly:
    """10 x 6.0 x 0.6 m: a lawn with a low timber stage, a ramp, cushions and lunch tables."""
    lawn = Assembly()
    lawn.add(m.OAK, s.slab(10.0, 0.14, 6.0, 0.5, steps=8))
    lawn.add(m.TURF, s.slab(9.84, 0.04, 5.84, 0.45, steps=8), (0, 0.13, 0))
    lawn.join(_grass_tufts(150), (0, 0.17, 0))
    lawn.join(f.plank_deck(5.0, 2.4, 0.36, m.CEDAR_LIGHT, 0.12), (-1.2, 0.14, -1.6))
    lawn.add(m.LAMP, s.box(4.9, 0.03, 0.02), (-1.2, 0.42, -0.39))
    lawn.add(m.WALNUT, s.box(5.0, 0.2, 0.02), (-1.2, 0.17, -0.4))
    for step in range(2):
        lawn.add(m.OAK, s.box(1.6, 0.12 * (step + 1), 0.3), (-1.2, 0.16, 0.05 - step * 0.3))
    lawn.join(_stage_ramp(), (2.9, 0.16, -1.6))
    for number in range(10):
        turn = math.radians(20 + number * 15.5)
        spot = (-1.2 + 3.2 * math.cos(turn) * 1.15, 0.17, -0.9 + 2.9 * math.sin(turn))
        lawn.add(m.BOOK_CLOTHS[number % 5], s.slab(0.5, 0.1, 0.5, 0.16), spot, yaw=number * 23)
    for x, z in ((3.2, 0.5), (4.0, 1.6), (2.6, 2.0)):
        lawn.join(_lunch_table(), (x, 0.17, z))
    for x in (-4.6, 4.6):
        for z in (-2.5, 2.5):
            lawn.add(m.STEEL_DARK, s.cylinder(0.06, 0.34, 12), (x, 0.17, z))
            lawn.add(m.LAMP, s.dome(0.075, 0.08, 14), (x, 0.51, z))
    return lawn


def _grass_tufts(count: int) -> Assembly:
    tufts = Assembly()
    for number in range(count):
        # The golden angle spreads the tufts evenly without a visible grid.
        away, turn = math.sqrt((number + 0.5) / count), number * 2.39996
        x, z = 4.6 * away * math.cos(turn), 2.65 * away * math.sin(turn)
        tufts.add(m.LEAVES[number % 3], s.cylinder(0.05, 0.09, 5, 0.005), (x, 0, z))
    return tufts


def _stage_ramp() -> Assembly:
    ramp = Assembly()
    ramp.add(m.OAK, s.wedge(3.2, 0.32, 1.2), yaw=180)
    for z in (-0.57, 0.57):
        ramp.add(m.YELLOW, s.beam((-1.6, 0.36, z), (1.6, 0.04, z), 0.04, 0.06))
    for board in range(20):
        share = (board + 0.5) / 20
        ramp.add(m.CEDAR, s.box(0.14, 0.02, 1.08), (-1.6 + 3.2 * share, 0.32 * (1 - share), 0), roll=-5.7)
    return ramp


def _lunch_table() -> Assembly:
    table = Assembly()
    table.add(m.CEDAR, s.cylinder(0.42, 0.04, 24), (0, 0.29, 0))
    table.add(m.WALNUT, s.cylinder(0.06, 0.29, 10))
    table.add(m.WALNUT, s.cylinder(0.22, 0.03, 16))
    for side in (-1, 1):
        table.add(m.LACQUER, s.box(0.22, 0.05, 0.16), (side * 0.18, 0.33, 0.05))
        table.add(m.IVORY, s.box(0.1, 0.012, 0.14), (side * 0.18 - 0.05, 0.375, 0.05))
        table.add(m.TOMATO, s.ball(0.02, 8), (side * 0.18 - 0.05, 0.39, 0.05))
        table.add(m.LEAF_LIGHT, s.box(0.08, 0.014, 0.06), (side * 0.18 + 0.05, 0.375, 0.08))
        table.add(m.CARROT, s.box(0.08, 0.014, 0.06), (side * 0.18 + 0.05, 0.375, 0.01))
    table.add(m.TEAL, s.cylinder(0.035, 0.09, 12), (0, 0.33, -0.22))
    return table


def piano_and_books() -> Assembly:
    """4.0 x 1.8 x 2.4 m: an upright piano with a stool in front of a full book wall."""
    room = Assembly()
    room.join(_book_wall(4.0, 2.4, 0.36), (0, 0, -0.72))
    room.join(_upright_piano(), (-0.55, 0, -0.2))
    room.join(_piano_stool(), (-0.55, 0, 0.66))
    room.join(_reading_chair(), (1.25, 0, 0.35))
    room.join(f.lamp_post(1.7), (1.8, 0, -0.3))
    room.add(m.RED, s.slab(3.9, 0.012, 1.4, 0.1), (0, 0, 0.2))
    return room


def _book_wall(width: float, height: float, depth: float) -> Assembly:
    wall = Assembly()
    wall.add(m.WALNUT, s.box(width, height, 0.02), (0, 0, -depth / 2 + 0.01))
    shelves, columns = 6, 4
    for shelf in range(shelves + 1):
        wall.add(m.OAK, s.box(width, 0.03, depth), (0, (height - 0.03) * shelf / shelves, 0))
    for column in range(columns + 1):
        wall.add(m.OAK, s.box(0.03, height, depth), ((width - 0.03) * (column / columns - 0.5), 0, 0))
    bay = (width - 0.03) / columns
    for shelf in range(shelves):
        for column in range(columns):
            x, y = bay * (column + 0.5 - columns / 2), (height - 0.03) * shelf / shelves + 0.03
            if (shelf, column) == (4, 2):
                wall.add(m.BRICK, s.cylinder(0.09, 0.14, 14, 0.12), (x, y, 0.02))
                wall.add(m.LEAF, s.foliage(0.15, 21), (x, y + 0.2, 0.02))
            else:
                wall.join(f.book_row(bay - 0.1, depth * 0.7, 0.34, shelf * 10 + column), (x, y, 0.03))
    return wall


def _upright_piano() -> Assembly:
    piano = Assembly()
    piano.add(m.LACQUER, s.box(1.5, 1.18, 0.32), (0, 0, -0.14))
    piano.add(m.LACQUER, s.box(1.54, 0.04, 0.38), (0, 1.18, -0.13))
    piano.add(m.LACQUER, s.box(1.5, 0.12, 0.34), (0, 0.6, 0.16))
    for x in (-0.7, 0.7):
        piano.add(m.LACQUER, s.box(0.1, 0.14, 0.32), (x, 0.71, 0.17))
        piano.add(m.LACQUER, s.cylinder(0.035, 0.6, 10, 0.05), (x, 0, 0.28))
    key = 1.3 / 52
    for number in range(52):
        x = -0.65 + key * (number + 0.5)
        piano.add(m.IVORY, s.box(key - 0.002, 0.02, 0.15), (x, 0.72, 0.24))
        if number % 7 not in (2, 6) and number < 51:
            piano.add(m.LACQUER, s.box(key * 0.55, 0.018, 0.09), (x + key / 2, 0.74, 0.205))
    piano.add(m.WALNUT, s.box(0.7, 0.03, 0.06), (0, 0.92, 0.05))
    for x in (-0.14, 0.14):
        piano.add(m.PAPER, s.box(0.26, 0.32, 0.01), (x, 0.95, 0.06), pitch=-12)
    for x in (-0.1, 0.0, 0.1):
        piano.add(m.BRASS, s.box(0.035, 0.02, 0.12), (x, 0.06, 0.06))
    return piano


def _piano_stool() -> Assembly:
    stool = Assembly()
    stool.add(m.TEAL, s.slab(0.7, 0.08, 0.34, 0.05), (0, 0.42, 0))
    for x in (-0.3, 0.3):
        for z in (-0.13, 0.13):
            stool.add(m.WALNUT, s.box(0.045, 0.42, 0.045), (x, 0, z))
    return stool


def _reading_chair() -> Assembly:
    chair = Assembly()
    chair.add(m.ORANGE, s.slab(0.66, 0.16, 0.6, 0.1), (0, 0.26, 0))
    chair.add(m.ORANGE, s.slab(0.66, 0.14, 0.5, 0.1), (0, 0.46, -0.28), pitch=72)
    for side in (-1, 1):
        chair.add(m.ORANGE, s.slab(0.12, 0.2, 0.56, 0.05), (side * 0.34, 0.38, 0))
        for z in (-0.22, 0.22):
            chair.add(m.WALNUT, s.cylinder(0.02, 0.26, 8, 0.03), (side * 0.26, 0, z))
    chair.add(m.INDIGO, s.box(0.24, 0.03, 0.18), (0.02, 0.42, 0.08), yaw=20)
    return chair


def book_tunnel() -> Assembly:
    """6.0 x 2.0 x 1.8 m: a plywood tunnel of arches with child-height shelves inside and out."""
    tunnel = Assembly()
    for rib in range(13):
        tunnel.add(m.PLYWOOD, s.arch(2.0, 1.8, 0.06, 0.12, 20), (-2.97 + rib * 5.94 / 12, 0, 0), yaw=90)
    tunnel.join(_tunnel_skin())
    tunnel.add(m.RUBBER, s.box(5.9, 0.02, 1.5))
    for side in (-1, 1):
        for shelf in range(3):
            reach = (0.78, 0.72, 0.62)[shelf]
            tunnel.join(_tunnel_shelf(side, shelf), (0, 0.1 + shelf * 0.36, side * reach))
    for number, cloth in enumerate((m.RED, m.YELLOW, m.TEAL, m.ORANGE)):
        tunnel.add(cloth, s.slab(0.42, 0.12, 0.42, 0.14), (-2.1 + number * 1.4, 0.02, 0.1 - 0.2 * (number % 2)))
    for number in range(6):
        tunnel.add(m.LAMP, s.ball(0.06, 10), (-2.5 + number, 1.58, 0))
    return tunnel


def _tunnel_skin() -> Assembly:
    """Coloured boards along the tunnel between 35° and 145°; the sides stay open for the shelves."""
    skin = Assembly()
    cloths: tuple[Material, ...] = (m.TEAL, m.PLYWOOD, m.YELLOW, m.PLYWOOD, m.ORANGE, m.PLYWOOD)
    boards = 14
    for board in range(boards):
        turn = math.radians(38 + board * (104 / (boards - 1)))
        z, y = 0.955 * math.cos(turn), 1.755 * math.sin(turn)
        lean = math.degrees(math.atan2(1.755 * math.cos(turn), 0.955 * math.sin(turn)))
        skin.add(cloths[board % 6], s.box(5.94, 0.03, 0.13), (0, y - 0.015, z), pitch=lean)
    return skin


def _tunnel_shelf(side: int, shelf: int) -> Assembly:
    level = Assembly()
    level.add(m.OAK, s.box(5.9, 0.025, 0.2))
    for bay in range(12):
        x = -2.72 + bay * 0.495
        level.join(
            f.book_row(0.4, 0.15, 0.26, 300 + bay + 20 * shelf + 100 * side),
            (x, 0.025, 0),
            yaw=0 if side > 0 else 180,
        )
    return level
