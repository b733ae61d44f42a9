"""The picture job: one JSON object in, files and one JSON line out."""

import json
import subprocess
import sys

import pytest
from scenes import FOLDER
from shapely.geometry import box, mapping, shape

from geodata.pictures import RENDERER_VERSION, inputs_sha256, run_job


@pytest.fixture
def job(tmp_path):
    boundary = shape(json.loads((FOLDER / "tomin.geojson").read_text())["geometry"])
    return {
        "model": str(FOLDER / "beacon.glb"),
        "placement": {"lon": 139.6927332, "lat": 35.6893925, "heading_deg": 258.6, "base_m": 0, "scale": 1.0},
        "site": {"boundary": json.loads(json.dumps(mapping(boundary))), "level": "ground", "land_type": "plaza"},
        "cameras": ["people"],
        "out": str(tmp_path),
    }


def test_a_job_writes_its_files(job, tmp_path):
    process = subprocess.run(  # the real command, at the real size
        [sys.executable, "-m", "geodata.pictures"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(process.stdout)
    assert answer["renderer"] == RENDERER_VERSION
    assert answer["pictures"] == {"people": {"wide": "people-wide.jpg", "square": "people-square.jpg"}}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "people-square.jpg", "people-wide.jpg", "scene.json", "surroundings.glb",
    ]  # fmt: skip
    assert 20_000 < (tmp_path / "people-wide.jpg").stat().st_size < 250_000
    assert json.loads((tmp_path / "scene.json").read_text())["version"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"model": "/nowhere.glb"},
        {"cameras": ["drone"]},
        {"placement": {"lon": 139.69}},
        {"site": {"boundary": {"type": "Point", "coordinates": [139.69, 35.69]}}},
        {"out": "/nowhere/at/all"},
    ],
)
def test_a_job_that_cannot_be_done_says_so_in_one_line(job, change):
    process = subprocess.run(
        [sys.executable, "-m", "geodata.pictures"],
        input=json.dumps(job | {"cameras": []} | change), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 1
    assert len(process.stdout.splitlines()) == 1
    assert json.loads(process.stdout)["error"]


def test_the_hash_counts_what_decides_the_pixels_and_nothing_else(job):
    known = inputs_sha256(job)
    assert inputs_sha256(job | {"out": "/elsewhere", "cameras": ["overview"]}) == known
    assert inputs_sha256(job | {"model": str(FOLDER / "rain-shelter.glb")}) != known
    assert inputs_sha256(job | {"placement": job["placement"] | {"heading_deg": 90}}) != known
    assert inputs_sha256(job | {"site": job["site"] | {"land_type": "park"}}) != known


def test_surveyed_buildings_count_and_stand_in_the_scene(job, tmp_path):
    def solids(job):
        run_job(job | {"cameras": []})
        return json.loads((tmp_path / "scene.json").read_text())["solids"]

    lon, lat = job["placement"]["lon"], job["placement"]["lat"]
    house = {
        "id": "b1", "footprint": box(lon, lat + 0.0005, lon + 0.0002, lat + 0.0006).wkb.hex(),
        "height_m": 7.5, "ground_m": None,
    }  # fmt: skip
    with_it = job | {"city": {"ground_m": 35.0, "buildings": [house]}}
    assert inputs_sha256(with_it) != inputs_sha256(job)
    assert 7.5 not in [solid["max"][1] for solid in solids(job)]
    assert 7.5 in [solid["max"][1] for solid in solids(with_it)]


def test_far_from_west_shinjuku_no_towers_stand_around(job, tmp_path):
    corners = [[139.0, 35.0], [139.001, 35.0], [139.001, 35.001], [139.0, 35.001], [139.0, 35.0]]
    elsewhere = {
        "placement": job["placement"] | {"lon": 139.0005, "lat": 35.0005},
        "site": {"boundary": {"type": "Polygon", "coordinates": [corners]}, "level": "ground", "land_type": None},
        "cameras": [],
    }
    run_job(job | elsewhere)
    assert json.loads((tmp_path / "scene.json").read_text())["solids"] == []
