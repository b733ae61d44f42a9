"""``civic programme``: exit codes, both languages on stderr, and an untouched database after every mistake."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest
import structlog
from support.casting import open_now
from support.installation import TestClock, settings_for
from support.small_programme import OPENS, box_glb, small_document, small_files, write_small_programme
from typer.testing import CliRunner

from civic.cli import app
from civic.kernel.context import open_context
from tests.civic.programme_files.mistakes import CASES, spoiled


def civic(data_dir, *arguments):
    env = {"CIVIC_DATA_DIR": str(data_dir), "CIVIC_MODE": "development", "CIVIC_DATABASE_URL": None}
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env=env)


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


def with_context(data_dir, work):
    """Do something with the database that the commands use."""

    async def run():
        context = open_context(settings_for(None, data_dir), TestClock(OPENS))
        try:
            return await work(context)
        finally:
            await context.database.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A data folder with the small programme in it; no test of this module may change it."""
    folder = tmp_path_factory.mktemp("loaded")
    result = civic(folder / "data", "programme", "load", write_small_programme(folder / "small"))
    assert result.exit_code == 0, result.output
    return folder / "data"


def dump(data_dir):
    """The whole SQLite database as the statements that would make it."""
    with closing(sqlite3.connect(data_dir / "civic.sqlite3")) as connection:
        return "\n".join(connection.iterdump())


@pytest.fixture(scope="module")
def before(loaded):
    return dump(loaded)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_exits_1_in_both_languages_and_leaves_the_database_alone(loaded, before, tmp_path, name):
    document, files = spoiled(name)
    write_small_programme(tmp_path, document if isinstance(document, dict) else None, files)
    if isinstance(document, bytes):
        (tmp_path / "programme.yaml").write_bytes(document)
    result = civic(loaded, "programme", "load", tmp_path)
    _, place, in_japanese, in_english = CASES[name]
    assert result.exit_code == 1
    assert result.stdout == ""
    told = [line for line in result.stderr.splitlines() if line.startswith("programme.yaml") and place in line]
    assert any(in_japanese in line for line in told)
    assert any(in_english in line for line in told)
    assert len(told) >= 2
    assert "Traceback" not in result.output
    assert dump(loaded) == before


def test_a_load_says_what_it_did(tmp_path):
    folder = write_small_programme(tmp_path / "small")
    first = civic(tmp_path / "data", "programme", "load", folder, "--json")
    assert first.exit_code == 0
    wanted = {"programme": "small", "sites": 2, "proposals": 4, "new_versions": 4, "ballots": 2}
    assert json.loads(first.stdout) == wanted
    assert "「small」を読み込みました" in first.stderr
    second = civic(tmp_path / "data", "programme", "load", folder / "programme.yaml", "--json")
    assert json.loads(second.stdout) == wanted | {"new_versions": 0}


def test_an_export_gives_the_folder_back(tmp_path):
    folder = write_small_programme(tmp_path / "small")
    civic(tmp_path / "data", "programme", "load", folder)
    result = civic(tmp_path / "data", "programme", "export", "small", tmp_path / "out")
    assert result.exit_code == 0
    found = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert found == {"programme.yaml": (folder / "programme.yaml").read_bytes(), **small_files()}


def test_an_unknown_programme_exits_1_and_writes_no_folder(loaded, tmp_path):
    result = civic(loaded, "programme", "export", "nothing", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr.count("[programme_unknown]") == 2
    assert not (tmp_path / "out").exists()


def test_a_change_of_an_opened_ballot_exits_1_and_leaves_the_database_alone(tmp_path):
    data = tmp_path / "data"
    civic(data, "programme", "load", write_small_programme(tmp_path / "small"))
    with_context(data, open_now)
    before = dump(data)
    document = small_document()
    document["ballots"][0]["max_approvals"] = 1
    document["proposals"][0]["title"]["ja"] = "これも変わらない"
    folder = write_small_programme(tmp_path / "new", document, {"bench.glb": box_glb(2.0)})
    result = civic(data, "programme", "load", folder)
    assert result.exit_code == 1
    assert result.stderr.count("[ballot_frozen]") == 2
    assert dump(data) == before


def test_a_path_without_a_file_exits_1(loaded, tmp_path):
    result = civic(loaded, "programme", "load", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "programme.yaml" in result.stderr
    assert "Traceback" not in result.output


def test_a_placement_that_fails_is_told_and_loaded(tmp_path):
    document = small_document()
    document["proposals"][0]["placements"][0]["scale"] = 10.0
    result = civic(tmp_path / "data", "programme", "load", write_small_programme(tmp_path / "small", document))
    assert result.exit_code == 0
    told = [line for line in result.stderr.splitlines() if line.startswith("bench: ")]
    assert len(told) == 2  # 10 m high where 4 m are allowed, in both languages


def test_a_method_that_does_not_suit_is_told_and_loaded(tmp_path):
    document = small_document()
    document["ballots"][1] |= {"method": "mes", "budget_yen": 2_500_000}  # one approval, for a bench or a stage
    result = civic(tmp_path / "data", "programme", "load", write_small_programme(tmp_path / "small", document))
    assert result.exit_code == 0
    told = [line for line in result.stderr.splitlines() if line.startswith("second: ")]
    assert len(told) == 2  # in both languages
