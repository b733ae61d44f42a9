"""What goes into a tally method and what comes out of it. Money is whole yen, never a float."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["final", "tie_pending", "no_result", "not_computed"]
TieReason = Literal["equal_at_site", "not_all_fit"]

# Beyond this, readers of JSON that know only doubles would silently change the number.
MAX_INTEGER = 2**53 - 1


class TallyInputError(ValueError):
    """The input of a tally cannot be counted; says which part, and what to write instead.

    Attributes:
        code: stable name of the kind of error, such as ``unknown_proposal``.
        message_ja: the sentence for a person, in Japanese.
        message_en: the same in English.
    """

    def __init__(self, code: str, message_ja: str, message_en: str) -> None:
        super().__init__(f"{message_ja} / {message_en}")
        self.code = code
        self.message_ja = message_ja
        self.message_en = message_en


@dataclass(frozen=True, slots=True)
class Option:
    """One proposal on one of its sites, with its cost there in yen (0 or more)."""

    proposal: str
    site: str
    cost_yen: int


@dataclass(frozen=True, slots=True)
class BallotGroup:
    """``count`` voters who approved exactly the same proposals; no choices is a blank vote."""

    choices: frozenset[str]
    count: int


@dataclass(frozen=True, slots=True)
class TallyInput:
    """Everything a method may look at.

    Attributes:
        budget_yen: what may be spent in all, in yen; None is no limit.
        options: every (proposal, site) that can win, each pair once.
        ballots: the votes, in any order and grouped in any way.

    Raises:
        TallyInputError: a negative or too large number, an empty name, a repeated (proposal, site), or a
            choice that is not among the options. Its path reads like one of a case file:
            ``options[2].cost_yen``.
    """

    budget_yen: int | None
    options: tuple[Option, ...]
    ballots: tuple[BallotGroup, ...]

    def __post_init__(self) -> None:
        for path, number in _numbers(self):
            _check_number(path, number)
        _check_options(self.options)
        _check_choices(self.ballots, frozenset(option.proposal for option in self.options))

    @property
    def voters(self) -> int:
        """Number of votes, blank ones included."""
        return sum(group.count for group in self.ballots)

    @property
    def blank(self) -> int:
        """Number of votes that approve nothing."""
        return sum(group.count for group in self.ballots if not group.choices)

    def without(self, withdrawn: Collection[str]) -> "TallyInput":
        """The same vote after proposals were withdrawn: a ballot that named nothing else is now blank."""
        gone = frozenset(withdrawn)
        return TallyInput(
            self.budget_yen,
            tuple(option for option in self.options if option.proposal not in gone),
            tuple(BallotGroup(group.choices - gone, group.count) for group in self.ballots),
        )


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that votes and cost do not break and whose lot would change the result.

    Attributes:
        between: the proposals that are level, in code-point order.
        sites: the sites they could stand on, in code-point order.
        reason: ``equal_at_site`` when one site has several firsts, ``not_all_fit`` when budget or sites
            hold only some of them.
    """

    between: tuple[str, ...]
    sites: tuple[str, ...]
    reason: TieReason

    @property
    def site(self) -> str | None:
        """The one site the tie is about; None when it is about several."""
        return self.sites[0] if len(self.sites) == 1 else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a method computed.

    Attributes:
        status: ``tie_pending`` while a tie is open, ``no_result`` when nothing won, ``not_computed`` when
            the method does not count an election of this size, else ``final``.
        approvals: votes of every proposal of the options, 0 included, in the order of the options.
        selected: the winners with site and cost, most approved first; with an open tie, the part that
            is decided without it.
        ties: the open ties.
    """

    status: Status
    approvals: dict[str, int]
    selected: tuple[Option, ...]
    ties: tuple[Tie, ...]

    @property
    def selected_proposals(self) -> list[str]:
        """The winning proposals in order, each once, also if it won several sites."""
        return list(dict.fromkeys(option.proposal for option in self.selected))


def conclude(approvals: dict[str, int], selected: Sequence[Option], ties: Sequence[Tie]) -> Outcome:
    """The outcome with the status that follows from its winners and open ties."""
    status: Status = "tie_pending" if ties else "final" if selected else "no_result"
    return Outcome(status, approvals, tuple(selected), tuple(ties))


def _numbers(tally_input: TallyInput) -> Iterator[tuple[str, int]]:
    """Every number of the input with its key path."""
    if tally_input.budget_yen is not None:
        yield "budget_yen", tally_input.budget_yen
    for i, option in enumerate(tally_input.options):
        yield f"options[{i}].cost_yen", option.cost_yen
    for i, group in enumerate(tally_input.ballots):
        yield f"ballots[{i}].count", group.count


def _check_number(path: str, number: int) -> None:
    if number < 0:
        raise TallyInputError(
            "negative",
            f"{path} が負の数です（{number}）。0以上の整数を書いてください。",
            f"{path} is negative ({number}). Write a whole number of 0 or more.",
        )
    if number > MAX_INTEGER:
        raise TallyInputError(
            "number_too_large",
            f"{path} が大きすぎます。{MAX_INTEGER} 以下の整数を書いてください。",
            f"{path} is too large. Write a whole number of at most {MAX_INTEGER}.",
        )


def _check_options(options: Sequence[Option]) -> None:
    first_at: dict[tuple[str, str], int] = {}
    for i, option in enumerate(options):
        if not option.proposal or not option.site:
            raise TallyInputError(
                "empty_name",
                f"options[{i}] の proposal か site が空です。どちらにも名前を書いてください。",
                f"options[{i}] has an empty proposal or site. Write a name for both.",
            )
        first = first_at.setdefault((option.proposal, option.site), i)
        if first != i:
            raise TallyInputError(
                "duplicate_option",
                f"options[{i}] は options[{first}] と同じ提案と場所です（{option.proposal}、{option.site}）。"
                "どちらか一つにしてください。",
                f"options[{i}] repeats the proposal and site of options[{first}] "
                f"({option.proposal}, {option.site}). Keep one of the two.",
            )


def _check_choices(ballots: Sequence[BallotGroup], known: frozenset[str]) -> None:
    for i, group in enumerate(ballots):
        unknown = group.choices - known
        if unknown:
            name = min(unknown)
            raise TallyInputError(
                "unknown_proposal",
                f"ballots[{i}].choices の「{name}」は options にありません。"
                "options にある提案の名前を書くか、options に加えてください。",
                f"ballots[{i}].choices names “{name}”, which is not among the options. "
                "Write the name of a proposal in options, or add it there.",
            )
