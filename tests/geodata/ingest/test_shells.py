"""Which triangles hang together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest.shells import shell_numbers


def fan(count, at):
    """Triangles in a row, each sharing an edge with the next, at a height of their own."""
    x = np.arange(count, dtype=float)
    corners = [np.stack([x + k, (x + k) % 2, np.full(count, at)], axis=1) for k in range(3)]
    return np.stack(corners, axis=1)


def test_what_shares_corners_is_one_shell_and_what_does_not_is_another():
    shells = shell_numbers(np.concatenate([fan(500, 0.0), fan(3, 1.0), fan(1, 2.0)]))
    assert [len(set(shells[part])) for part in (slice(500), slice(500, 503), slice(503, 504))] == [1, 1, 1]
    assert len(set(shells)) == 3


def test_corners_that_differ_by_rounding_alone_are_one():
    one = fan(2, 0.0)
    assert len(set(shell_numbers(np.stack([one[0], one[0] + 2e-6])))) == 1


def test_no_triangles_have_no_shells():
    assert len(shell_numbers(np.empty((0, 3, 3)))) == 0


def connected(faces):
    """The plain way: merge sets that share a corner until none do."""
    groups = []
    for face in faces:
        touching = [group for group in groups if group & set(face)]
        groups = [group for group in groups if group not in touching] + [set(face).union(*touching)]
    return [next(k for k, group in enumerate(groups) if set(face) <= group) for face in faces]


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=25))
def test_shells_are_the_connected_pieces(faces):
    corners = np.stack([np.arange(31.0), np.arange(31.0) ** 2 / 10, np.zeros(31)], axis=1)
    found, wanted = shell_numbers(corners[np.array(faces)]), np.array(connected(faces))
    assert ((found[:, None] == found) == (wanted[:, None] == wanted)).all()
