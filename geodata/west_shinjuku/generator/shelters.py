"""Roofs and lights: rain shelter, misty grove, beacon for stranded people, night-market stalls."""

import math

from geodata.glb_writer import Material
from geodata.west_shinjuku.generator import furniture as f
from geodata.west_shinjuku.generator import materials as m
from geodata.west_shinjuku.generator import shapes as s
from geodata.west_shinjuku.generator.parts import Assembly


def rain_shelter() -> Assembly:
    """9.0 x 2.2 x 2.9 m: five white frames carry a curved glowing roof over a leaning bar and benches."""
    shelter = Assembly()
    for frame in range(5):
        shelter.join(_shelter_frame(), (-4.2 + frame * 2.1, 0, 0))
    shelter.join(_curved_roof(), (0, 2.62, 0))
    for bay in range(4):
        x = -3.15 + bay * 2.1
        shelter.join(f.slatted_bench(1.6, 0.42) if bay % 2 else _leaning_bar(1.8), (x, 0, -0.55))
        shelter.add(m.GLASS_BLUE, s.box(1.9, 1.0, 0.02), (x, 1.05, -0.86))
        for y in (1.02, 2.05):
            shelter.add(m.CEDAR, s.box(2.0, 0.05, 0.05), (x, y, -0.86))
        shelter.add(m.LAMP, s.box(1.9, 0.02, 0.05), (x, 0.01, -0.75))
    for x in (-4.2, 4.2):
        shelter.join(_rain_chain(2.5), (x, 0, 0.95))
    shelter.join(_umbrella_stand(), (4.1, 0, -0.45))
    return shelter


def _shelter_frame() -> Assembly:
    frame = Assembly()
    frame.add(m.STEEL_DARK, s.slab(0.3, 0.03, 0.4, 0.06), (0, 0, -0.86))
    frame.add(m.STEEL_WHITE, s.beam((0, 0.0, -0.86), (0, 2.45, -0.86), 0.1, 0.14))
    frame.add(m.STEEL_WHITE, s.beam((0, 2.05, -0.86), (0, 2.6, -0.1), 0.07, 0.1))
    frame.add(m.STEEL_WHITE, s.beam((0, 2.42, -0.95), (0, 2.66, 0.0), 0.08, 0.12))
    frame.add(m.STEEL_WHITE, s.beam((0, 2.66, 0.0), (0, 2.6, 1.0), 0.08, 0.1))
    frame.add(m.LAMP, s.box(0.04, 1.7, 0.02), (0, 0.4, -0.78))
    return frame


def _curved_roof() -> Assembly:
    roof = Assembly()
    roof.add(m.GLASS_BLUE, s.vault(2.2, 0.22, 8.96, 0.03, 10), (0, 0, 0), yaw=90)
    for rib in range(19):
        roof.add(m.CEDAR, s.vault(2.1, 0.21, 0.05, 0.05, 10), (-4.4 + rib * 8.8 / 18, -0.05, 0), yaw=90)
    for z in (-1.07, 1.07):
        roof.add(m.STEEL_WHITE, s.box(9.0, 0.09, 0.06), (0, -0.03, z))
        roof.add(m.LAMP, s.box(8.8, 0.025, 0.04), (0, -0.055, z))
    return roof


def _leaning_bar(width: float) -> Assembly:
    bar = Assembly()
    bar.add(m.CEDAR, s.box(width, 0.07, 0.2), (0, 0.72, -0.08), pitch=18)
    for x in (-width * 0.4, width * 0.4):
        bar.add(m.STEEL_DARK, s.beam((x, 0, 0.05), (x, 0.73, -0.08), 0.05))
        bar.add(m.STEEL_DARK, s.beam((x, 0, -0.2), (x, 0.73, -0.1), 0.04))
    return bar


def _rain_chain(length: float) -> Assembly:
    chain = Assembly()
    cups = 14
    for cup in range(cups):
        chain.add(m.BRASS, s.cylinder(0.025, 0.1, 8, 0.05), (0, 0.12 + cup * (length - 0.2) / cups, 0))
    chain.add(m.STEEL_DARK, s.cylinder(0.006, length - 0.1, 5), (0, 0.1, 0))
    chain.add(m.STONE, s.ring(0.16, 0.12, 0.12, 16))
    chain.add(m.WATER, s.cylinder(0.12, 0.09, 16))
    return chain


