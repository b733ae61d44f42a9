"""Exact fractions as decimal text with fixed places: the same digits on every machine."""

from fractions import Fraction


def fixed(number: Fraction, places: int) -> str:
    """A number that is not negative, rounded half up: ``fixed(Fraction(2, 3), 2)`` is ``0.67``."""
    scaled = (2 * number.numerator * 10**places + number.denominator) // (2 * number.denominator)
    whole, part = divmod(scaled, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)


def share(part: int, whole: int, places: int = 3) -> str:
    """A part of a whole; of nothing it is 0."""
    return fixed(Fraction(part, whole) if whole else Fraction(0), places)
