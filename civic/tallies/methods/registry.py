"""The tally methods by name. Every name has a heading in docs/methods.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from civic.tallies.methods.greedy import greedy
from civic.tallies.methods.site_winner import site_winner
from civic.tallies.methods.types import LastTie, Outcome, TallyInput, TallyInputError


@dataclass(frozen=True, slots=True)
class Method:
    """A rule with its version; the version rises whenever the same input could give another outcome."""

    name: str
    version: int
    function: Callable[[TallyInput, LastTie], Outcome]


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "site_winner": Method("site_winner", 1, site_winner),
        "greedy": Method("greedy", 1, greedy),
    }
)


def method_named(name: str) -> Method:
    """The method of that name.

    Raises:
        TallyInputError: ``unknown_method``; the message lists the names there are.
    """
    if name not in METHODS:
        names = ", ".join(METHODS)
        raise TallyInputError(
            "unknown_method",
            f"「{name}」という集計方法はありません。次のどれかを選んでください: {names}",
            f"There is no tally method “{name}”. Choose one of: {names}",
        )
    return METHODS[name]


def compute(name: str, tally_input: TallyInput, last_tie: LastTie = "pending") -> Outcome:
    """The outcome by one method; ``last_tie`` says what happens when votes and cost are level.

    ``pending`` leaves the tie to a public lot (our ballots); ``id_order`` takes the smaller id in
    code-point order (elections read from a file).

    Raises:
        TallyInputError: ``unknown_method``.
    """
    return method_named(name).function(tally_input, last_tie)


def compare(tally_input: TallyInput) -> dict[str, list[str]]:
    """The winning proposals by every method; where a tie is open, those that are decided without it."""
    return {name: compute(name, tally_input).selected_proposals for name in METHODS}
