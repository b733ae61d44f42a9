"""Public reads under measurement: the installation that they are measured on has lived."""

import json
import sqlite3

from civic.bench.installation import sqlite_url
from civic.bench.played import VOTERS, play_west_shinjuku
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
