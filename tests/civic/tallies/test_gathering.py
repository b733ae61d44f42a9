"""From folded votes to merged numbers: nothing that stands for a person is left."""

from datetime import UTC, datetime

from civic.ballots.queries import Law
from civic.ballots.rules import Notice, rotation_of
from civic.tallies.gathering import Gathering
from civic.tallies.robustness.material import Merged, Said
from civic.votes.rules import Folded, Tap

KEY = b"k" * 32
HOUR_MS = 3_600_000


def law(*notices):
    options = [
        {"proposal": p, "placements": [{"site": "plaza", "cost_yen": 1}]} for p in ("bench", "stage", "mist")
    ]
    document = {"method": "site_winner", "method_options": {}, "budget_yen": None, "options": options}
    return Law(1, "nice", "sealed", "ab" * 32, document, notices)


def vote(*choices, channel="line", hour=5):
    return Folded(choices, not choices, Tap(hour * HOUR_MS + 7, "e", "set", choices, 0, channel))


VOTES = {
    b"1": vote("bench"),
    b"2": vote("stage", "bench"),
    b"3": vote("bench", "stage", hour=6),
    b"4": vote("mist", channel="paper"),
    b"5": vote(),
}


def gathered(votes, *notices, key=KEY, relations=None):
    gathering = Gathering(law(*notices), key, relations or {})
    gathering.add(votes)
    return gathering.material("cd" * 32, None)


def test_equal_votes_are_one_number_for_each_channel_whatever_their_order():
    found = gathered(VOTES)
    assert found.ballots == (
        Merged((), "line", 1),
        Merged((0,), "line", 1),
        Merged((0, 1), "line", 2),
        Merged((2,), "paper", 1),
    )
    assert found.hours == ((5, 4), (6, 1))


def test_cards_are_turned_for_all_but_paper():
    found = gathered(VOTES)
    assert [one.first for one in found.turned] == ["bench"] * 4 + ["stage"] * 4 + ["mist"] * 4
    assert found.orders == (4, 4, 4)
    assert sum(one.voters for one in found.turned) == 4
    seen_first = {
        voter: ("bench", "stage", "mist")[rotation_of(KEY, voter) // 4] for voter in VOTES if voter != b"4"
    }
    assert sum(one.votes_for_first for one in found.turned) == sum(
        first in VOTES[voter].choices for voter, first in seen_first.items()
    )


def test_without_the_key_or_after_a_withdrawal_nobody_knows_the_order_of_the_cards():
    withdrawn = Notice("withdrawal", datetime(2026, 10, 2, tzinfo=UTC), {"proposal": "mist"})
    assert gathered(VOTES, key=None).turned == ()
    found = gathered({b"1": vote("bench")}, withdrawn)
    assert (found.proposals, found.turned) == (("bench", "stage"), ())


def test_who_said_nothing_is_what_the_others_leave():
    found = gathered(VOTES, relations={b"1": ("live",), b"2": ("live",), b"9": ("work",)})
    assert found.said == (Said(("live",), 2, (2, 1, 0)), Said((), 3, (1, 1, 1)))
    assert gathered(VOTES).said == ()
