"""The refold of a log in a process of its own, so that nothing but it is in the memory that it is said to take.

Run as ``python -m civic.bench.refold`` with the database URL of an installation; prints a ``Refold`` as JSON.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from civic.ballots.queries import ballot_by_slug, law_of
from civic.bench.installation import BALLOT, Installation
from civic.bench.measuring import require
from civic.kernel.db import open_database
from civic.tallies.counting import Counted, count_log


@dataclass(frozen=True)
class Refold:
    """What a count of the whole log took, and what it came to; memory is the peak of the whole process."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    voters: int
    blank: int
    uncounted: int
    misfits: int


def refold(made: Installation) -> Refold:
    """Count the log of an installation in a child process."""
    command = [sys.executable, "-m", "civic.bench.refold", made.database_url]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - ourselves
    require(done.returncode == 0, f"the refold failed:\n{done.stderr.decode()[-2000:]}")
    return Refold(**json.loads(done.stdout))


async def _counted(database_url: str) -> tuple[float, float, Counted]:
    database = open_database(database_url)
    try:
        async with database.reading() as session:
            law = await law_of(session, await ballot_by_slug(session, BALLOT))
            wall, cpu = time.perf_counter(), time.process_time()
            counted = await count_log(session, law)
            return time.perf_counter() - wall, time.process_time() - cpu, counted
    finally:
        await database.close()


def peak_mb() -> float:
    """The most that was ever resident (proc(5), VmHWM, in kB); getrusage would tell of our parent's memory too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


def _refold(database_url: str) -> Refold:
    wall, cpu, counted = asyncio.run(_counted(database_url))
    count = counted.count
    return Refold(wall, cpu, peak_mb(), count.voters, count.blank, count.late + count.invalid, counted.misfits)


if __name__ == "__main__":
    print(json.dumps(asdict(_refold(sys.argv[1]))))  # noqa: T201 - the answer to who started us
