"""Things that several models share: decks, benches, lamps, railings, plants, books, a dog."""

import math
import random
from collections.abc import Sequence

from geodata.glb_writer import Material, Mesh
from geodata.west_shinjuku.generator import materials as m
from geodata.west_shinjuku.generator import shapes as s
from geodata.west_shinjuku.generator.parts import Assembly


def plank_deck(width: float, depth: float, thickness: float, wood: Material, plank: float = 0.14) -> Assembly:
    """A deck of planks that run along x, on three joists; its top is at `thickness`."""
    deck = Assembly()
    count = max(1, round(depth / plank))
    pitch = depth / count
    board = min(0.035, thickness / 2)
    for row in range(count):
        z = -depth / 2 + pitch * (row + 0.5)
        deck.add(wood, s.box(width, board, pitch - 0.012), (0, thickness - board, z))
    for x in (-width * 0.45, 0.0, width * 0.45):
        deck.add(m.OAK, s.box(0.08, thickness - board, depth - 0.04), (x, 0, 0))
    return deck


def slatted_bench(width: float, depth: float = 0.45, back: bool = False, wood: Material = m.CEDAR) -> Assembly:
    """A bench with a seat of slats at 0.43 m and steel legs; with `back` also a leaning backrest behind."""
    bench = Assembly()
    slats = max(3, round(depth / 0.09))
    pitch = depth / slats
    for row in range(slats):
        bench.add(wood, s.box(width, 0.035, pitch - 0.015), (0, 0.395, -depth / 2 + pitch * (row + 0.5)))
    legs = max(2, round(width / 1.1) + 1)
    for leg in range(legs):
        x = (width - 0.3) * (leg / (legs - 1) - 0.5)
        bench.join(_bench_leg(depth, back), (x, 0, 0))
    if back:
        for row in range(3):
            rise, lean = 0.55 + row * 0.12, -depth / 2 - 0.03 - row * 0.03
            bench.add(wood, s.box(width, 0.095, 0.03), (0, rise, lean), pitch=-14)
    return bench


def _bench_leg(depth: float, back: bool) -> Assembly:
    leg = Assembly()
    leg.add(m.STEEL_DARK, s.box(0.05, 0.03, depth), (0, 0.365, 0))
    for z in (-depth / 2 + 0.04, depth / 2 - 0.04):
        leg.add(m.STEEL_DARK, s.box(0.05, 0.37, 0.05), (0, 0, z))
        leg.add(m.STEEL_DARK, s.box(0.09, 0.012, 0.09), (0, 0, z))
    if back:
        leg.add(m.STEEL_DARK, s.beam((0, 0.37, -depth / 2), (0, 0.9, -depth / 2 - 0.14), 0.04, 0.03))
    return leg


def tree(height: float, crown: float, seed: int, clumps: int = 7) -> Assembly:
    """A small tree: tapered trunk, three boughs, a crown of leafy clumps that ends at `height`."""
    chance = random.Random(seed)  # noqa: S311 - decoration, not a secret
    grown = Assembly()
    fork = height - crown * 1.5
    grown.add(m.BARK, s.cylinder(0.075, fork, 10, 0.05))
    for bough in range(3):
        turn = 2.1 * bough + seed
        tip = (crown * 0.5 * math.cos(turn), fork + crown * 0.7, crown * 0.5 * math.sin(turn))
        grown.add(m.BARK, s.rod((0, fork - 0.05, 0), tip, 0.04, 6, 0.015))
    for clump in range(clumps):
        turn = 2 * math.pi * clump / (clumps - 1)
        size = crown * (0.42 + 0.12 * chance.random())
        away = 0.0 if clump == clumps - 1 else crown * 0.55
        rise = height - size * 1.02 if away == 0.0 else height - crown * (0.75 + 0.3 * chance.random())
        leaf = m.LEAVES[clump % 3]
        grown.add(
            leaf,
            s.foliage(size, seed * 31 + clump, facets=True),
            (away * math.cos(turn), rise, away * math.sin(turn)),
        )
    return grown


