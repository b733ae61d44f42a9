"""A proposal in its place, ready to be drawn or walked through."""

import math
from dataclasses import dataclass

import shapely

from geodata.crs import points_to_plane, to_plane
from geodata.placement import Placement
from geodata.scene.arrangement import Surroundings, arranged_figures, arranged_plants
from geodata.scene.cameras import Camera, is_clear, lowered, place_cameras
from geodata.scene.ground import HORIZON_M, Ground, layered
from geodata.scene.light import CARD_SUN, Sun
from geodata.scene.places import LAYOUTS, Place, Setting
from geodata.scene.prop import Prop, Stand
from geodata.scene.solids import Solid, standing_solids
from geodata.scene.spec import SceneSpec
from geodata.scene.subject import Subject, place_subject


@dataclass(frozen=True)
class Scene:
    """Everything that stands somewhere, in metres: x = east, y = up, z = south of the placement's point."""

    subject: Subject
    grounds: tuple[Ground, ...]
    fixtures: tuple[Prop, ...]
    plants: tuple[Stand, ...]
    figures: tuple[Stand, ...]
    solids: tuple[Solid, ...]
    cameras: tuple[Camera, ...]
    sun: Sun

    def camera(self, name: str) -> Camera:
        """Look a camera up, or one of other eyes; raises KeyError for an unknown name."""
        placed = {camera.name: camera for camera in self.cameras}
        return placed[name] if name in placed else lowered(name, self.cameras[0], self.subject)


def build_scene(spec: SceneSpec) -> Scene:
    """Stand a proposal in its place and set out what is around it.

    The same spec always gives the same scene. Raises ModelRejected when the model's bytes did not pass the gate.
    """
    placement = spec.placement
    subject = place_subject(spec.model, placement)
    known = [*map(Solid, spec.blocks), *(Solid(mesh, plain=True) for mesh in spec.buildings)]
    around = standing_solids(known, subject.footprint.buffer(2.0))
    cameras = place_cameras(subject, placement.heading_deg, around)
    # Where buildings leave no open view from any side, those in the way of the chosen one are left out.
    solids = tuple(solid for solid in around if all(is_clear(camera, subject, [solid]) for camera in cameras))
    heading = math.radians(placement.heading_deg)
    viewpoints = tuple((camera.position[0], camera.position[2]) for camera in cameras)
    back = (-math.sin(heading), math.cos(heading))
    setting = Setting(_site(spec), subject.footprint, back, viewpoints, spec.level == "underground")
    place = LAYOUTS[spec.land_type](setting)
    free = Surroundings(subject, cameras, solids)
    plants = arranged_plants(place, free)
    city = Ground("city", shapely.Point(0, 0).buffer(HORIZON_M))
    return Scene(
        subject,
        layered((*place.grounds, city)),
        place.fixtures,
        plants,
        arranged_figures(place, free, plants),
        solids,
        cameras,
        spec.sun,
    )


def build_alone(model: bytes) -> Scene:
    """Stand a model on empty ground in the light of the cards, with one adult of 165 cm beside it.

    Raises ModelRejected when the model's bytes did not pass the gate.
    """
    subject = place_subject(model, Placement(0.0, 0.0, CARD_SUN.azimuth_deg))
    cameras = place_cameras(subject, CARD_SUN.azimuth_deg, ())
    ground = Ground("tiles", shapely.Point(0, 0).buffer(HORIZON_M))
    beside = arranged_figures(Place((ground,)), Surroundings(subject, cameras, ()), ())[:1]
    return Scene(subject, (ground,), (), (), beside, (), cameras, CARD_SUN)


def _site(spec: SceneSpec) -> shapely.Polygon:
    """The boundary in (x, z) metres of the scene."""
    e, n = to_plane(spec.placement.lon, spec.placement.lat)
    return shapely.transform(
        shapely.force_2d(spec.boundary), lambda lonlat: (points_to_plane(lonlat) - (e, n)) * (1, -1)
    )
