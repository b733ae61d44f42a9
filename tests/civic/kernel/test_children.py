"""Work in a child process: its output, its failures, its end."""

import asyncio
import json
import time

import pytest

from civic.kernel.children import LOW_PRIORITY, run_module
from civic.kernel.errors import Unavailable

SLEEP = ("-n", "1", "-r", "1", "-s", "import time", "time.sleep(60)")
TELL_PRIORITY = ("-n", "1", "-r", "1", "-s", "import os, time", "time.sleep(0.2); print(os.nice(0))")
TELL_ENVIRONMENT = ("-n", "1", "-r", "1", "-s", "import os", "print(sorted(os.environ))")


async def test_a_module_reads_its_input_and_gives_its_output():
    output = await run_module("json.tool", ("--compact",), b'{"a": [1, 2]}', 20)
    assert json.loads(output) == {"a": [1, 2]}


async def test_a_module_that_fails_is_an_error_for_a_person():
    with pytest.raises(Unavailable) as refused:
        await run_module("json.tool", (), b"no json", 20)
    assert refused.value.code == "child_failed"
    assert "json.tool" in refused.value.sentence("en")


async def test_a_module_that_takes_too_long_is_ended():
    began = time.monotonic()
    with pytest.raises(Unavailable):
        await run_module("timeit", SLEEP, b"", 0.5)
    assert time.monotonic() - began < 20


async def test_a_cancelled_task_leaves_no_child_behind():
    task = asyncio.create_task(run_module("timeit", SLEEP, b"", 60))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 10)


async def test_a_child_makes_way_for_others():
    output = await run_module("timeit", TELL_PRIORITY, b"", 20)
    assert int(output.split()[0]) == LOW_PRIORITY


async def test_a_child_knows_no_secret_of_the_environment(monkeypatch):
    monkeypatch.setenv("CIVIC_SECRET_KEY", "not for children")
    output = await run_module("timeit", TELL_ENVIRONMENT, b"", 20)
    assert b"CIVIC" not in output
