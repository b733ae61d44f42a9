"""``civic ballot draw``: draws by the named value, and ``civic ballot tally`` then tells the drawn result."""

import asyncio
import json

import pytest
import structlog
from support.installation import installation, load_programme, settings_for
from support.small_programme import BALLOT, write_small_programme
from typer.testing import CliRunner

from civic.cli import app
from civic.kernel.context import open_context
from civic.tallies.actions import name_beacon
from tests.civic.tallies.story import vote_until_sealed

BY = ("--value", "38,208.03", "--source", "the exchange")


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


def civic(folder, *arguments):
    env = {"CIVIC_DATA_DIR": str(folder / "data"), "CIVIC_MODE": "development", "CIVIC_DATABASE_URL": None}
    return CliRunner().invoke(app, ["ballot", *arguments], env=env)


def test_a_tie_is_drawn_and_the_tally_tells_it(tmp_path):
    async def level():
        async with installation(None, tmp_path) as context:
            await load_programme(context, write_small_programme(tmp_path / "small"))
            await vote_until_sealed(context, {"U1": "add swing", "U2": "add mist"})

    async def named():
        context = open_context(settings_for(None, tmp_path / "data"))
        async with context.database.writing() as session:
            await name_beacon(session, "test", BALLOT, "the close of 30 November", context.clock())
        await context.database.close()

    asyncio.run(level())
    early = civic(tmp_path, "draw", BALLOT, *BY)
    assert early.exit_code == 1
    assert early.stderr.count("[beacon_not_named]") == 2
    asyncio.run(named())
    assert json.loads(civic(tmp_path, "tally", BALLOT, "--json").stdout)["status"] == "tie_pending"
    drawn = civic(tmp_path, "draw", BALLOT, *BY)
    assert drawn.exit_code == 0
    report = json.loads(civic(tmp_path, "tally", BALLOT, "--json").stdout)
    first = min(("swing", "mist"), key=report["draw"]["lots"].__getitem__)
    assert (report["status"], report["draw"]["value"]) == ("final", "38,208.03")
    assert report["selected"] == [{"proposal": first, "site": "deck", "cost_yen": 500_000}]
    assert drawn.stdout.strip() == f"-> {first} @ deck (500,000 yen)"
    assert civic(tmp_path, "draw", BALLOT, *BY).stderr.count("[already_drawn]") == 2