def _umbrella_stand() -> Assembly:
    stand = Assembly()
    stand.add(m.STEEL_DARK, s.ring(0.14, 0.125, 0.5, 16))
    for number, cloth in enumerate((m.RED, m.TEAL, m.YELLOW)):
        turn = number * 2.1
        x, z = 0.06 * math.cos(turn), 0.06 * math.sin(turn)
        stand.add(cloth, s.rod((x * 0.3, 0.05, z * 0.3), (x * 1.4, 0.75, z * 1.4), 0.02, 8, 0.04))
        stand.add(m.WALNUT, s.rod((x * 1.4, 0.75, z * 1.4), (x * 1.6, 0.92, z * 1.6), 0.012))
    return stand


def misty_grove() -> Assembly:
    """5.0 x 5.0 x 3.8 m: seven slim leaf-trees with mist rings round a stone circle, ferns and a curved seat."""
    grove = Assembly()
    grove.add(m.STONE, s.cylinder(2.5, 0.05, 48))
    grove.add(m.CONCRETE, s.cylinder(1.5, 0.01, 40), (0, 0.05, 0))
    for number in range(7):
        turn = 2 * math.pi * number / 6
        away = 0.0 if number == 6 else 1.62
        height = 3.8 if number == 6 else 2.9 + 0.28 * (number % 3)
        grove.join(
            _mist_tree(height, number), (away * math.cos(turn), 0.05, away * math.sin(turn)), yaw=number * 53
        )
    for number in range(10):
        turn = math.radians(205 + number * 14)
        grove.join(
            _seat_segment(), (2.05 * math.cos(turn), 0.05, 2.05 * math.sin(turn)), yaw=90 - math.degrees(turn)
        )
    for number in range(14):
        turn = math.radians(number * 25.7 + 8)
        grove.join(_fern(number), (2.26 * math.cos(turn), 0.05, 2.26 * math.sin(turn)), yaw=number * 40)
    for number in range(9):
        turn = number * 0.7
        spot = (
            (0.5 + 0.06 * number) * math.cos(turn),
            0.55 + 0.14 * number,
            (0.5 + 0.06 * number) * math.sin(turn),
        )
        grove.add(m.MIST, s.foliage(0.17 + 0.02 * (number % 4), 90 + number), spot)
    return grove


def _mist_tree(height: float, seed: int) -> Assembly:
    grown = Assembly()
    grown.add(m.STEEL_WHITE, s.cylinder(0.06, height - 0.5, 12, 0.035))
    grown.add(m.STEEL_DARK, s.cylinder(0.13, 0.03, 16))
    for level in range(2):
        grown.add(m.BRASS, s.ring(0.2, 0.175, 0.025, 20), (0, height - 1.15 - level * 0.6, 0))
        for nozzle in range(6):
            turn = nozzle * math.pi / 3
            x, z = 0.19 * math.cos(turn), 0.19 * math.sin(turn)
            grown.add(
                m.STEEL, s.rod((0, height - 1.14 - level * 0.6, 0), (x, height - 1.14 - level * 0.6, z), 0.008, 5)
            )
            grown.add(m.IVORY, s.ball(0.022, 6), (x * 1.1, height - 1.15 - level * 0.6, z * 1.1))
    for blade in range(16):
        lift, long = (0.22, 0.9) if blade % 2 else (0.3, 0.72)
        tint, crown = m.LEAVES[(blade + seed) % 3], height - (0.62 if blade % 2 else 0.42)
        grown.add(tint, s.leaf(long, 0.36, lift, 0.14), (0, crown, 0), yaw=blade * 22.5)
    grown.add(m.LEAF_LIGHT, s.foliage(0.12, seed), (0, height - 0.13, 0))
    return grown


def _fern(seed: int) -> Assembly:
    fern = Assembly()
    for frond in range(5):
        fern.add(m.LEAVES[(frond + seed) % 3], s.leaf(0.24, 0.09, 0.1, -0.03), (0, 0.02, 0), yaw=frond * 72)
    return fern


def _seat_segment() -> Assembly:
    seat = Assembly()
    for slat in range(4):
        seat.add(m.CEDAR, s.box(0.5 - 0.02 * (3 - slat), 0.04, 0.085), (0, 0.39, -0.15 + slat * 0.1))
    seat.add(m.STEEL_DARK, s.box(0.05, 0.39, 0.26))
    return seat


