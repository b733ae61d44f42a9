"""Which model belongs to which programme, and the size its proposal states."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geodata.glb_writer import write_glb
from geodata.west_shinjuku.generator import festa_2023, gathering, seats, shelters
from geodata.west_shinjuku.generator.parts import Assembly, fitted

PROGRAMMES = Path(__file__).parent.parent / "programmes"


@dataclass(frozen=True)
class Model:
    """A model file of a programme; width (x), depth (z) and height (y) in metres."""

    programme: str
    slug: str
    width: float
    depth: float
    height: float
    build: Callable[[], Assembly]

    @property
    def path(self) -> Path:
        """Where the GLB stands in the checkout."""
        return PROGRAMMES / self.programme / f"{self.slug}.glb"

    def glb(self) -> bytes:
        """The model as GLB bytes, the same each time."""
        return write_glb(fitted(self.build(), self.width, self.depth, self.height).parts, self.slug)


MODELS = (
    Model("nishi-shinjuku-2026", "shade-bench", 6.0, 2.4, 3.2, seats.shade_bench),
    Model("nishi-shinjuku-2026", "rain-shelter", 9.0, 2.2, 2.9, shelters.rain_shelter),
    Model("nishi-shinjuku-2026", "garden-cubes", 4.8, 4.8, 1.6, gathering.garden_cubes),
    Model("nishi-shinjuku-2026", "lawn-stage", 10.0, 6.0, 0.6, gathering.lawn_stage),
    Model("nishi-shinjuku-2026", "misty-grove", 5.0, 5.0, 3.8, shelters.misty_grove),
    Model("nishi-shinjuku-2026", "piano-and-books", 4.0, 1.8, 2.4, gathering.piano_and_books),
    Model("nishi-shinjuku-2026", "beacon", 1.5, 1.5, 6.0, shelters.beacon),
    Model("nishi-shinjuku-2026", "planters-to-sit-on", 8.0, 1.0, 0.9, seats.planters_to_sit_on),
    Model("nishi-shinjuku-2026", "book-tunnel", 6.0, 2.0, 1.8, gathering.book_tunnel),
    Model("nishi-shinjuku-2026", "step-free-lookout", 5.0, 3.0, 1.2, seats.step_free_lookout),
    Model("nishi-shinjuku-2026", "giant-swing", 7.0, 4.0, 5.5, seats.giant_swing),
    Model("nishi-shinjuku-2026", "night-market-stalls", 12.0, 2.4, 2.6, shelters.night_market_stalls),
    Model("nishi-shinjuku-2023", "kind-space", 8.0, 5.0, 3.0, festa_2023.kind_space),
    Model("nishi-shinjuku-2023", "long-table", 10.0, 2.6, 2.7, festa_2023.long_table),
    Model("nishi-shinjuku-2023", "light-path", 9.0, 3.0, 2.6, festa_2023.light_path),
    Model("nishi-shinjuku-2023", "play-mound", 6.0, 6.0, 1.8, festa_2023.play_mound),
)


def write_all() -> list[Path]:
    """Writes every model into its programme folder and names the files."""
    for model in MODELS:
        model.path.parent.mkdir(parents=True, exist_ok=True)
        model.path.write_bytes(model.glb())
    return [model.path for model in MODELS]