def shrub_row(length: float, size: float, seed: int, spacing: float = 0.3) -> Assembly:
    """Low leafy clumps in a row along x, some of them in flower; their feet are at y = 0."""
    chance = random.Random(seed)  # noqa: S311 - decoration, not a secret
    row = Assembly()
    count = max(1, round(length / spacing))
    for number in range(count):
        x = length * ((number + 0.5) / count - 0.5)
        radius = size * (0.8 + 0.3 * chance.random())
        row.add(m.LEAVES[number % 3], s.foliage(radius, seed + number), (x, radius * 0.55, 0))
        if number % 2:
            row.join(_blossoms(radius, m.PETALS[(number // 2) % 4], chance), (x, radius * 0.55, 0))
    return row


def _blossoms(radius: float, petal: Material, chance: random.Random) -> Assembly:
    blooms = Assembly()
    for number in range(4):
        turn, lift = 1.57 * number + chance.random(), 0.6 + 0.5 * chance.random()
        spot = (math.cos(turn) * math.cos(lift), math.sin(lift), math.sin(turn) * math.cos(lift))
        x, y, z = (radius * 1.0 * part for part in spot)
        blooms.add(petal, s.foliage(0.035, number, detail=0, jitter=0.05), (x, y, z))
    return blooms


def timber_planter(width: float, height: float, depth: float, wood: Material = m.OAK) -> Assembly:
    """A planter of horizontal boards with corner posts, filled with soil to just under its rim."""
    planter = Assembly()
    rows = max(2, round(height / 0.13))
    board = height / rows
    for row in range(rows):
        y = row * board
        for z in (-depth / 2 + 0.02, depth / 2 - 0.02):
            planter.add(wood, s.box(width, board - 0.012, 0.04), (0, y, z))
        for x in (-width / 2 + 0.02, width / 2 - 0.02):
            planter.add(wood, s.box(0.04, board - 0.012, depth - 0.08), (x, y, 0))
    for x in (-width / 2 + 0.07, width / 2 - 0.07):
        for z in (-depth / 2 + 0.07, depth / 2 - 0.07):
            planter.add(m.WALNUT, s.box(0.06, height - 0.01, 0.06), (x, 0, z))
    planter.add(m.SOIL, s.box(width - 0.08, height - 0.06, depth - 0.08))
    return planter


def lamp_post(height: float) -> Assembly:
    """A slim post with a warm globe on top."""
    lamp = Assembly()
    lamp.add(m.STEEL_DARK, s.cylinder(0.1, 0.04, 16))
    lamp.add(m.STEEL_DARK, s.cylinder(0.035, height - 0.25, 10, 0.025))
    lamp.add(m.LAMP, s.ball(0.12, 14), (0, height - 0.12, 0))
    lamp.add(m.STEEL_DARK, s.cylinder(0.07, 0.03, 14), (0, height - 0.26, 0))
    return lamp


def railing(length: float, height: float, spacing: float = 0.12) -> Assembly:
    """A railing along x: end posts, thin balusters, a second handrail low enough for a wheelchair user."""
    rail = Assembly()
    for x in (-length / 2 + 0.025, length / 2 - 0.025):
        rail.add(m.STEEL_DARK, s.box(0.05, height, 0.05), (x, 0, 0))
    count = max(1, round(length / spacing) - 1)
    for number in range(count):
        x = length * ((number + 1) / (count + 1) - 0.5)
        rail.add(m.STEEL, s.box(0.014, height - 0.1, 0.014), (x, 0.05, 0))
    for y, radius in ((height - 0.025, 0.025), (height * 0.72, 0.018)):
        rail.add(m.CEDAR, s.rod((-length / 2, y, 0), (length / 2, y, 0), radius))
    rail.add(m.STEEL_DARK, s.box(length, 0.04, 0.02), (0, 0.04, 0))
    return rail


def book_row(length: float, depth: float, tallest: float, seed: int) -> Assembly:
    """Books standing side by side along x, spines to the front; a few lean or leave a gap."""
    chance = random.Random(seed)  # noqa: S311 - decoration, not a secret
    row = Assembly()
    x = -length / 2
    while x < length / 2 - 0.07:
        thick = 0.028 + 0.035 * chance.random()
        tall = tallest * (0.68 + 0.3 * chance.random())
        cloth = m.BOOK_CLOTHS[int(chance.random() * len(m.BOOK_CLOTHS))]
        if chance.random() > 0.06:
            row.add(
                cloth, s.box(thick - 0.004, tall, depth * (0.8 + 0.2 * chance.random())), (x + thick / 2, 0, 0)
            )
        x += thick
    return row


def string_lights(start: s.Point, end: s.Point, sag: float, bulbs: int) -> Assembly:
    """A hanging cable with warm bulbs."""
    lights = Assembly()
    lights.add(m.STEEL_DARK, s.sagging(start, end, sag, 0.008))
    for number in range(bulbs):
        x, y, z = s.hanging_point(start, end, sag, (number + 0.5) / bulbs)
        lights.add(m.STEEL_DARK, s.cylinder(0.014, 0.04, 6), (x, y - 0.04, z))
        lights.add(m.LAMP, s.ball(0.045, 8), (x, y - 0.08, z))
    return lights


def paper_lantern(radius: float, material: Material) -> Assembly:
    """A round lantern with black rims; it hangs from the origin."""
    lantern = Assembly()
    profile = [
        (radius * 0.5, -2.1 * radius),
        (radius, -1.6 * radius),
        (radius, -0.7 * radius),
        (radius * 0.5, -0.2 * radius),
    ]
    lantern.add(material, s.lathe(profile, 14))
    for y in (-2.2 * radius, -0.22 * radius):
        lantern.add(m.LACQUER, s.cylinder(radius * 0.52, radius * 0.14, 14), (0, y, 0))
    lantern.add(m.LACQUER, s.cylinder(0.006, radius * 0.2, 5), (0, -0.1 * radius, 0))
    return lantern


def sitting_dog(size: float = 0.6) -> Assembly:
    """A carved wooden dog that sits, `size` high, looking towards +z."""
    dog = Assembly()
    unit = size / 0.6
    solids: Sequence[tuple[Material, Mesh, s.Point, float]] = (
        (
            m.DOG_COAT,
            s.lathe([(0.12, 0), (0.15, 0.06), (0.14, 0.2), (0.09, 0.34), (0.07, 0.42)], 14),
            (0, 0, -0.04),
            6,
        ),
        (m.DOG_COAT, s.ball(0.1, 14), (0, 0.48, 0.03), 0),
        (m.DOG_COAT, s.cylinder(0.055, 0.12, 12, 0.045), (0, 0.45, 0.08), 90),
        (m.LACQUER, s.ball(0.022, 8), (0, 0.46, 0.205), 0),
        (m.RED, s.ring(0.085, 0.06, 0.03, 16), (0, 0.385, 0.005), 10),
        (m.DOG_COAT, s.cylinder(0.03, 0.22, 8, 0.012), (0, 0.03, -0.17), -55),
    )
    for material, mesh, at, pitch in solids:
        dog.add(material, mesh, at, pitch=pitch)
    for side in (-1, 1):
        dog.add(m.DOG_COAT, s.cylinder(0.035, 0.3, 10, 0.045), (side * 0.07, 0, 0.09))
        dog.add(m.DOG_COAT, s.ball(0.07, 10), (side * 0.11, 0.07, -0.02))
        dog.add(m.WALNUT, s.box(0.04, 0.13, 0.02), (side * 0.095, 0.43, 0.02), roll=side * 14)
        dog.add(m.LACQUER, s.ball(0.014, 8), (side * 0.04, 0.52, 0.117))
    return Assembly([(s.scaled(mesh, unit), material) for mesh, material in dog.parts])


def bowl(radius: float, rim: Material, filling: Material) -> Assembly:
    """A shallow bowl, filled almost to its rim."""
    dish = Assembly()
    height = radius * 0.6
    dish.add(rim, s.ring(radius, radius * 0.82, height, 18))
    dish.add(filling, s.cylinder(radius * 0.83, height * 0.8, 18))
    return dish
