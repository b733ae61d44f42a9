"""The pictures beside the words of the menu, drawn as simple shapes in a square."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL.ImageDraw import ImageDraw

from webhooks.line.postback import CommandName


@dataclass(frozen=True)
class Square:
    """Where an icon is drawn: from (``left``, ``top``), ``side`` pixels; all shapes have places from 0 to 1."""

    draw: ImageDraw
    left: float
    top: float
    side: float
    ink: str
    ground: str

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A place of the square in pixels of the picture."""
        return self.left + x * self.side, self.top + y * self.side

    def line(self, *places: tuple[float, float], width: float = 0.09, ink: str = "") -> None:
        """A line through some places, with round ends and corners."""
        for start, end in pairwise(places):
            self.draw.line([self.at(*start), self.at(*end)], ink or self.ink, round(width * self.side))
        for x, y in places:
            self.disc(x, y, width / 2, ink)

    def disc(self, x: float, y: float, radius: float, ink: str = "") -> None:
        """A filled circle."""
        corners = self.at(x - radius, y - radius), self.at(x + radius, y + radius)
        self.draw.ellipse(corners, ink or self.ink)

    def block(self, x: float, y: float, right: float, bottom: float, ink: str = "") -> None:
        """A filled rectangle with slightly round corners."""
        corners = self.at(x, y), self.at(right, bottom)
        self.draw.rounded_rectangle(corners, 0.05 * self.side, ink or self.ink)

    def shape(self, places: Sequence[tuple[float, float]]) -> None:
        """A filled polygon."""
        self.draw.polygon([self.at(*place) for place in places], self.ink)


def ballot_box(on: Square) -> None:
    """A slip with a tick goes into a box."""
    on.block(0.28, 0.02, 0.72, 0.6)
    on.line((0.38, 0.28), (0.47, 0.37), (0.63, 0.17), width=0.07, ink=on.ground)
    on.block(0.04, 0.5, 0.96, 0.98)
    on.block(0.2, 0.56, 0.8, 0.62, ink=on.ground)


def receipt(on: Square) -> None:
    """A sheet with a tick and two lines."""
    on.block(0.14, 0.04, 0.86, 0.96)
    on.line((0.28, 0.32), (0.38, 0.42), (0.56, 0.2), width=0.08, ink=on.ground)
    on.line((0.3, 0.6), (0.7, 0.6), width=0.07, ink=on.ground)
    on.line((0.3, 0.77), (0.6, 0.77), width=0.07, ink=on.ground)


def pin(on: Square) -> None:
    """A needle on a map."""
    on.shape([(0.2, 0.52), (0.8, 0.52), (0.5, 0.98)])
    on.disc(0.5, 0.37, 0.335)
    on.disc(0.5, 0.37, 0.13, ink=on.ground)


def bars(on: Square) -> None:
    """Three bars on a line, the middle one the highest."""
    on.block(0.1, 0.48, 0.3, 0.84)
    on.block(0.4, 0.08, 0.6, 0.84)
    on.block(0.7, 0.3, 0.9, 0.84)
    on.line((0.06, 0.95), (0.94, 0.95), width=0.07)


def gear(on: Square) -> None:
    """A wheel with eight teeth."""
    teeth = 8
    for tooth in range(teeth):
        x, y = (f(2 * math.pi * tooth / teeth) for f in (math.cos, math.sin))
        on.line((0.5 + 0.28 * x, 0.5 + 0.28 * y), (0.5 + 0.4 * x, 0.5 + 0.4 * y), width=0.16)
    on.disc(0.5, 0.5, 0.35)
    on.disc(0.5, 0.5, 0.15, ink=on.ground)


ICONS: Mapping[CommandName, Callable[[Square], None]] = {
    "ballot": ballot_box,
    "my_votes": receipt,
    "map": pin,
    "results": bars,
    "settings": gear,
}
