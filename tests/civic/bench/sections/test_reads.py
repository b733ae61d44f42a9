"""Public reads under measurement: an installation that has lived, and a small run over it."""

import json
import sqlite3

from civic.bench.installation import sqlite_url
from civic.bench.measuring import Bench
from civic.bench.played import VOTERS, play_west_shinjuku
from civic.bench.sections import reads
from civic.kernel.settings import Settings


def test_the_installation_has_an_open_and_a_decided_ballot_and_nothing_to_draw(tmp_path):
    played = play_west_shinjuku(Settings(_env_file=None, data_dir=tmp_path, database_url=sqlite_url(tmp_path)))
    rows = sqlite3.connect(tmp_path / "civic.sqlite3")
    states = dict(rows.execute("select slug, state from ballot").fetchall())
    assert states == {played.open_ballot: "open", played.decided_ballot: "decided"}
    [(report,)] = rows.execute("select report from tally").fetchall()
    assert sum(json.loads(report)["approvals"].values()) == VOTERS
    assert rows.execute("select count(*) from job where state = 'queued'").fetchone() == (0,)
    rows.close()


def test_a_small_run_measures_everything_beside_the_bare_get(tmp_path):
    report = reads.run(Bench(rounds=1, scale=0.01, folder=tmp_path))
    assert [goal.limit for goal in report.goals] == list(reads.GOALS.values())
    labels = [line.label for line in report.lines]
    assert len(labels) == len(set(labels)) == 3 * (1 + len(reads.GOALS))
    assert all(min(line.series.values) > 0 for line in report.lines)
    assert len(report.checked) == 1
