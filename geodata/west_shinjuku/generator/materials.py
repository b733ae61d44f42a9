"""The palette: warm woods, soft metals, plants and light."""

from geodata.glb_writer import Material


def _linear(channel: int) -> float:
    """An sRGB channel (0–255) as the linear value that glTF wants (IEC 61966-2-1)."""
    value = channel / 255
    linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    return round(linear, 4)


def _linear_rgb(hex_color: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(hex_color[start : start + 2], 16)) for start in (0, 2, 4))
    return red, green, blue


def _matt(name: str, hex_color: str, roughness: float = 0.85) -> Material:
    return Material(name, (*_linear_rgb(hex_color), 1.0), roughness)


def _metal(name: str, hex_color: str, roughness: float = 0.45) -> Material:
    return Material(name, (*_linear_rgb(hex_color), 1.0), roughness, metallic=0.6)


def _light(name: str, hex_color: str) -> Material:
    red, green, blue = _linear_rgb(hex_color)
    return Material(name, (red, green, blue, 1.0), 0.4, emissive=(red, green, round(blue * 0.8, 4)))


def _haze(name: str, hex_color: str, alpha: float) -> Material:
    return Material(name, (*_linear_rgb(hex_color), alpha), 1.0)


CEDAR = _matt("cedar", "c58a55")
CEDAR_LIGHT = _matt("cedar light", "d9a671")
OAK = _matt("oak", "a8733f")
WALNUT = _matt("walnut", "6b4429", 0.6)
BARK = _matt("bark", "6e5140", 0.95)
PLYWOOD = _matt("birch plywood", "e6cfa3")
CONCRETE = _matt("concrete", "b9b3a8", 0.95)
STONE = _matt("stone", "9c968c", 0.95)
BRICK = _matt("brick", "b5654a", 0.95)
SOIL = _matt("soil", "5a4030", 1.0)
TURF = _matt("turf", "7fae4e", 1.0)
LEAF = _matt("leaf", "5f9a45", 0.95)
LEAF_DARK = _matt("leaf dark", "3f7a3a", 0.95)
LEAF_LIGHT = _matt("leaf light", "93bf5a", 0.95)
PETAL_PINK = _matt("petal pink", "e58aa0")
PETAL_YELLOW = _matt("petal yellow", "f2c447")
PETAL_WHITE = _matt("petal white", "f6f0e4")
PETAL_PURPLE = _matt("petal purple", "9a78c2")
TOMATO = _matt("tomato", "d9432f", 0.5)
CARROT = _matt("carrot", "e8862e")
STEEL = _metal("steel", "a9a8a4")
STEEL_DARK = _metal("dark steel", "4f4b48", 0.5)
STEEL_WHITE = _metal("white steel", "ece7de", 0.5)
CORTEN = _matt("weathering steel", "9a5a38", 0.9)
BRASS = _metal("brass", "c9a24d", 0.35)
LACQUER = _matt("black lacquer", "2b2523", 0.25)
IVORY = _matt("ivory", "f5efdf", 0.4)
PAPER = _matt("paper", "efe6d2", 0.95)
CANVAS = _matt("canvas", "efe2c6", 0.95)
RED = _matt("red cloth", "c8473c", 0.9)
ORANGE = _matt("orange cloth", "e59a43", 0.9)
YELLOW = _matt("yellow cloth", "efc550", 0.9)
TEAL = _matt("teal cloth", "3f8f8b", 0.9)
INDIGO = _matt("indigo cloth", "3b5482", 0.9)
ROPE = _matt("rope", "cdb387", 1.0)
RUBBER = _matt("rubber", "8a5a4a", 1.0)
WATER = _matt("water", "7fb9d0", 0.15)
GLASS_BLUE = _matt("pale roof panel", "cfe3e6", 0.25)
SOLAR = _matt("solar panel", "26324d", 0.3)
DOG_COAT = _matt("dog coat", "cf9d62", 0.9)
LAMP = _light("lamp", "ffdf9e")
LANTERN = _light("red lantern", "f2653f")
MIST = _haze("mist", "eef6f8", 0.35)

BOOK_CLOTHS = (RED, TEAL, INDIGO, YELLOW, ORANGE, PAPER, LEAF_DARK, PETAL_PURPLE)
PETALS = (PETAL_PINK, PETAL_YELLOW, PETAL_WHITE, PETAL_PURPLE)
LEAVES = (LEAF, LEAF_DARK, LEAF_LIGHT)
