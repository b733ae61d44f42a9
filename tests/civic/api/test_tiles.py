"""Proposals in 3D for other people's maps, as a viewer reads them: the tileset, then what its addresses name."""

import json
import math
import struct
from urllib.parse import urljoin

import numpy as np
import pytest
from pyproj import Transformer
from sqlmodel import select
from support.site import BASE_URL

from civic.proposals.tables import Placement

TILESET = "/api/v1/programmes/tiny/tileset.json"
BENCH = "/api/v1/programmes/tiny/proposals/bench.glb"
TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


async def tileset(site):
    answer = await site.get(TILESET)
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return json.loads(answer.text)


def asset_of(glb):
    return json.loads(glb[20 : 20 + json_size(glb)])["asset"]


def after_json(glb):
    return glb[20 + json_size(glb) :]


def json_size(glb):
    size, kind = struct.unpack_from("<I4s", glb, 12)
    assert kind == b"JSON"
    return size


async def test_a_viewer_finds_every_placed_proposal(site):
    document = await tileset(site)
    assert document["asset"]["version"] == "1.1"
    tiles = document["root"]["children"]
    assert [(tile["extras"]["proposal"], tile["extras"]["site"]) for tile in tiles] == [
        ("bench", "plaza"),
        ("tree", "plaza"),
        ("stage", "park"),
        ("stage", "plaza"),
    ]
    for tile in tiles:
        address = urljoin(BASE_URL + TILESET, tile["content"]["uri"])
        assert address.startswith(f"{BASE_URL}/api/v1/programmes/tiny/proposals/")
        model = await site.get(address.removeprefix(BASE_URL))
        assert (model.status, model.body[:4]) == (200, b"glTF")


async def test_a_tile_stands_at_its_height_above_the_ellipsoid(site):
    """The plaza lies 35 m above Tokyo Peil, the geoid there 37.0 m above the ellipsoid."""
    [bench, *_] = (await tileset(site))["root"]["children"]
    lon, lat, height = TO_DEGREES.transform(*bench["transform"][12:15])
    assert (lon, lat) == pytest.approx((139.6922, 35.6892), abs=1e-8)
    assert height == pytest.approx(35.0 + 37.005, abs=0.005)
    front = -np.array(bench["transform"][4:7])  # y up to z up: the front, +z of the file, is -y of the tile
    east = [-math.sin(math.radians(lon)), math.cos(math.radians(lon)), 0.0]
    assert front @ east == pytest.approx(1.0, abs=1e-5)  # heading 90


async def test_the_tileset_says_what_it_is(site):
    document = await tileset(site)
    said = document["asset"]["extras"]
    assert (said["programme"], said["geoid"]) == ("tiny", "GSIGEO2011")
    assert "planning aid" in said["notice_en"]
    tile = document["root"]["children"][0]["extras"]
    title = {"ja": "木のベンチ", "en": "Wooden bench"}
    assert tile == {"proposal": "bench", "title": title, "licence": "CC0-1.0", "site": "plaza"}


async def test_without_a_published_proposal_the_tileset_is_empty(site, withheld):
    for slug in ("bench", "tree", "stage"):
        await withheld(slug)
    root = (await tileset(site))["root"]
    assert "children" not in root
    assert root["boundingVolume"] == {"sphere": [0.0, 0.0, 0.0, 0.0]}
    assert (await site.get(BENCH)).status == 404


async def test_where_the_geoid_is_not_known_that_is_said(site):
    async with site.context.database.writing() as session:
        placement = (await session.exec(select(Placement).order_by(Placement.id))).first()
        placement.lon, placement.lat = 145.0, 30.0
        session.add(placement)
    answer = await site.get(TILESET)
    assert (answer.status, json.loads(answer.text)["code"]) == (404, "height_unknown")


async def test_a_model_names_its_title_programme_and_licence(site):
    answer = await site.get(BENCH)
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.headers["content-disposition"] == 'attachment; filename="bench.glb"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    line = "木のベンチ / Wooden bench | 小さな事業 / A tiny programme | CC0-1.0"
    assert asset_of(answer.body)["copyright"].startswith(line)
    stored = json.loads((await site.get("/api/v1/programmes/tiny/proposals/bench")).text)["model"]["sha256"]
    assert after_json(answer.body) == after_json(site.context.store.get(stored))


async def test_an_unchanged_model_is_not_sent_again(site):
    tag = (await site.get(BENCH)).headers["etag"]
    again = await site.get(BENCH, if_none_match=tag)
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert (await site.get(BENCH, if_none_match='"other"')).status == 200
    assert (await site.get(BENCH.replace("bench", "tree"))).headers["etag"] != tag


async def test_head_tells_of_a_model_without_sending_it(site):
    head, answer = await site.ask("HEAD", BENCH), await site.get(BENCH)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    assert int(head.headers["content-length"]) == len(answer.body)
