"""A warning before the vote when a method does not suit the ballot."""

import pytest

from civic.tallies.methods.suitability import unsuitable
from civic.tallies.methods.types import Option

RIVALS = (Option("a", "s", 60), Option("b", "s", 50), Option("c", "t", 40))
APART = (Option("a", "s", 60), Option("b", "t", 40))


@pytest.mark.parametrize(
    ("method", "max_approvals", "options", "budget_yen", "codes"),
    [
        ("site_winner", 1, RIVALS, None, ()),
        ("greedy", 1, RIVALS, None, ()),
        ("mes", 2, RIVALS, 100, ()),
        ("mes", 1, RIVALS, 100, ("one_approval",)),
        ("mes", 2, RIVALS, None, ("no_budget",)),
        ("mes", 1, APART, None, ("one_approval", "no_budget", "no_rivals")),
        ("site_winner", 3, APART, None, ("no_rivals",)),
        ("site_winner", 3, APART, 100, ("no_rivals",)),
        ("site_winner", 3, APART, 99, ()),
        # a may win both its sites: 60 + 40 + 30. By the other methods it stands on one, and b on the other.
        ("site_winner", 3, (*APART, Option("a", "u", 30)), 129, ()),
        ("greedy", 3, (*APART, Option("a", "u", 30)), 70, ("no_rivals",)),
        ("greedy", 3, (*APART, Option("a", "u", 30)), 69, ()),
        ("mes", 3, APART, 100, ("no_rivals",)),
    ],
)
def test_what_speaks_against_a_method(method, max_approvals, options, budget_yen, codes):
    assert unsuitable(method, max_approvals=max_approvals, options=options, budget_yen=budget_yen) == codes
