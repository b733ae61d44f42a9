"""A programme small enough to read at a glance: 2 sites, 3 proposals, 1 ballot, models of a few triangles."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from civic.kernel import clock
from civic.kernel.context import Context
from civic.programme_files.checking import check_document
from civic.programme_files.format import written_time
from civic.programme_files.loading import Loaded, Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import read_document
from geodata.glb_writer import Material, Mesh, write_glb

PROGRAMME, BALLOT = "tiny", "tiny-ballot"
PROPOSALS = ("bench", "tree", "stage")

# Lower left corners in lon, lat; 0.0004 degrees are 36 m east and 44 m north here.
_CORNERS = {"plaza": (139.6920, 35.6890), "park": (139.6900, 35.6905)}
_SIDE = 0.0004
_SIZES = {"bench": (2.0, 1.0, 0.5), "tree": (1.5, 3.2, 1.5), "stage": (6.0, 0.6, 4.0)}


def write_tiny_programme(
    folder: Path, *, now: datetime | None = None, titles: dict[str, dict[str, str]] | None = None, **ballot: Any
) -> Path:
    """Write the folder and return it. ``ballot`` overrides keys of the ballot, ``titles`` those of proposals.

    The ballot's window is from ``now`` (the real time when left out) to a day later.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for site, (lon, lat) in _CORNERS.items():
        (folder / f"{site}.geojson").write_text(json.dumps(square(lon, lat, _SIDE)))
    (folder / "area.geojson").write_text(json.dumps(square(139.68, 35.68, 0.02)))
    for name, (width, height, depth) in _SIZES.items():
        (folder / f"{name}.glb").write_bytes(box_glb(name, width, height, depth))
    document = _document(now or clock.now(), titles or {}, ballot)
    (folder / "programme.yaml").write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return folder


async def load_programme(context: Context, folder: Path) -> Loaded:
    """Load a programme folder as ``civic programme load`` does."""
    checked = await asyncio.to_thread(lambda: check_document(read_document(folder)))
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, context.clock()).reports()
    async with context.database.writing() as session:
        return await Loader(session, "test", checked, reports, context.store, context.clock()).load()


def square(lon: float, lat: float, side: float) -> dict[str, Any]:
    """A GeoJSON square by its lower left corner, in degrees."""
    ring = [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]
    return {"type": "Polygon", "coordinates": [[[round(x, 7), round(y, 7)] for x, y in ring]]}


def box_glb(name: str, width: float, height: float, depth: float) -> bytes:
    """An axis-parallel box in metres as GLB, standing on y = 0."""
    corners = np.array(
        [(x, y, z) for x in (-width / 2, width / 2) for y in (0.0, height) for z in (-depth / 2, depth / 2)]
    )
    faces = {
        (-1, 0, 0): (0, 1, 3, 2),
        (1, 0, 0): (4, 6, 7, 5),
        (0, -1, 0): (0, 4, 5, 1),
        (0, 1, 0): (2, 3, 7, 6),
        (0, 0, -1): (0, 2, 6, 4),
        (0, 0, 1): (1, 5, 7, 3),
    }
    positions = np.concatenate([corners[list(face)] for face in faces.values()])
    normals = np.repeat(np.array(list(faces), dtype=float), 4, axis=0)
    triangles = np.concatenate([np.array([(0, 1, 2), (0, 2, 3)]) + 4 * i for i in range(len(faces))])
    return write_glb([(Mesh(positions, normals, triangles), Material("wood", (0.6, 0.4, 0.2, 1.0)))], name)


def _document(now: datetime, titles: dict[str, dict[str, str]], ballot: dict[str, Any]) -> dict[str, Any]:
    opens_at, closes_at = now, now + timedelta(days=1)
    return {
        "programme": {
            "slug": PROGRAMME,
            "title": {"ja": "小さな事業", "en": "A tiny programme"},
            "area": "area.geojson",
        },
        "stages": [
            _stage("intake", now - timedelta(days=30), now - timedelta(days=2)),
            _stage("ballot", now - timedelta(days=1), now + timedelta(days=5)),
            _stage("decision", now + timedelta(days=5), now + timedelta(days=9)),
        ],
        "sites": [
            _site("plaza", {"ja": "駅前の広場", "en": "Station plaza"}, "plaza", {"max_height_m": 6.0}),
            _site("park", {"ja": "川ぞいの公園", "en": "Riverside park"}, "park", {"max_footprint_m2": 30}),
        ],
        "workshops": [
            {
                "slug": "ws",
                "date": "2026-07-05",
                "title": {"ja": "七月のワークショップ", "en": "July workshop"},
                "groups": [{"slug": "table-a", "title": {"ja": "A班", "en": "Table A"}}],
            }
        ],
        "proposals": [
            _proposal("bench", titles, {"ja": "木のベンチ", "en": "Wooden bench"}, {"plaza": 1_000_000}),
            _proposal("tree", titles, {"ja": "大きな木", "en": "Big tree"}, {"plaza": 800_000}),
            _proposal(
                "stage", titles, {"ja": "小さな舞台", "en": "Small stage"}, {"park": 2_000_000, "plaza": 2_500_000}
            ),
        ],
        "ballots": [
            {
                "slug": BALLOT,
                "title": {"ja": "小さな投票", "en": "A tiny ballot"},
                "method": "site_winner",
                "max_approvals": 2,
                "options": list(PROPOSALS),
                "opens_at": written_time(opens_at.replace(microsecond=0)),
                "closes_at": written_time(closes_at.replace(microsecond=0)),
                "late_grace_s": 60,
                **ballot,
            }
        ],
    }


def _stage(kind: str, opens_at: datetime, closes_at: datetime) -> dict[str, Any]:
    opens, closes = (written_time(time.replace(microsecond=0)) for time in (opens_at, closes_at))
    return {"kind": kind, "opens_at": opens, "closes_at": closes}


def _site(slug: str, title: dict[str, str], land_type: str, rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": title,
        "level": "ground",
        "boundary": f"{slug}.geojson",
        "ground_m": 35.0,
        "manager": "見本の町",
        "land_type": land_type,
        "rules": rules,
    }


def _proposal(
    slug: str, titles: dict[str, dict[str, str]], title: dict[str, str], costs: dict[str, int]
) -> dict[str, Any]:
    return {
        "slug": slug,
        "group": "table-a",
        "title": titles.get(slug, title),
        "summary": {"ja": f"{title['ja']}を置きます。", "en": f"{title['en']}, for a rest."},
        "for_whom": ["elderly", "pets"],
        "model": f"{slug}.glb",
        "alt": {"ja": "茶色い箱のかたち。", "en": "A brown box."},
        "licence": "CC0-1.0",
        "consent": {"publish": True},
        "placements": [_placement(site, cost) for site, cost in costs.items()],
    }


def _placement(site: str, cost_yen: int) -> dict[str, Any]:
    lon, lat = _CORNERS[site]
    middle = {"lon": round(lon + _SIDE / 2, 7), "lat": round(lat + _SIDE / 2, 7)}
    return {"site": site, **middle, "heading_deg": 90.0, "cost_yen": cost_yen}
