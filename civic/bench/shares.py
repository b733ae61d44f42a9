"""Equal shares of a million voters, and a large election from a file, each in a process of its own.

Run as ``python -m civic.bench.shares`` with what to count, its size and a folder; prints a ``Shared`` as JSON.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from civic.bench.measuring import require
from civic.bench.refold import peak_mb
from civic.tallies.methods.files import tally_file
from civic.tallies.methods.pabulib import pb_file_of, write_pb
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

MOST_CHOICES = 5
RAISED = {"utility": "cost", "increment": "auto", "stop": "exhausted", "completion": "greedy"}
FIXED = RAISED | {"increment": 0}


@dataclass(frozen=True)
class Shared:
    """What a count took and came to; memory is the peak of the whole process, making the votes included."""

    seconds: float
    peak_mb: float
    winners: int
    spent_yen: int
    budget_yen: int


def shared(what: str, voters: int, folder: Path) -> Shared:
    """Count in a child process: ``memory`` for merged votes that are there already, ``file`` for a ``.pb``."""
    command = [sys.executable, "-m", "civic.bench.shares", what, str(voters), str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - ourselves
    require(done.returncode == 0, f"equal shares failed:\n{done.stderr.decode()[-2000:]}")
    found = Shared(**json.loads(done.stdout))
    require(
        found.winners > 0 and found.spent_yen <= found.budget_yen, "nothing won, or more was spent than there was"
    )
    return found


def _election(voters: int, proposals: int) -> TallyInput:
    """Voters with one to five choices, the first proposals liked more; a quarter of all costs can be paid."""
    chance = random.Random(voters)  # noqa: S311 - the same votes every time
    names = [f"p{place:03d}" for place in range(proposals)]
    costs = [1_000 * chance.randint(200, 5_000) for _ in names]
    merged = Counter(_votes(chance, names, voters))
    options = tuple(Option(name, name, cost) for name, cost in zip(names, costs, strict=True))
    return TallyInput(
        sum(costs) // 4, options, tuple(BallotGroup(votes, number) for votes, number in merged.items())
    )


def _votes(chance: random.Random, names: list[str], voters: int) -> Iterator[frozenset[str]]:
    liked = [(1 + place) ** -0.5 for place in range(len(names))]
    for _ in range(voters):
        yield frozenset(chance.choices(names, liked, k=chance.randint(1, MOST_CHOICES)))


def _in_memory(voters: int) -> Shared:
    election = _election(voters, 50)
    begun = time.perf_counter()
    outcome = compute("mes", election, options=RAISED)
    seconds = time.perf_counter() - begun
    spent = sum(option.cost_yen for option in outcome.selected)
    return Shared(seconds, peak_mb(), len(outcome.selected), spent, election.budget_yen or 0)


def _from_file(voters: int, folder: Path) -> Shared:
    election = _election(voters, 160)
    path = folder / "large.pb"
    path.write_text(write_pb(pb_file_of(election, {}, {}, ())), encoding="utf-8", newline="")
    begun = time.perf_counter()
    report = tally_file(path, "mes", FIXED)
    seconds = time.perf_counter() - begun
    spent = sum(place["cost_yen"] for place in report["assigned"])
    return Shared(seconds, peak_mb(), len(report["selected"]), spent, election.budget_yen or 0)


if __name__ == "__main__":
    size = int(sys.argv[2])
    answer = _in_memory(size) if sys.argv[1] == "memory" else _from_file(size, Path(sys.argv[3]))
    print(json.dumps(asdict(answer)))  # noqa: T201 - the answer to who started us
