"""A small programme as data, to be bent by a test and written as a folder: two sites, four boxes, two ballots.

Costs: bench 1,000,000 and stage 2,000,000 yen on the plaza, swing and mist 500,000 yen each on the deck.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from geodata.glb_writer import Material, Mesh, write_glb

OPENS = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
CLOSES = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
GRACE_S = 600
BALLOT, OTHER_BALLOT = "nice", "second"
OPTIONS = ("bench", "stage", "swing", "mist")

_GREY = Material("grey", (0.5, 0.5, 0.5, 1.0))
_PLACES = {
    "bench": ("plaza", 139.6895, 1_000_000),
    "stage": ("plaza", 139.6897, 2_000_000),
    "swing": ("deck", 139.6915, 500_000),
    "mist": ("deck", 139.6917, 500_000),
}


def small_document() -> dict[str, Any]:
    """The programme file as plain data."""
    return {
        "programme": {
            "slug": "small",
            "title": {"ja": "小さな事業", "en": "A small programme"},
            "area": "area.geojson",
        },
        "stages": [
            {"kind": "ballot", "opens_at": "2026-10-01T09:00+09:00", "closes_at": "2026-10-15T00:00+09:00"}
        ],
        "sites": [_site("plaza", "広場", "ground"), _site("deck", "デッキ", "deck")],
        "workshops": [
            {
                "slug": "ws-0705",
                "date": "2026-07-05",
                "title": {"ja": "ワークショップ"},
                "groups": [
                    {"slug": "table-a", "title": {"ja": "A班"}},
                    {"slug": "table-b", "title": {"ja": "B班"}},
                ],
            }
        ],
        "proposals": [_proposal(slug) for slug in OPTIONS],
        "ballots": [_ballot(BALLOT, list(OPTIONS), 3), _ballot(OTHER_BALLOT, ["bench", "stage"], 1)],
    }


def small_files() -> dict[str, bytes]:
    """The GeoJSON files and models that the document names."""
    return {
        "area.geojson": rectangle(139.688, 35.688, 139.694, 35.692),
        "plaza.geojson": rectangle(139.689, 35.689, 139.690, 35.690),
        "deck.geojson": rectangle(139.691, 35.689, 139.692, 35.690),
        **{f"{slug}.glb": box_glb(1.0 + number / 10) for number, slug in enumerate(OPTIONS)},
    }


def write_small_programme(
    folder: Path, document: Mapping[str, Any] | None = None, files: Mapping[str, bytes] | None = None
) -> Path:
    """Write the folder; ``files`` come on top of (or over) the usual ones. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(small_document() if document is None else dict(document), allow_unicode=True)
    (folder / "programme.yaml").write_text(text, encoding="utf-8")
    for name, data in (small_files() | dict(files or {})).items():
        (folder / name).write_bytes(data)
    return folder


def rectangle(west: float, south: float, east: float, north: float) -> bytes:
    """A GeoJSON polygon between two corners, degrees."""
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}).encode()


@cache
def box_glb(height: float) -> bytes:
    """A box 2 m wide and 1 m deep of this height in metres, standing on the ground."""
    corners = np.array(
        [(x, y, z) for x in (-1.0, 1.0) for y in (0.0, height) for z in (-0.5, 0.5)], dtype=np.float64
    )
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [t for a, b, c, d in faces for t in ((a, b, c), (a, c, d))]
    normals = corners / np.linalg.norm(corners, axis=1, keepdims=True)
    return write_glb([(Mesh(corners, normals, np.array(triangles)), _GREY)], "box")


def _site(slug: str, title: str, level: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": {"ja": title},
        "level": level,
        "boundary": f"{slug}.geojson",
        "ground_m": 33.0,
        "manager": "例",
        "rules": {"max_height_m": 4.0},
    }


def _proposal(slug: str) -> dict[str, Any]:
    site, lon, cost_yen = _PLACES[slug]
    return {
        "slug": slug,
        "group": "table-a",
        "title": {"ja": f"{slug} の案", "en": f"The {slug}"},
        "summary": {"ja": "みんなで使うもの"},
        "for_whom": ["elderly"],
        "model": f"{slug}.glb",
        "alt": {"ja": "箱"},
        "licence": "CC0-1.0",
        "consent": {"publish": True},
        "placements": [{"site": site, "lon": lon, "lat": 35.6895, "heading_deg": 30.0, "cost_yen": cost_yen}],
    }


def _ballot(slug: str, options: list[str], max_approvals: int) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": {"ja": "どれがあったらいい?"},
        "method": "site_winner",
        "max_approvals": max_approvals,
        "options": options,
        "opens_at": "2026-10-01T09:00+09:00",
        "closes_at": "2026-10-15T00:00+09:00",
        "late_grace_s": GRACE_S,
    }
