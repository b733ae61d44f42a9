"""Places to sit, swing and look out: shade bench, planters to sit on, giant swing, step-free lookout."""

import math

from geodata.west_shinjuku.generator import furniture as f
from geodata.west_shinjuku.generator import materials as m
from geodata.west_shinjuku.generator import shapes as s
from geodata.west_shinjuku.generator.parts import Assembly


def shade_bench() -> Assembly:
    """6.0 x 2.4 x 3.2 m: a deck with a bench under two trees and slats, a dog's step and water bowl."""
    bench = Assembly()
    bench.join(f.plank_deck(6.0, 2.4, 0.12, m.CEDAR_LIGHT))
    for side, seed in ((-1, 3), (1, 8)):
        bench.join(f.timber_planter(1.0, 0.6, 1.0), (side * 2.35, 0.12, -0.55))
        bench.join(f.tree(2.5, 0.72, seed), (side * 2.35, 0.6, -0.6))
        bench.join(f.shrub_row(0.8, 0.13, seed * 5), (side * 2.35, 0.7, -0.2))
    bench.join(f.slatted_bench(3.4, 0.48, back=True), (0, 0.12, -0.6))
    bench.join(_slatted_shade(3.5, 1.5, 2.55), (0, 0.12, -0.5))
    bench.join(_pet_corner(), (1.75, 0.12, 0.55))
    bench.join(_paw_inlay(), (-1.2, 0.12, 0.6))
    bench.join(f.slatted_bench(1.1, 0.4), (-2.2, 0.12, 0.75))
    return bench


def _slatted_shade(width: float, depth: float, height: float) -> Assembly:
    shade = Assembly()
    for x in (-width / 2 + 0.06, width / 2 - 0.06):
        for z in (-depth / 2 + 0.06, depth / 2 - 0.06):
            shade.add(m.OAK, s.box(0.09, height - 0.1, 0.09), (x, 0, z))
            shade.add(m.STEEL_DARK, s.box(0.13, 0.05, 0.13), (x, 0, z))
            shade.add(m.OAK, s.beam((x, height - 0.5, z), (x * 0.78, height - 0.12, z), 0.05))
        shade.add(m.OAK, s.box(0.08, 0.14, depth + 0.2), (x, height - 0.22, 0))
    count = 14
    for row in range(count):
        x = width * ((row + 0.5) / count - 0.5)
        shade.add(m.CEDAR, s.box(0.04, 0.1, depth + 0.3), (x, height - 0.08, 0))
    for x in (-width * 0.25, width * 0.25):
        shade.add(m.STEEL_DARK, s.cylinder(0.006, 0.22, 6), (x, height - 0.42, 0))
        shade.add(m.LAMP, s.ball(0.08, 12), (x, height - 0.47, 0))
    return shade


def _pet_corner() -> Assembly:
    corner = Assembly()
    corner.join(f.sitting_dog(0.62), (-0.35, 0, 0.1))
    corner.join(f.bowl(0.15, m.STEEL, m.WATER), (0.2, 0, 0.32))
    corner.add(m.OAK, s.slab(0.7, 0.18, 0.42, 0.06), (0.35, 0, -0.15))
    corner.add(m.RED, s.slab(0.62, 0.06, 0.34, 0.08), (0.35, 0.18, -0.15))
    corner.add(m.OAK, s.box(0.1, 0.85, 0.1), (0.95, 0, 0.1))
    corner.add(m.STEEL, s.ring(0.06, 0.045, 0.015, 16), (0.95, 0.66, 0.16), pitch=90)
    corner.add(m.ROPE, s.sagging((0.95, 0.62, 0.17), (-0.3, 0.24, 0.2), 0.12, 0.01))
    return corner


def _paw_inlay() -> Assembly:
    paw = Assembly()
    paw.add(m.WALNUT, s.cylinder(0.13, 0.006, 18), (0, 0, 0.06))
    for toe in range(4):
        turn = math.radians(35 + toe * 37)
        paw.add(m.WALNUT, s.cylinder(0.055, 0.006, 14), (0.21 * math.cos(turn), 0, 0.06 - 0.21 * math.sin(turn)))
    return paw


def planters_to_sit_on() -> Assembly:
    """8.0 x 1.0 x 0.9 m: three rounded steel planters in bloom, with timber seats along both long sides."""
    row = Assembly()
    for number, x in enumerate((-2.7, 0.0, 2.7)):
        row.join(_seat_planter(number), (x, 0, 0))
    for x in (-1.35, 1.35):
        row.join(_seat_bridge(0.6), (x, 0, 0))
    return row


