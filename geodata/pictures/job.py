"""A picture job: which model, where, which cameras, into which folder; and the hash of what decides the pixels.

A job is a JSON object: `{"model": "/path.glb", "placement": {"lon", "lat", "heading_deg", "base_m", "scale"},
"site": {"boundary": GeoJSON geometry, "level", "land_type"}, "cameras": ["people", …], "out": "/folder"}`. It may
hold two more: `"sun": {"azimuth_deg", "elevation_deg"}`, the sun of an hour, with the shadows of the towers; and
`"city": {"ground_m", "buildings": [{"id", "footprint": WKB in hexadecimal, "height_m", "ground_m"}, …]}`, what was
surveyed around, with the height of the site's ground.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Any, get_args

from geodata.crs import to_plane
from geodata.glb_writer import Mesh
from geodata.pictures.drawing import draw_all
from geodata.placement import Building, Placement
from geodata.scene.cameras import CAMERAS, EYES
from geodata.scene.city import building_meshes, without_surveyed
from geodata.scene.document import scene_document
from geodata.scene.light import CARD_SUN, Sun
from geodata.scene.scene import build_scene
from geodata.scene.spec import LandType, SceneSpec
from geodata.scene.surroundings import surroundings_glb
from geodata.shapes import from_wkb, read_polygon
from geodata.west_shinjuku import context

RENDERER_VERSION = "pictures-2"
BLOCKS_WITHIN_M = 3_000.0
SURROUNDINGS, DOCUMENT = "surroundings.glb", "scene.json"


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Draw the pictures of a job into its folder, with `surroundings.glb` and `scene.json`.

    Returns the file names by camera, and the renderer's version. Raises ValueError (ModelRejected and ShapeError
    are ones), KeyError or TypeError for a job that is not as described, OSError when a file cannot be used.
    """
    cameras = [_known_camera(name) for name in job["cameras"]]
    scene, out = build_scene(_spec(job)), Path(job["out"])
    files = {}
    for camera, picture in draw_all(scene, cameras).items():
        files[camera] = {"wide": f"{camera}-wide.jpg", "square": f"{camera}-square.jpg"}
        (out / files[camera]["wide"]).write_bytes(picture.wide)
        (out / files[camera]["square"]).write_bytes(picture.square)
    (out / SURROUNDINGS).write_bytes(surroundings_glb(scene))
    (out / DOCUMENT).write_text(json.dumps(scene_document(scene), allow_nan=False), encoding="utf-8")
    return {"renderer": RENDERER_VERSION, "pictures": files, "surroundings": SURROUNDINGS, "scene": DOCUMENT}


def inputs_sha256(job: dict[str, Any]) -> str:
    """Hash everything that decides the pixels: renderer, model, placement, site and the buildings around.

    SHA-256, in hexadecimal, of JSON with sorted keys. Neither the folder nor the choice of cameras counts. Raises
    as `run_job` does.
    """
    inputs = {
        "renderer": RENDERER_VERSION,
        "model_sha256": hashlib.sha256(Path(job["model"]).read_bytes()).hexdigest(),
        "placement": vars(_placement(job)),
        "site": {key: job["site"].get(key) for key in ("boundary", "level", "land_type")},
        **({"sun": vars(_sun(job))} if "sun" in job else {}),
        **({"city": job["city"]} if "city" in job else {}),
        "blocks_sha256": hashlib.sha256(context.TABLE.read_bytes()).hexdigest(),
    }
    text = json.dumps(inputs, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _known_camera(name: str) -> str:
    if name not in (*CAMERAS, *EYES):
        raise ValueError(f"unknown camera: {name!r}")
    return name


def _spec(job: dict[str, Any]) -> SceneSpec:
    placement, site, city = _placement(job), job["site"], job.get("city", {})
    buildings = [_building(found) for found in city.get("buildings", ())]
    boundary = read_polygon(json.dumps(site["boundary"], allow_nan=False).encode())
    return SceneSpec(
        model=Path(job["model"]).read_bytes(),
        placement=placement,
        boundary=boundary,
        level=site.get("level", "ground"),
        land_type=_land_type(site.get("land_type")),
        blocks=without_surveyed(_blocks(placement), buildings, placement),
        buildings=building_meshes(buildings, placement, city["ground_m"]) if buildings else (),
        sun=_sun(job),
    )


def _sun(job: dict[str, Any]) -> Sun:
    given = job.get("sun")
    return CARD_SUN if given is None else Sun(float(given["azimuth_deg"]), float(given["elevation_deg"]))


def _placement(job: dict[str, Any]) -> Placement:
    found = job["placement"]
    return Placement(
        float(found["lon"]),
        float(found["lat"]),
        float(found["heading_deg"]),
        float(found.get("base_m", 0.0)),
        float(found.get("scale", 1.0)),
    )


def _building(found: dict[str, Any]) -> Building:
    return Building(
        found["id"], from_wkb(bytes.fromhex(found["footprint"])), float(found["height_m"]), found["ground_m"]
    )


def _land_type(name: Any) -> LandType | None:
    """A kind of land without a look of its own is drawn as an open place."""
    return name if name in get_args(LandType) else None


def _blocks(placement: Placement) -> tuple[Mesh, ...]:
    here = to_plane(placement.lon, placement.lat)
    nearest = min(math.dist(here, to_plane(tower.lon, tower.lat)) for tower in context.towers())
    return tuple(context.blocks(placement.lon, placement.lat)) if nearest < BLOCKS_WITHIN_M else ()
