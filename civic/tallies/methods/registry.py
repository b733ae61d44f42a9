"""The tally methods by name. Every name has a heading in docs/methods.md."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from civic.tallies.methods.greedy import greedy
from civic.tallies.methods.lots import Beacon, LastTie
from civic.tallies.methods.max_approval import max_approval
from civic.tallies.methods.mes import mes
from civic.tallies.methods.options import read_mes_options, read_no_options
from civic.tallies.methods.site_winner import site_winner
from civic.tallies.methods.types import Outcome, TallyInput, TallyInputError, Tie

Options = Mapping[str, object]
"""``method_options`` of a manifest, as plain JSON values."""

NO_OPTIONS: Options = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Method:
    """A rule with its version; the version rises whenever the same input could give another outcome."""

    name: str
    version: int
    read_options: Callable[[Options], object]
    function: Callable[[TallyInput, LastTie, Options], Outcome]


def _mes(tally_input: TallyInput, last_tie: LastTie, options: Options) -> Outcome:
    return mes(tally_input, last_tie, read_mes_options(options))


def _fixed(name: str, version: int, function: Callable[[TallyInput, LastTie], Outcome]) -> Method:
    """A method without options."""

    def without_options(tally_input: TallyInput, last_tie: LastTie, options: Options) -> Outcome:
        read_no_options(options)
        return function(tally_input, last_tie)

    return Method(name, version, read_no_options, without_options)


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "site_winner": _fixed("site_winner", 1, site_winner),
        "greedy": _fixed("greedy", 1, greedy),
        "mes": Method("mes", 1, read_mes_options, _mes),
        "max_approval": _fixed("max_approval", 1, max_approval),
    }
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A result by lot.

    Attributes:
        outcome: the result; no tie is open.
        ties: the ties that would be open without the beacon.
        lots: the lot of every proposal, 64 hexadecimal digits; among level ones the smallest comes first.
    """

    outcome: Outcome
    ties: tuple[Tie, ...]
    lots: dict[str, str]


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


def check_options(name: str, options: Options) -> None:
    """Whether a ballot by this method may have these options.

    Raises:
        TallyInputError: ``unknown_method``, ``unknown_method_option``, ``wrong_method_option``.
    """
    method_named(name).read_options(options)


def compute(
    name: str, tally_input: TallyInput, last_tie: LastTie = "pending", options: Options = NO_OPTIONS
) -> Outcome:
    """The outcome by one method; ``last_tie`` says what happens when votes and cost are level.

    ``pending`` leaves the tie open; a ``Beacon`` draws a public lot; ``id_order`` takes the smaller id in
    code-point order (elections read from a file).

    Raises:
        TallyInputError: ``unknown_method``, ``unknown_method_option``, ``wrong_method_option``.
    """
    return method_named(name).function(tally_input, last_tie, options)


def draw(name: str, tally_input: TallyInput, beacon: Beacon, options: Options = NO_OPTIONS) -> Drawn:
    """The outcome with all ties drawn by a public beacon, and what was drawn.

    Raises:
        TallyInputError: as ``compute``.
    """
    ties = compute(name, tally_input, options=options).ties
    outcome = compute(name, tally_input, beacon, options)
    return Drawn(outcome, ties, {proposal: beacon.lot(proposal) for proposal in outcome.approvals})


def compare(tally_input: TallyInput) -> dict[str, list[str]]:
    """The winning proposals by every method; where a tie is open, those that are decided without it."""
    return {name: compute(name, tally_input).selected_proposals for name in METHODS}
