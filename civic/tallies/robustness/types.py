"""How robust a result is, as plain numbers: what a study of a sealed ballot says, ready for JSON.

Shares and probabilities are decimal text with fixed places. Codes stand for sentences that belong to whoever shows
them. ``None`` where a number stands otherwise means that it is hidden (fewer than ten people) or was not computed;
each class says which.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """Why a proposal won or not.

    Attributes:
        reason: a code of ``methods.explanations.Reason``.
        votes_missing: so many more voters who choose it alone would make it win; None where it won, where no
            number helps, where a tie is open, and where counting again would take too long.
        exact: whether no smaller number would do.
        effective_votes: of what equal shares bought: how many would pay for it, all paying alike; two places.
        covered: equal shares, of losers: the part of the cost that supporters hold, 1 is enough; three places.
    """

    proposal: str
    approvals: int
    reason: str
    votes_missing: int | None
    exact: bool
    effective_votes: str | None
    covered: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A proposal's part of the voters, and how far it would swing (three places).

    Attributes:
        low: below this it would end in one of forty votes by as many like-minded people.
        high: above this as often. It is no margin of error for the residents.
    """

    proposal: str
    share: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What a rule makes of the votes.

    Attributes:
        selected: the winning proposals; with an open tie those that are decided without it.
        mean_winners: winners that a voter chose, on average over all voters; two places.
        both: winners by this rule and by the binding one.
        either: winners by this rule or by the binding one.
    """

    method: str
    status: str
    selected: tuple[str, ...]
    voters_with_a_winner: int
    mean_winners: str
    both: int
    either: int


@dataclass(frozen=True, slots=True)
class Margin:
    """The closest race: how few votes would have made a loser win.

    Attributes:
        winner: who would have lost; None when the rival would win beside all winners.
        site: where the rival would have won.
        added: so many more voters who choose the rival alone.
        switched: so many voters of the winner (and not of the rival) choosing the rival instead; None when there
            are not so many, and by equal shares.
        exact: whether no smaller number would do.
    """

    winner: str | None
    rival: str
    site: str | None
    added: int
    switched: int | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A winner against the next: only those who chose exactly one of the two matter.

    Attributes:
        site: the site they both wanted; None for the last winner and the first loser of the whole ballot.
        p: how often a fair coin for each of these voters parts them as widely, or more widely; three places.
    """

    site: str | None
    first: str
    second: str
    only_first: int
    only_second: int
    p: str


@dataclass(frozen=True, slots=True)
class Stability:
    """The votes drawn again and again from themselves: how often each proposal wins (three places).

    Attributes:
        draws: how many times.
        wins: by proposal, 0 included.
    """

    draws: int
    wins: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rotation:
    """The voters whose cards began at one of the twelve places.

    Attributes:
        first: the proposal that they saw first.
        voters: None when hidden.
        votes_for_first: how many of them chose it; None when hidden.
    """

    number: int
    first: str
    voters: int | None
    votes_for_first: int | None


@dataclass(frozen=True, slots=True)
class Positions:
    """Whether the card that is shown first gets more votes.

    Attributes:
        voters: everybody whose cards were turned; paper has one order for all.
        first_share: votes for the card shown first, among those who saw it first; three places.
        other_share: what that share would be without any effect of the place: by the votes that the same cards got
            from everybody; three places.
        p: how often turning the cards at random parts the two as widely; three places. None with few voters.
        words: ``as_chance``, ``more_for_first``, ``fewer_for_first`` or ``too_few``.
    """

    rotations: tuple[Rotation, ...]
    voters: int
    first_share: str
    other_share: str
    p: str | None
    words: str


@dataclass(frozen=True, slots=True)
class VotersPart:
    """The voters of a channel or of a level of assurance.

    Everything but ``voters`` is None where it would show what fewer than ten people chose.

    Attributes:
        kind: ``channel`` or ``assurance``.
        selected: who would win by the binding rule if only they had voted.
        same: whether these are the winners.
        without_selected: who would win without them.
        without_same: whether these are the winners.
    """

    kind: str
    name: str
    voters: int
    approvals: dict[str, int] | None
    selected: tuple[str, ...] | None
    same: bool | None
    without_selected: tuple[str, ...] | None
    without_same: bool | None


@dataclass(frozen=True, slots=True)
class Hour:
    """How many voters gave their last operation in an hour; hours without any are left out.

    Attributes:
        begin: RFC 3339, UTC.
        voters: None when hidden.
        surge: whether it is far more than in most hours. It is a question, and no proof of anything.
    """

    begin: str
    voters: int | None
    surge: bool


@dataclass(frozen=True, slots=True)
class RelationPart:
    """The voters who said a relation to the area (several can be true), or said none.

    Attributes:
        relation: ``live``, ``work``, ``study``, ``visit`` or ``unsaid``.
        voters: None when hidden.
        approvals: None when hidden.
    """

    relation: str
    voters: int | None
    approvals: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class RelationCell:
    """The voters who said exactly these relations; none is ``unsaid``."""

    relations: tuple[str, ...]
    voters: int
    approvals: dict[str, int]


@dataclass(frozen=True, slots=True)
class RelationTable:
    """The voters by all relations that they said: what raking needs.

    Attributes:
        cells: None when it cannot be shown.
        reason: why not: ``small_cell`` or ``nobody_said``; None when it can.
    """

    cells: tuple[RelationCell, ...] | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Study:
    """All that is known about how robust a result is.

    Attributes:
        version: of the way it is computed.
        inputs_sha256: the hash of all input of the tally that it is about.
        seed: where the random draws begin: the hash of the manifest.
        stability: None when nobody voted, and when drawing again would take too long.
        positions: None when the cards of nobody were turned.
        relations: empty when nobody said any.
        margin: None where nothing is decided, and where no votes would help anybody.
    """

    version: int
    inputs_sha256: str
    method: str
    voters: int
    seed: str
    explanations: tuple[Fate, ...]
    compared: tuple[RuleResult, ...]
    margin: Margin | None
    pairs: tuple[Pair, ...]
    stability: Stability | None
    positions: Positions | None
    parts: tuple[VotersPart, ...]
    hours: tuple[Hour, ...]
    relations: tuple[RelationPart, ...]
    relation_table: RelationTable
    shares: tuple[Share, ...] = ()
