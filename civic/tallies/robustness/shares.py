"""How far a share would swing if as many like-minded people voted once more (Wilson's interval)."""

from math import sqrt

# 95 of 100 such votes would end inside.
Z = 1.959963984540054


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The interval of a share, within 0 and 1; of nobody's vote everything is possible.

    It is no margin of error for the residents: those who voted chose themselves.
    """
    if not whole:
        return 0.0, 1.0
    p, spread = part / whole, Z * Z / whole
    middle = (p + spread / 2) / (1 + spread)
    half = sqrt(p * (1 - p) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
