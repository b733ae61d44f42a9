"""The section on counting, in its smallest size: its own checks hold, and every neighbour is there."""

from civic.bench.measuring import Bench
from civic.bench.sections.tally import run


def test_cache_numpy_group_by_and_log_are_measured_and_agree(tmp_path):
    report = run(Bench(rounds=1, scale=0.01, folder=tmp_path))
    labels = {line.label for line in report.lines}
    assert {
        "SQLite, tally from the cache",
        "SQLite, read and numpy.bincount",
        "SQLite, GROUP BY in the database",
        "SQLite, refold of the log",
        "SQLite, peak memory of the refold",
    } <= labels
    assert len(report.checked) == 2
