"""The commands that pages show do what they say when somebody types them."""

import subprocess

import pytest

from civic.tallies.methods.lots import Beacon
from civic.web.recounting import draw_command, needs_sites, tally_command

MANIFEST, ROOT = "ab" * 32, "01" * 32


def document(method, options=None, budget_yen=100):
    return {"method": method, "method_options": options or {}, "budget_yen": budget_yen}


@pytest.mark.parametrize("value", ["38,471.20", 'it\'s "1" — ガ $(x)\U0001f3b2', "カ\u3099"])
def test_the_lots_come_out_again_in_a_shell(value):
    """Quotes, an emoji, and a letter with its mark apart (NFC) survive shell and Python."""
    typed = draw_command(MANIFEST, ROOT, value, ["bench", "tree"])
    printed = subprocess.run(typed, shell=True, check=True, capture_output=True, text=True).stdout
    beacon = Beacon(MANIFEST, ROOT, value)
    assert printed.splitlines() == sorted(f"{beacon.lot(p)}  {p}" for p in ("bench", "tree"))


@pytest.mark.parametrize(
    ("ballot", "flags"),
    [
        (document("site_winner"), "site_winner"),
        (document("greedy", budget_yen=None), "greedy"),
        (document("mes"), "mes_add1 --utility cost --then-greedy"),
        (document("mes", {"increment": 0, "completion": "none"}), "mes --utility cost"),
        (
            document("mes", {"increment": 5, "stop": "overspend", "utility": "cardinality"}),
            "mes_add1 --utility cardinality --increment 5 --keep-going --then-greedy",
        ),
    ],
)
def test_the_count_of_a_file_has_the_options_of_the_ballot(ballot, flags):
    assert tally_command("a.pb", ballot) == f"civic tally a.pb --method {flags}"


def test_equal_shares_of_no_budget_cannot_be_counted_from_a_file():
    assert tally_command("a.pb", document("mes", budget_yen=None)) == ""


def test_sites_matter_where_they_are_shared_or_can_be_chosen():
    one, two = {"placements": [{"site": "plaza"}]}, {"placements": [{"site": "deck"}, {"site": "park"}]}
    assert not needs_sites([one, {"placements": [{"site": "deck"}]}])
    assert needs_sites([one, one])
    assert needs_sites([two])
