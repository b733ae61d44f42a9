"""Three real elections: ``greedy`` against winners that two other public programs also computed."""

import csv
import json
import os
from pathlib import Path

import pytest

from civic.tallies.methods.approvals import count_approvals
from civic.tallies.methods.registry import compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

CHECKOUT = Path(__file__).resolve().parents[4]
PABULIB = Path(os.environ.get("CIVIC_TEST_SHARED", CHECKOUT.parent / "shared")) / "pabulib"
FILES = [
    "poland_gdynia_2020_maly-kack-small.pb",
    "poland_warszawa_2017_anin.pb",
    "poland_warszawa_2019_falenica.pb",
]


def read_pb(path: Path) -> TallyInput:
    """A Pabulib file whose costs are whole numbers; every project is given a site of its own."""
    sections: dict[str, list[list[str]]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter=";"):
            if row[0] in ("META", "PROJECTS", "VOTES"):
                rows = sections.setdefault(row[0], [])
            else:
                rows.append(row)
    meta = dict(row[:2] for row in sections["META"][1:])
    head, *projects = sections["PROJECTS"]
    options = tuple(Option(row[0], row[0], int(row[head.index("cost")])) for row in projects)
    head, *votes = sections["VOTES"]
    chosen = (row[head.index("vote")] for row in votes)
    ballots = tuple(BallotGroup(frozenset(filter(None, vote.split(","))), 1) for vote in chosen)
    return TallyInput(int(meta["budget"]), options, ballots)


@pytest.mark.skipif(not PABULIB.is_dir(), reason="needs pabulib/ in the shared test data (CIVIC_TEST_SHARED)")
@pytest.mark.parametrize("name", FILES)
def test_greedy_on_a_real_election(name):
    published = json.loads((PABULIB / "expected.json").read_text())["elections"]
    (expected,) = [election for election in published if election["file"] == name]
    tally_input = read_pb(PABULIB / name)
    assert tally_input.voters == expected["voters"]
    assert count_approvals(tally_input) == expected["approvals"]
    assert compute("greedy", tally_input, "id_order").selected_proposals == expected["greedy"]
