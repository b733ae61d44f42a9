"""What a code looks like, and how many a batch may have. Pure but for the randomness of a new code.

Nine random characters of Crockford's base32 (45 bits) and one that checks them: a code with one wrong character or
two neighbours exchanged is never another code.
"""

import secrets

from civic.kernel.errors import InvalidInput
from civic.kernel.ids import CROCKFORD, as_crockford

LARGEST_BATCH = 2_000
LONGEST_PLACE = 60

_RANDOM = 9
_HALF = 5
_MODULUS = 0b100101
"""x^5 + x^2 + 1, by which 32 numbers make a field."""


def new_code() -> str:
    """A fresh code of ten characters."""
    values = [secrets.randbelow(len(CROCKFORD)) for _ in range(_RANDOM)]
    return "".join(CROCKFORD[value] for value in (*values, _twice(_folded(values))))


def in_groups(code: str) -> str:
    """A code as people read it: ``7K4M2-0Q9XR``."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read_code(typed: str) -> str | None:
    """A code as typed by a person or read from a QR code; None when it cannot be one."""
    text = as_crockford(typed)
    values = [CROCKFORD.index(character) for character in text]
    return text if len(values) == _RANDOM + 1 and _folded(values) == 0 else None


def check_batch(cards: int, place: str) -> None:
    """InvalidInput when a batch has no cards, too many, or no place."""
    if not 1 <= cards <= LARGEST_BATCH:
        raise InvalidInput(
            "batch_size",
            "カードの枚数は 1 から {most} までの数で入れてください。もっと必要なときは、何回かに分けてください。",
            most=f"{LARGEST_BATCH:,}",
        )
    if not 1 <= len(place) <= LONGEST_PLACE:
        raise InvalidInput("batch_place", "配る場所を {longest} 文字までで入れてください。", longest=LONGEST_PLACE)


def _folded(values: list[int]) -> int:
    """The sum of the values in the field of 32, each weighed by its own power of x."""
    total = 0
    for value in values:
        total = _twice(total) ^ value
    return total


def _twice(value: int) -> int:
    """A value times x."""
    doubled = value << 1
    return doubled ^ _MODULUS if doubled > 31 else doubled
