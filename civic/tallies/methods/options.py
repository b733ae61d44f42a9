"""What a ballot may set of its method: ``method_options`` in a programme file and in the manifest."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from civic.tallies.methods.types import MAX_INTEGER, TallyInputError

Utility = Literal["cost", "cardinality"]
Stop = Literal["exhausted", "overspend"]
Completion = Literal["greedy", "none"]
Increment = int | Literal["auto"]

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class MesOptions:
    """How the Method of Equal Shares is played.

    Attributes:
        utility: what a winner is worth to its supporters: its cost, or 1.
        increment: yen by which every voter's share is raised at a time; ``auto`` is a hundredth of the share, at
            least 1; 0 leaves the budget as it is.
        stop: raise until nothing more fits the rest of the budget (``exhausted``), or until a result would
            cost more than the budget (``overspend``).
        completion: what happens with the rest: down by votes (``greedy``), or nothing (``none``).
    """

    utility: Utility = "cost"
    increment: Increment = "auto"
    stop: Stop = "exhausted"
    completion: Completion = "greedy"


class NoOptions:
    """Of a method with one fixed rule."""


def read_mes_options(values: Mapping[str, object]) -> MesOptions:
    """The options of ``mes``; what is left out has its default.

    Raises:
        TallyInputError: ``unknown_method_option`` or ``wrong_method_option``; says what may stand there.
    """
    _only(values, tuple(asdict(MesOptions())))
    return MesOptions(
        utility=_one_of(values, "utility", ("cost", "cardinality")),
        increment=_increment(values.get("increment", "auto")),
        stop=_one_of(values, "stop", ("exhausted", "overspend")),
        completion=_one_of(values, "completion", ("greedy", "none")),
    )


def read_no_options(values: Mapping[str, object]) -> NoOptions:
    """The options of a method that has none.

    Raises:
        TallyInputError: ``unknown_method_option``.
    """
    _only(values, ())
    return NoOptions()


def _only(values: Mapping[str, object], names: tuple[str, ...]) -> None:
    for name in values:
        if name not in names:
            raise TallyInputError(
                "unknown_method_option",
                f"method_options の {name!a} は、この方式では使えません。"
                + (f"使えるのは: {', '.join(names)}" if names else "method_options を消してください。"),
                f"method_options has {name!a}, which this method does not know. "
                + (f"It knows: {', '.join(names)}" if names else "Remove method_options."),
            )


def _one_of(values: Mapping[str, object], name: str, words: tuple[Word, ...]) -> Word:
    """The value of an option, which is one of some words; the first is the default."""
    value = values.get(name, words[0])
    for word in words:
        if value == word:
            return word
    raise _wrong(name, value, f"次のどれか: {', '.join(words)}", f"one of: {', '.join(words)}")


def _increment(value: object) -> Increment:
    if value == "auto":
        return "auto"
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER:
        return value
    raise _wrong(
        "increment",
        value,
        "auto（一人分の100分の1ずつ）、0（増やさない）、または1以上の整数（円）",
        "auto (a hundredth of a share), 0 (no raising), or a whole number of yen from 1",
    )


def _wrong(name: str, value: object, wanted_ja: str, wanted_en: str) -> TallyInputError:
    shown = ascii(value)[:60]
    return TallyInputError(
        "wrong_method_option",
        f"method_options の {name} に書けるのは、{wanted_ja}。いまの値: {shown}",
        f"{name} in method_options must be {wanted_en}. It is now: {shown}",
    )
