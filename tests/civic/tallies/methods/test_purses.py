"""The voters' purses against purses of one fraction for each class of voters, also where the units are coarse."""

from fractions import Fraction
from random import Random

import pytest

from civic.tallies.methods.purses import Bounds, Purses, electorate_of
from civic.tallies.methods.types import MAX_INTEGER, TallyInputError

SITES = {proposal: {f"site of {proposal}": 1} for proposal in "abcd"}
CHOICES = ("a", "b", "a b", "b c", "a c d", "a b c d", "d")


def largest_payment(purses, cost):
    """What the one who pays most pays; None when all purses together are too small."""
    left, voters = Fraction(cost), sum(size for _, size in purses)
    for money, size in sorted(purses):
        if left <= money * voters:
            return left / voters
        left, voters = left - money * size, voters - size
    return None


@pytest.mark.parametrize("size", [1, 2**20, 2**50])
@pytest.mark.parametrize("endowment", [Fraction(20, 3), Fraction(2000, 7), Fraction(30_000)])
def test_every_purchase_empties_the_same_purses(election, size, endowment):
    """With 2^50 voters and 30,000 yen a unit is some dozens of yen: then only the fractions tell who can pay."""
    random = Random(f"{size} {endowment}")
    for _ in range(30):
        sizes = {choices: random.randint(1, 9) * size // 10 or 1 for choices in CHOICES}
        exact = dict.fromkeys(CHOICES, endowment)
        purses = Purses(electorate_of(election(None, SITES, sizes)), endowment)
        for proposal in random.sample("abcd", 4):
            paying = [choices for choices in CHOICES if proposal in choices]
            mine = [(exact[choices], sizes[choices]) for choices in paying]
            assert purses.money_for(proposal) == sum(money * voters for money, voters in mine)
            cost = int(purses.money_for(proposal) * random.choice([Fraction(1, 3), Fraction(9, 10), 1])) or 1
            bounds, wanted = purses.bounds(proposal, cost), largest_payment(mine, cost)
            payment = purses.payment(proposal, cost, bounds) if bounds else None
            assert (payment.largest if payment else None) == wanted
            if payment:
                assert purses.yen(bounds.low) <= wanted < purses.yen(bounds.high)
                purses.pay(proposal, payment)
                exact |= {choices: max(exact[choices] - wanted, Fraction(0)) for choices in paying}


def test_the_bounds_are_close_while_money_is_counted_finely(election):
    """Ten voters hold 100 yen each and pay 35 each: known to a billionth of a yen."""
    purses = Purses(electorate_of(election(None, SITES, {"a": 6, "a b": 4})), Fraction(100))
    bounds = purses.bounds("a", 350)
    assert purses.yen(bounds.high - bounds.low) < Fraction(1, 10**9)
    assert purses.bounds("a", 0) == Bounds(0, 0)
    assert purses.bounds("a", 1_001) is None


def test_all_that_readers_of_json_can_count_may_vote_and_no_more(election):
    assert electorate_of(election(1, SITES, {"a": MAX_INTEGER - 1, "": 1})).voters == MAX_INTEGER
    assert list(electorate_of(election(1, SITES, {"a": 3, "b": 0, "": 4})).sizes) == [3]
    with pytest.raises(TallyInputError) as refusal:
        electorate_of(election(1, SITES, {"a": MAX_INTEGER, "": 1}))
    assert (refusal.value.message_ja, refusal.value.message_en) == (
        "票の合計が大きすぎます。合わせて 9007199254740991 以下にしてください。",
        "There are too many votes in all. Keep their sum at 9007199254740991 or less.",
    )


def test_less_than_a_unit_between_two_purses_is_seen(election):
    """After 5 yen for a, b asks 29,995 of those who paid, all they have, and 29,998 of the others."""
    size = 2**50
    purses = Purses(electorate_of(election(None, SITES, {"a b": size, "a": size, "b": size})), Fraction(30_000))
    for proposal, cost, largest, emptied in (("a", 10, 5, []), ("b", 29_995 + 29_998, 29_998, [0])):
        payment = purses.payment(proposal, cost * size, purses.bounds(proposal, cost * size))
        assert (payment.largest, list(payment.emptied)) == (largest, emptied)
        purses.pay(proposal, payment)
    assert purses.money_for("b") == 2 * size
