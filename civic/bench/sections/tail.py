"""How long the slowest hundredth of the votes waits at half of what we can take, next to the bare endpoint.

Requests come on a fixed timetable, the same for both, and a time counts from when its request was due. A vote
waits for a COMMIT, which waits for the disk; the bare endpoint waits for nothing.
"""

from contextlib import ExitStack

from civic.bench.installation import make_installation, sqlite_url
from civic.bench.load import Outcome
from civic.bench.measuring import Bench, Report
from civic.bench.sections.votes import SECONDS, Contestant, alone, bare_endpoint


def run(bench: Bench) -> Report:
    """SQLite, the application without the worker."""
    report = Report()
    seconds = max(SECONDS * bench.scale, 0.5)
    with ExitStack() as stack:
        first, second = (make_installation(bench.folder / name, sqlite_url(bench.folder / name)) for name in "ab")
        bare, ours = bare_endpoint(stack, first), alone(stack, second)
        rate = ours.run(seconds).outcome.per_second / 2
        found = [_both(bare, ours, seconds, rate) for _ in range(bench.rounds)]
    theirs = report.line(f"bare FastAPI POST, p99 at {rate:.0f}/s", "ms", [them.p99_ms for them, _ in found])
    report.line(f"SQLite, votes alone, p50 at {rate:.0f}/s", "ms", [us.p50_ms for _, us in found])
    mine = report.line(f"SQLite, votes alone, p99 at {rate:.0f}/s", "ms", [us.p99_ms for _, us in found])
    report.at_most("p99 at half load over bare", 3, mine / theirs)
    report.checked.append("after every run: votes in the log = votes answered 200")
    return report


def _both(bare: Contestant, ours: Contestant, seconds: float, rate: float) -> tuple[Outcome, Outcome]:
    return bare.run(seconds, rate=rate).outcome, ours.run(seconds, rate=rate).outcome