def _seat_planter(number: int) -> Assembly:
    planter = Assembly()
    planter.add(m.CORTEN, s.slab(2.6, 0.34, 0.94, 0.3, steps=6), (0, 0.03, 0))
    planter.add(m.STEEL_DARK, s.slab(2.4, 0.03, 0.8, 0.26))
    planter.add(m.LAMP, s.slab(2.54, 0.015, 0.9, 0.28, steps=6), (0, 0.02, 0))
    planter.add(m.CORTEN, s.slab(2.2, 0.5, 0.42, 0.2, steps=6), (0, 0.03, 0))
    planter.add(m.SOIL, s.slab(2.1, 0.01, 0.34, 0.16), (0, 0.53, 0))
    for side in (-1, 1):
        for slat in range(3):
            z = side * (0.27 + slat * 0.09)
            planter.add(m.CEDAR, s.box(2.1 - slat * 0.06, 0.04, 0.08), (0, 0.39, z))
        planter.add(m.STEEL_DARK, s.box(0.04, 0.2, 0.04), (side * 0.55, 0.42, 0.44))
        planter.add(m.OAK, s.box(0.07, 0.03, 0.24), (side * 0.55, 0.6, 0.35))
    planter.join(f.shrub_row(1.9, 0.19, 40 + number, 0.2), (0, 0.53, 0.02))
    for spike in range(4):
        x = -0.75 + spike * 0.5
        planter.add(m.LEAF_DARK, s.cylinder(0.03, 0.3, 6, 0.004), (x, 0.53, -0.06))
        planter.add(m.PETALS[(spike + number) % 4], s.foliage(0.05, spike, detail=0), (x, 0.82, -0.06))
    return planter


def _seat_bridge(width: float) -> Assembly:
    bridge = Assembly()
    for slat in range(7):
        bridge.add(m.CEDAR_LIGHT, s.box(width, 0.04, 0.1), (0, 0.39, -0.36 + slat * 0.12))
    for z in (-0.3, 0.3):
        bridge.add(m.STEEL_DARK, s.box(width, 0.05, 0.05), (0, 0.34, z))
    return bridge


def giant_swing() -> Assembly:
    """7.0 x 4.0 x 5.5 m: two timber A-frames, a beam and three plank seats on ropes."""
    swing = Assembly()
    top = 5.38
    for side in (-1, 1):
        for z in (-1.85, 1.85):
            swing.add(m.CEDAR, s.beam((side * 3.3, 0.02, z), (side * 3.0, top, z * 0.04), 0.2))
            swing.add(m.CONCRETE, s.slab(0.4, 0.12, 0.3, 0.05), (side * 3.3, 0, z))
            swing.add(m.STEEL_DARK, s.box(0.26, 0.2, 0.24), (side * 3.29, 0.1, z * 0.985))
        for height, reach in ((1.6, 1.28), (3.3, 0.7)):
            spot = side * (3.3 - 0.3 * height / top)
            swing.add(m.OAK, s.beam((spot, height, -reach), (spot, height, reach), 0.12, 0.16))
    swing.add(m.CEDAR, s.beam((-3.35, top, 0), (3.35, top, 0), 0.24))
    for number, x in enumerate((-1.9, 0.0, 1.9)):
        swing.join(_swing_seat(top - 0.12, (0.0, 0.35, -0.25)[number]), (x, 0, 0))
        swing.add(m.RUBBER, s.slab(1.3, 0.03, 3.0, 0.2), (x, 0, 0))
    return swing


def _swing_seat(hang: float, away: float) -> Assembly:
    seat = Assembly()
    height = 0.55 + away * away * 0.12
    for x in (-0.45, 0.45):
        seat.add(m.STEEL, s.ring(0.14, 0.12, 0.05, 16), (x, hang, 0.0), pitch=90)
        seat.add(m.ROPE, s.rod((x, height, away), (x, hang - 0.05, 0), 0.025))
        seat.add(m.STEEL_DARK, s.box(0.06, 0.1, 0.3), (x, height - 0.05, away))
    for board in range(4):
        seat.add(m.CEDAR_LIGHT, s.box(1.1, 0.04, 0.09), (0, height, away - 0.15 + board * 0.1))
    return seat


