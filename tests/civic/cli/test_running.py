"""What commands print when something goes wrong on the way: nothing on stdout, and nothing personal anywhere."""

import subprocess
import sys
from pathlib import Path

from support.servers import environment

SOMETHING_FAILS = """
from civic.cli.running import with_context
from civic.kernel.logging import logger

async def work(context):
    account = "U0123456789abcdef0123456789abcdef"
    try:
        raise ValueError("no")
    except ValueError as error:
        logger("inbox").error("event_failed", user_id=account, exc_info=error)

with_context(work)
"""


def test_a_failure_is_told_on_stderr_without_what_was_in_memory(tmp_path: Path) -> None:
    env = environment(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'civic.sqlite3'}")
    command = [sys.executable, "-c", SOMETHING_FAILS]
    ended = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == ""
    assert "event_failed" in ended.stderr
    assert "ValueError" in ended.stderr
    assert "U0123" not in ended.stderr