def beacon() -> Assembly:
    """1.5 x 1.5 x 6.0 m: a timber-finned light tower on a round seat, with map panels, taps and charging."""
    tower = Assembly()
    tower.add(m.CONCRETE, s.cylinder(0.75, 0.1, 32))
    tower.add(m.CONCRETE, s.cylinder(0.45, 0.4, 24), (0, 0.1, 0))
    tower.join(_round_seat(0.72, 0.42), (0, 0.42, 0))
    tower.add(m.STEEL_DARK, s.cylinder(0.16, 4.6, 16, 0.1), (0, 0.4, 0))
    for fin in range(12):
        turn = 2 * math.pi * fin / 12
        low, high = (0.4, 0.5), (0.24, 4.95)
        start = (low[0] * math.cos(turn), low[1], low[0] * math.sin(turn))
        tower.add(
            m.CEDAR, s.beam(start, (high[0] * math.cos(turn), high[1], high[0] * math.sin(turn)), 0.05, 0.09)
        )
    for level in range(7):
        radius = 0.38 - 0.022 * level
        tower.add(
            m.LAMP if level % 2 else m.BRASS, s.ring(radius, radius - 0.05, 0.06, 24), (0, 2.2 + level * 0.42, 0)
        )
    tower.join(_lamp_head(), (0, 4.95, 0))
    for side in range(4):
        tower.join(_help_panel(side), (0, 0, 0), yaw=side * 90)
    return tower


def _round_seat(outer: float, inner: float) -> Assembly:
    seat = Assembly()
    for board in range(24):
        turn = 15 * board
        middle, width = (outer + inner) / 2, 2 * math.pi * outer / 24 - 0.025
        angle = math.radians(turn)
        seat.add(
            m.OAK,
            s.box(width, 0.045, outer - inner),
            (middle * math.sin(angle), 0, middle * math.cos(angle)),
            yaw=turn,
        )
    for leg in range(8):
        angle = math.radians(leg * 45 + 22)
        seat.add(m.STEEL_DARK, s.box(0.05, 0.34, 0.05), (0.62 * math.sin(angle), -0.33, 0.62 * math.cos(angle)))
    return seat


def _lamp_head() -> Assembly:
    head = Assembly()
    head.add(m.STEEL_DARK, s.cylinder(0.3, 0.05, 24))
    head.add(m.LAMP, s.lathe([(0.18, 0), (0.26, 0.2), (0.22, 0.5), (0.12, 0.62)], 24), (0, 0.05, 0))
    for bar in range(8):
        turn = bar * math.pi / 4
        x, z = 0.28 * math.cos(turn), 0.28 * math.sin(turn)
        head.add(m.STEEL_DARK, s.rod((x, 0.03, z), (x, 0.72, z), 0.012))
    head.add(m.STEEL_DARK, s.cylinder(0.36, 0.04, 24, 0.3), (0, 0.7, 0))
    head.add(m.SOLAR, s.box(0.5, 0.02, 0.4), (0, 0.84, 0), pitch=20)
    head.add(m.STEEL_DARK, s.cylinder(0.02, 0.31, 8), (0, 0.74, 0))
    return head


def _help_panel(side: int) -> Assembly:
    panel = Assembly()
    if side % 2 == 0:
        panel.add(m.STEEL_DARK, s.box(0.5, 0.72, 0.04), (0, 1.05, 0.43))
        panel.add(m.PAPER, s.box(0.44, 0.66, 0.01), (0, 1.08, 0.455))
        for road in range(5):
            panel.add(
                (m.TEAL, m.ORANGE)[road % 2], s.box(0.36 - 0.05 * road, 0.02, 0.008), (0, 1.18 + road * 0.1, 0.463)
            )
        panel.add(m.RED, s.cylinder(0.025, 0.012, 12), (0.05, 1.4, 0.463), pitch=90)
        panel.add(m.LAMP, s.box(0.5, 0.03, 0.07), (0, 1.79, 0.45))
        return panel
    panel.add(m.OAK, s.box(0.5, 0.05, 0.16), (0, 1.0, 0.46))
    panel.add(m.STEEL_DARK, s.box(0.42, 0.22, 0.08), (0, 1.1, 0.4))
    for socket in range(4):
        panel.add(m.IVORY, s.box(0.06, 0.06, 0.02), (-0.15 + socket * 0.1, 1.18, 0.44))
    return panel


