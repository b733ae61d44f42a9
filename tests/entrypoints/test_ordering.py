"""How the tests of a run are dealt out to its processes."""

from __future__ import annotations

import pytest
from support.ordering import dealt

KINDS = (str.isupper, str.isdigit)


@pytest.mark.parametrize(
    ("processes", "wanted"),
    [(1, "BA21dcefgh"), (2, "BAdce" + "21fgh"), (3, "BAd" + "21c" + "efgh"), (10, "BA21dcefgh")],
)
def test_each_share_begins_with_a_long_kind(processes, wanted):
    """Ten items: two of each long kind; a share is a tenth, a fifth of them and so on, rounded down."""
    assert "".join(dealt("Bd2Ace1fgh", KINDS, processes)) == wanted


def test_more_long_items_than_a_share_holds_are_all_dealt():
    assert "".join(dealt("ABCDEa1", KINDS, 3)) == "ABCDE1a"


def test_nothing_is_dealt_out_of_nothing():
    assert list(dealt("", KINDS, 3)) == []
