"""``civic plateau import``: counts that add up, exit codes, one JSON object on stdout."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing

import pytest
import structlog
from support.citygml import building, city_model, height, lod0, square
from support.servers import environment
from support.shared import shared
from typer.testing import CliRunner

from civic.cli import app
from geodata.west_shinjuku import PROGRAMMES

PLAN = lod0(square())
COUNTS = ("imported", "updated", "unchanged", "rejected", "recovered")


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def importing(tmp_path):
    """``civic plateau import …`` on an installation of its own."""

    def run(*words):
        env = {
            "CIVIC_DATA_DIR": str(tmp_path / "data"),
            "CIVIC_MODE": "development",
            "CIVIC_DATABASE_URL": None,
        }
        return CliRunner().invoke(app, ["plateau", "import", *map(str, words)], env=env)

    return run


@pytest.fixture
def rows(tmp_path):
    """What a statement reads in that installation."""

    def read(statement):
        with closing(sqlite3.connect(tmp_path / "data" / "civic.sqlite3")) as connection:
            return connection.execute(statement).fetchall()

    return read


def written(path, *buildings):
    path.write_bytes(city_model(*buildings))
    return path


def counts(done, number=0):
    """The counts of one file, in the order of COUNTS."""
    return tuple(json.loads(done.stdout)["files"][number][name] for name in COUNTS)


def test_every_building_is_counted_once(importing, tmp_path):
    path = tmp_path / "53394525_bldg_6697.gml"
    damaged = building("b2", PLAN, "<energy:demand>1</energy:demand>")
    written(path, building("b1", PLAN, height(5)), damaged, building("b3"))
    first = importing(path, "--json")
    assert (first.exit_code, counts(first)) == (0, (2, 0, 0, 1, 1))
    assert json.loads(first.stdout)["files"][0]["file"] == str(path)
    assert "53394525_bldg_6697.gml b3: " in first.stderr
    assert "no footprint" in first.stderr
    again = importing(path, "--json")
    assert (again.exit_code, counts(again)) == (0, (0, 0, 2, 1, 0))
    written(path, building("b1", PLAN, height(6)), damaged)
    assert counts(importing(path, "--json")) == (0, 1, 1, 0, 0)


def test_the_mesh_is_the_files_and_the_year_may_be_given(importing, rows, tmp_path):
    path = written(tmp_path / "53394525_bldg_6697.gml", building("b1", PLAN))
    assert importing(path).exit_code == 0
    assert rows("select mesh, data_year from building") == [("53394525", None)]
    assert counts(importing(path, "--year", 2023, "--json")) == (0, 1, 0, 0, 0)
    assert rows("select mesh, data_year from building") == [("53394525", 2023)]


def test_each_file_leaves_one_trace(importing, rows, tmp_path):
    files = [written(tmp_path / f"{name}.gml", building(name, PLAN)) for name in ("a", "b")]
    importing(*files)
    assert rows("select actor, verb, subject from audit_entry order by id") == [
        ("cli", "buildings.imported", "a.gml"),
        ("cli", "buildings.imported", "b.gml"),
    ]


def test_without_json_stdout_stays_empty(importing, tmp_path):
    done = importing(written(tmp_path / "a.gml", building("b1", PLAN)))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "a.gml: 1 new buildings" in done.stderr


def test_only_the_first_rejections_are_told(importing, tmp_path):
    done = importing(written(tmp_path / "a.gml", *(building(f"b{i}") for i in range(700))), "--json")
    assert counts(done) == (0, 0, 0, 700, 0)
    assert done.stderr.count("[no_footprint]") == 20


def test_a_broken_file_keeps_what_was_counted_and_exits_1(importing, rows, tmp_path):
    path = written(tmp_path / "a.gml", *(building(f"b{i}", PLAN) for i in range(1_500)))
    path.write_bytes(path.read_bytes()[:-40_000])
    good = written(tmp_path / "good.gml", building("good", PLAN))
    done = importing(path, good, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["files"][0]["refused"] == "broken_xml"
    assert counts(done, 1) == (1, 0, 0, 0, 0)
    assert "[broken_xml]" in done.stderr
    assert counts(done)[0] > 1_000
    assert rows("select count(*) from building") == [(counts(done)[0] + 1,)]


def test_a_zip_bomb_exits_1_with_a_sentence(importing, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.gml", b" " * 30_000_000)
    done = importing(path, "--json")
    assert (done.exit_code, counts(done)) == (1, (0, 0, 0, 0, 0))
    assert "[zip_bomb]" in done.stderr


def test_an_external_entity_is_never_read(importing, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("very-secret")
    doctype = f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY s SYSTEM "file://{secret}">]>'
    path = tmp_path / "a.gml"
    path.write_bytes(city_model(building("&s;", PLAN), prologue=doctype))
    done = importing(path, "--json")
    assert done.exit_code == 1
    assert "[doctype]" in done.stderr
    assert "very-secret" not in done.output


@pytest.mark.parametrize("words", [(), ("missing.gml",), ("--year", "20")])
def test_wrong_use_exits_2(importing, words):
    assert importing(*words).exit_code == 2


def test_the_real_buildings_of_west_shinjuku(importing, rows):
    path = shared("geodata/west_shinjuku_buildings_2020.geojson")
    assert counts(importing(path, "--json")) == (5_094, 0, 0, 0, 0)
    assert rows("select height_m, data_year from building where source_id = '13104-bldg-6158'") == [(262.0, 2020)]
    assert counts(importing(path, "--json")) == (0, 0, 5_094, 0, 0)


def test_what_is_killed_can_be_typed_again(importing, rows, tmp_path):
    """Only whole batches of 500 are there after the kill; the second run finds them and brings the rest."""
    path = written(tmp_path / "a.gml", *(building(f"b{i}", PLAN) for i in range(8_000)))
    importing(written(tmp_path / "first.gml", building("first", PLAN)))
    env = environment(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'data' / 'civic.sqlite3'}")
    command = [sys.executable, "-m", "civic.cli", "plateau", "import", str(path)]
    running = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while rows("select count(*) from building") == [(1,)] and running.poll() is None:
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.communicate()
    [(there,)] = rows("select count(*) - 1 from building")
    assert 0 < there < 8_000
    assert there % 500 == 0
    assert counts(importing(path, "--json")) == (8_000 - there, 0, there, 0, 0)


def test_new_buildings_have_every_programme_checked_again(importing, rows, tmp_path):
    written(tmp_path / "a.gml", building("a", height(10), PLAN))
    assert importing(tmp_path / "a.gml").exit_code == 0
    assert rows("select count(*) from job where name = 'check placements'") == [(0,)]  # there is no programme
    folder = PROGRAMMES[0]
    env = {"CIVIC_DATA_DIR": str(tmp_path / "data"), "CIVIC_MODE": "development", "CIVIC_DATABASE_URL": None}
    loaded = CliRunner().invoke(app, ["programme", "load", str(folder)], env=env)
    assert loaded.exit_code == 0, loaded.output
    written(tmp_path / "b.gml", building("b", height(12), PLAN))
    assert importing(tmp_path / "b.gml").exit_code == 0
    assert rows("select count(*) from job where name = 'check placements'") == [(1,)]
    assert importing(tmp_path / "b.gml").exit_code == 0  # nothing new
    assert rows("select count(*) from job where name = 'check placements'") == [(1,)]
