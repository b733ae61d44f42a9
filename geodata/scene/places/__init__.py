"""How places look: one layout for each kind of land."""

from geodata.scene.places.court import court
from geodata.scene.places.hall import hall
from geodata.scene.places.park import park
from geodata.scene.places.plaza import plaza
from geodata.scene.places.setting import Layout, Place, Setting
from geodata.scene.places.street import street
from geodata.scene.spec import LandType

LAYOUTS: dict[LandType | None, Layout] = {
    "park": park,
    "plaza": plaza,
    "indoor_plaza": hall,
    "private_open_space": court,
    "road": street,
    None: plaza,
}

__all__ = ["LAYOUTS", "Place", "Setting"]
