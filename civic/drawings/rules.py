"""Which pictures a placement gets, and in what order they are drawn."""

CAMERAS = ("people", "approach", "overview")
"""The same three for every proposal, so that the pictures are fair; the first is the one on cards."""

FIRST, REST = CAMERAS[:1], CAMERAS[1:]
"""Two jobs a placement: every proposal gets its card's picture before any gets the others."""