def step_free_lookout() -> Assembly:
    """5.0 x 3.0 x 1.2 m: a 1:12 ramp along the front leads to a low deck with railings and a low telescope."""
    lookout = Assembly()
    deck, ramp = 0.275, 3.3
    lookout.join(f.plank_deck(5.0, 1.7, deck, m.CEDAR_LIGHT), (0, 0, -0.65))
    lookout.join(f.plank_deck(1.7, 1.3, deck, m.CEDAR_LIGHT), (1.65, 0, 0.85))
    lookout.join(_planked_ramp(ramp, deck, 1.3), (-0.85, 0, 0.85))
    lookout.add(m.OAK, s.box(4.9, deck - 0.04, 1.6), (0, 0, -0.65))
    lookout.add(m.OAK, s.box(1.6, deck - 0.04, 1.25), (1.65, 0, 0.82))
    rail = 1.2 - deck
    lookout.join(f.railing(4.95, rail), (0, deck, -1.47))
    for x, length, z in ((2.47, 2.95, 0.0), (-2.47, 1.65, -0.65)):
        lookout.join(f.railing(length, rail), (x, deck, z), yaw=90)
    lookout.join(f.railing(1.6, rail), (1.67, deck, 1.47))
    lookout.join(_sloping_rail(ramp, deck), (-0.85, 0, 1.47))
    lookout.join(_sloping_rail(ramp, deck), (-0.85, 0, 0.23))
    lookout.join(_low_telescope(), (0.6, deck, -1.1))
    lookout.join(_view_panel(), (-1.2, deck, -1.25))
    lookout.join(f.slatted_bench(1.1, 0.4), (-1.75, deck, -0.25))
    for row in range(3):
        for stud in range(8):
            lookout.add(m.PETAL_YELLOW, s.cylinder(0.02, 0.006, 8), (0.9 + row * 0.07, deck, 0.4 + stud * 0.12))
    return lookout


def _planked_ramp(length: float, rise: float, depth: float) -> Assembly:
    ramp = Assembly()
    ramp.add(m.OAK, s.wedge(length, rise - 0.03, depth - 0.04))
    boards = 22
    for board in range(boards):
        share = (board + 0.5) / boards
        x, y = length * (share - 0.5), (rise - 0.03) * share
        lean = math.degrees(math.atan2(rise, length))
        ramp.add(m.CEDAR, s.box(length / boards - 0.01, 0.03, depth), (x, y, 0), roll=lean)
    for z in (-depth / 2 + 0.03, depth / 2 - 0.03):
        ramp.add(m.YELLOW, s.beam((-length / 2, 0.07, z), (length / 2, rise + 0.05, z), 0.04, 0.06))
    return ramp


def _sloping_rail(length: float, rise: float) -> Assembly:
    rail = Assembly()
    for post in range(5):
        share = post / 4
        foot = rise * share
        rail.add(m.STEEL_DARK, s.box(0.04, 0.86, 0.04), (length * (share - 0.5) * 0.98, foot, 0))
    for height in (0.65, 0.87):
        rail.add(m.CEDAR, s.rod((-length / 2, height, 0), (length / 2, rise + height, 0), 0.022))
    return rail


def _low_telescope() -> Assembly:
    scope = Assembly()
    scope.add(m.STEEL_DARK, s.cylinder(0.16, 0.03, 18))
    scope.add(m.TEAL, s.cylinder(0.05, 0.58, 12, 0.04))
    scope.add(m.TEAL, s.cylinder(0.07, 0.36, 14, 0.09), (0, 0.65, 0.16), pitch=-80)
    scope.add(m.LACQUER, s.cylinder(0.04, 0.1, 12), (0, 0.64, 0.24), pitch=-80)
    scope.add(m.STEEL, s.beam((-0.12, 0.6, 0.05), (0.12, 0.6, 0.05), 0.03))
    return scope


def _view_panel() -> Assembly:
    panel = Assembly()
    for x in (-0.45, 0.45):
        panel.add(m.STEEL_DARK, s.box(0.05, 0.6, 0.05), (x, 0, 0))
    panel.add(m.PLYWOOD, s.box(1.1, 0.03, 0.42), (0, 0.62, 0.02), pitch=28)
    for number, tall in enumerate((0.12, 0.26, 0.18, 0.3, 0.15, 0.22, 0.1)):
        panel.add(m.INDIGO, s.box(0.08, 0.035, tall), (-0.42 + number * 0.14, 0.622, 0.12 - tall / 2), pitch=28)
    return panel
