"""The key of a ballot: made once, for its owner's eyes, and never missing while the ballot is open."""

import stat
import subprocess
import sys

import pytest
from support.casting import cast, open_now, tap
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, OPENS, OTHER_BALLOT

from civic.kernel.errors import NotFound, StartRefused
from civic.kernel.security import BallotKeys
from civic.schema import metadata
from civic.start import check_start

MAKE_KEY = "import sys, pathlib; from civic.kernel.security import BallotKeys; "
MAKE_KEY += "sys.stdin.readline(); print(BallotKeys(pathlib.Path(sys.argv[1])).create('b').hex())"


def key_file(context, slug=BALLOT):
    return context.settings.resolved_keys_dir / f"ballot-{slug}.key"


async def test_opening_makes_the_key_file_for_its_owner_only(context):
    assert not key_file(context).exists()
    ballot = await open_now(context)
    assert key_file(context).read_bytes() == ballot.key
    assert len(ballot.key) == 32
    assert stat.S_IMODE(key_file(context).stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file(context).parent.stat().st_mode) == 0o700


async def test_no_other_file_is_left_in_the_folder(context):
    await open_now(context)
    names = {path.name for path in context.settings.resolved_keys_dir.iterdir()}
    assert names == {"ballot-nice.key"}


async def test_every_ballot_has_a_key_of_its_own(context):
    first, second = await open_now(context), await open_now(context, OTHER_BALLOT)
    assert first.key != second.key


async def test_the_key_is_in_no_row_of_the_database(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    found = []
    async with context.database.reading() as session:
        connection = await session.connection()
        for table in metadata.sorted_tables:
            for row in await connection.execute(table.select()):
                found += [bytes(value) if isinstance(value, bytes) else repr(value).encode() for value in row]
    assert any(OPENS.strftime("%Y").encode() in value for value in found)  # there was something to search
    assert not [value for value in found if ballot.key in value or ballot.key.hex().encode() in value]


async def test_an_existing_key_is_never_replaced(context):
    path = key_file(context)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(range(32)))
    assert (await open_now(context)).key == bytes(range(32))


@pytest.mark.parametrize("state", ["open", "closed"])
async def test_a_process_does_not_start_without_the_key_of_a_live_ballot(context, state):
    await open_now(context)
    if state == "closed":
        context.clock.present = CLOSES
        await run_jobs(context)
    await check_start(context)
    key_file(context).unlink()
    with pytest.raises(StartRefused) as refused:
        await check_start(context)
    assert refused.value.code == "open_ballot_key_missing"
    for language in ("ja", "en"):
        assert BALLOT in refused.value.sentence(language)
        assert str(context.settings.resolved_keys_dir) in refused.value.sentence(language)


async def test_a_process_does_not_start_with_half_a_key(context):
    await open_now(context)
    key_file(context).write_bytes(bytes(16))
    with pytest.raises(StartRefused):
        await check_start(context)


async def test_a_sealed_ballot_may_lose_its_key(context):
    """After the end the key may be destroyed: then nobody can lead from an account to a vote any more."""
    await open_now(context)
    context.clock.present = CLOSES
    await run_jobs(context)
    context.clock.pass_by(days=1)
    await run_jobs(context)
    key_file(context).unlink()
    await check_start(context)


def test_a_missing_key_is_none_or_a_sentence(tmp_path):
    keys = BallotKeys(tmp_path)
    assert keys.find("b") is None
    with pytest.raises(NotFound) as refused:
        keys.get("b")
    assert str(tmp_path) in refused.value.sentence("en")


def test_no_two_processes_make_different_keys(tmp_path):
    """Six processes wait at the line and are let go together."""
    folder = tmp_path / "keys"
    command = [sys.executable, "-c", MAKE_KEY, str(folder)]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(6)
    ]
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    made = {process.communicate(timeout=60)[0].strip() for process in started}
    assert made == {(folder / "ballot-b.key").read_bytes().hex()}
    assert [path.name for path in folder.iterdir()] == ["ballot-b.key"]