def night_market_stalls() -> Assembly:
    """12 x 2.4 x 2.6 m: four stalls with striped roofs, counters, short curtains and lanterns in a row."""
    row = Assembly()
    stripes = ((m.RED, m.CANVAS), (m.INDIGO, m.CANVAS), (m.ORANGE, m.CANVAS), (m.TEAL, m.CANVAS))
    for number, cloths in enumerate(stripes):
        row.join(_stall(cloths, number), (-4.5 + number * 3.0, 0, 0))
    return row


def _stall(cloths: tuple[Material, Material], seed: int) -> Assembly:
    stall = Assembly()
    for x in (-1.3, 1.3):
        stall.add(m.OAK, s.box(0.08, 2.15, 0.08), (x, 0, 0.55))
        stall.add(m.OAK, s.box(0.08, 2.15, 0.08), (x, 0, -0.95))
        stall.add(m.OAK, s.box(0.06, 0.06, 1.6), (x, 2.09, -0.2))
    stall.join(_striped_roof(cloths), (0, 2.12, 0))
    stall.join(_counter(seed), (0, 0, 0.5))
    for number in range(5):
        cloth = cloths[0] if number % 2 == 0 else cloths[1]
        stall.add(cloth, s.box(0.48, 0.42, 0.015), (-1.02 + number * 0.51, 1.66, 0.58))
    stall.add(m.WALNUT, s.rod((-1.3, 2.08, 0.58), (1.3, 2.08, 0.58), 0.018))
    for x in (-1.05, -0.35, 0.35, 1.05):
        stall.join(f.paper_lantern(0.12, m.LANTERN if seed % 2 == 0 else m.LAMP), (x, 2.12, 0.95))
    for x in (-0.9, 0.0, 0.9):
        stall.join(_stool(), (x, 0, 1.0))
    return stall


def _striped_roof(cloths: tuple[Material, Material]) -> Assembly:
    roof = Assembly()
    strips = 10
    for strip in range(strips):
        x = 3.0 * ((strip + 0.5) / strips - 0.5)
        cloth = cloths[strip % 2]
        for side in (-1, 1):
            roof.add(cloth, s.beam((x, 0.45, 0), (x, 0.06, side * 1.17), 0.3, 0.025))
            roof.add(cloth, s.box(0.3, 0.14, 0.02), (x, -0.06, side * 1.18))
    roof.add(m.WALNUT, s.rod((-1.5, 0.45, 0), (1.5, 0.45, 0), 0.03))
    return roof


def _counter(seed: int) -> Assembly:
    counter = Assembly()
    for board in range(13):
        counter.add(m.CEDAR, s.box(0.19, 0.86, 0.03), (-1.2 + board * 0.2, 0.05, 0.12))
    counter.add(m.WALNUT, s.box(2.7, 0.05, 0.6), (0, 0.91, -0.05))
    for number in range(4):
        x = -1.0 + number * 0.42
        filling = (m.CARROT, m.LEAF_LIGHT, m.TOMATO, m.PETAL_YELLOW)[(number + seed) % 4]
        counter.join(f.bowl(0.12, m.IVORY, filling), (x, 0.96, -0.05))
    for number in range(5):
        glass = (m.TEAL, m.BRASS, m.LEAF_DARK)[(number + seed) % 3]
        counter.add(
            glass,
            s.lathe([(0.04, 0), (0.04, 0.18), (0.014, 0.24), (0.014, 0.3)], 10),
            (0.72 + 0.11 * number, 0.96, -0.1),
        )
    return counter


def _stool() -> Assembly:
    stool = Assembly()
    stool.add(m.RED, s.cylinder(0.15, 0.04, 16), (0, 0.42, 0))
    for leg in range(4):
        turn = math.radians(45 + leg * 90)
        x, z = math.cos(turn), math.sin(turn)
        stool.add(m.STEEL_DARK, s.rod((0.16 * x, 0, 0.16 * z), (0.09 * x, 0.42, 0.09 * z), 0.014, 6))
    return stool
