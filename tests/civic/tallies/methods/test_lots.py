"""The public lot: who is first when votes and cost are level."""

import hashlib

import pytest

from civic.tallies.methods.lots import Beacon, every_lot
from civic.tallies.methods.registry import METHODS, compute, draw

BEACON = Beacon("11" * 32, "22" * 32, "beacon 4711")
LEVEL = {"a": {"s": 60}, "b": {"t": 60}, "c": {"u": 30}}


def test_the_lot_is_the_hash_of_manifest_root_beacon_and_proposal():
    expected = hashlib.sha256(b"\x11" * 32 + b"\x22" * 32 + "beacon 4711葛飾".encode()).hexdigest()
    assert BEACON.lot("葛飾") == expected


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("value", ["1", "2", "3", "4"])
def test_the_smallest_lot_wins_a_tie(election, method, value):
    beacon = Beacon("11" * 32, "22" * 32, value)
    sites = {"a": {"s": 60}, "b": {"s": 60}}
    drawn = draw(method, election(100, sites, {"a": 5, "b": 5}), beacon)
    assert drawn.outcome.selected_proposals == [min("ab", key=beacon.lot)]
    assert drawn.outcome.status == "final"
    assert drawn.lots == {"a": beacon.lot("a"), "b": beacon.lot("b")}
    (tie,) = drawn.ties
    assert tie.between == ("a", "b")


@pytest.mark.parametrize("method", METHODS)
def test_without_a_tie_nothing_was_drawn(election, method):
    tally_input = election(100, LEVEL, {"a": 5, "b": 4, "c": 3})
    drawn = draw(method, tally_input, BEACON)
    assert drawn.ties == ()
    assert drawn.outcome == compute(method, tally_input)


def test_the_lot_can_differ_from_the_order_of_ids(election):
    sites = {"a": {"s": 60}, "b": {"s": 60}}
    tally_input = election(100, sites, {"a": 5, "b": 5})
    winners = {
        compute("greedy", tally_input, Beacon("11" * 32, "22" * 32, str(value))).selected_proposals[0]
        for value in range(20)
    }
    assert winners == {"a", "b"}


def test_a_lot_that_changes_nothing_is_no_tie():
    lots = every_lot(lambda first: ["z"] if first(["a", "b"]) else [])
    assert (lots.decided, lots.between) == (("z",), ())


def test_a_lot_is_one_order_of_all():
    """Asked twice, it answers the same: a before b now and b before a later is no lot."""

    def winners(first):
        return [first(["a", "b", "c"]), first(["a", "b"]), first(["b", "c"])]

    seen = []
    every_lot(lambda first: seen.append(tuple(winners(first))) or [])
    assert set(seen) == {("a", "a", "b"), ("a", "a", "c"), ("b", "b", "b"), ("c", "a", "c"), ("c", "b", "c")}


def test_too_many_lots_leave_the_tie_open():
    level = [f"p{i}" for i in range(7)]

    def winners(first):
        rest = list(level)
        while rest:
            rest.remove(first(rest))
        return ["z"]

    lots = every_lot(winners)
    assert (lots.decided, lots.between) == ((), tuple(level))
