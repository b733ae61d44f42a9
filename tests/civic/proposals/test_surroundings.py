"""Which neighbours are read for a placement: those near it, and those that stand in its site."""

import pytest
from placement_cases import at, site

from civic.proposals.surroundings import Neighbour, Surroundings


def neighbour(e, *, standing):
    """One whose model is 6 x 8 m, so that it reaches 5 m from where it stands, on a line through the site."""
    return Neighbour("other", "sha", (6.0, 3.0, 8.0), at(e, 5), "ground", 33.0, standing, shown=True)


@pytest.mark.parametrize(
    ("e", "standing", "is_near"),
    [
        (8.9, False, True),  # 6.9 m away; mine reaches 2 m
        (9.1, False, False),
        (9.1, True, True),  # stands in the site
        (14.9, True, True),  # beside the site, and reaches into it
        (15.1, True, False),  # too far to reach it
    ],
)
def test_a_neighbour_counts_where_it_may_touch(e, standing, is_near):
    around = Surroundings(site(10, 10), neighbours=(neighbour(e, standing=standing),))
    assert bool(around.near("mine", (2.4, 1.0, 3.2), at(2, 5))) is is_near


def test_a_proposal_is_no_neighbour_of_its_own():
    around = Surroundings(site(10, 10), neighbours=(neighbour(5, standing=True),))
    assert around.near("other", (2.4, 1.0, 3.2), at(5, 5)) == ()
