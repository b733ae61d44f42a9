"""No number about fewer than ten people stands there, and none can be computed from what does."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from civic.tallies.robustness.cells import FEWEST, shown_alone, shown_groups

CELLS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 25), min_size=1)


def told(sizes, shown):
    """Every set of people's cells that is a sum of multiples of what is shown and the whole, by brute force."""
    cells = [cell for cell in sizes if sizes[cell]]
    rows = [[1.0] * len(cells), *([float(cell in group) for cell in cells] for group in shown)]
    rank = np.linalg.matrix_rank(np.array(rows))
    for number in range(1, len(cells)):
        for some in combinations(cells, number):
            row = [float(cell in some) for cell in cells]
            if np.linalg.matrix_rank(np.array([*rows, row])) == rank:
                yield sum(sizes[cell] for cell in some)


@given(CELLS)
def test_no_small_cell_can_be_computed_where_each_person_is_in_one(sizes):
    shown = shown_alone(sizes)
    assert all(people >= FEWEST for people in told(sizes, [{cell} for cell in shown]))


@given(CELLS, st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), max_size=5))
def test_no_small_group_can_be_computed_where_groups_overlap(sizes, groups):
    groups = {number: group & sizes.keys() for number, group in enumerate(groups)}
    shown = shown_groups(sizes, groups)
    assert all(people >= FEWEST for people in told(sizes, [groups[number] for number in shown]))


def test_what_is_large_enough_stays():
    assert shown_alone({"a": 10, "b": 30, "c": 0}) == {"a", "b", "c"}
    assert shown_alone({"a": 4, "b": 6, "c": 20}) == {"c"}  # the hidden ones are ten together
    assert shown_groups({"a": 10, "b": 30}, {"one": "a", "all": "ab"}) == {"one", "all"}
    assert shown_groups({"a": 5, "b": 5, "c": 30}, {"ten": "ab"}) == {"ten"}
    assert shown_groups(dict.fromkeys(range(13), 10), {"one": [1]}) == {"one"}


def test_the_smallest_other_one_goes_with_a_small_cell():
    assert shown_alone({"a": 1, "b": 40, "c": 20}) == {"b"}
    assert shown_alone({"a": 3, "b": 40, "c": 20, "d": 8}) == {"b", "c"}  # 3 and 8 hide each other


def test_a_level_above_is_hidden_where_it_would_tell():
    """5 in a browser: with both the chat and all accounts shown they would be the difference."""
    sizes = {"line": 1000, "web": 5, "code": 50, "paper": 0}
    groups = {**{name: [name] for name in sizes}, "signed_in": ["line", "web"], "by_hand": ["code", "paper"]}
    shown = shown_groups(sizes, groups)
    assert shown == {"signed_in", "by_hand", "code", "paper"}  # the larger one of the first two stays


def test_what_three_groups_would_tell_together_hides_the_smallest():
    """ab, bc and ac together count each of a, b and c twice: half of that, less the whole, are the three of d."""
    sizes = {"a": 20, "b": 30, "c": 40, "d": 3}
    assert shown_groups(sizes, {"ab": "ab", "bc": "bc", "ac": "ac"}) == {"bc", "ac"}


def test_nine_persons_are_not_told_as_the_rest():
    assert shown_groups({**dict.fromkeys(range(9), 1), "many": 20}, {"many": ["many"]}) == frozenset()


def test_too_many_small_cells_show_nothing_but_the_whole():
    assert shown_groups(dict.fromkeys(range(13), 2), {"half": range(6)}) == frozenset()
    assert shown_groups(dict.fromkeys(range(12), 2), {"half": range(6)}) == {"half"}
