"""What the voting form shows, in the reader's language."""

from dataclasses import dataclass

from civic.public.pages import Named, ProposalCard


@dataclass(frozen=True)
class OwnVote:
    """The voter's vote as it stands: the titles of the choices; ``left`` is how many more may be chosen."""

    choices: tuple[str, ...]
    blank: bool
    left: int


@dataclass(frozen=True)
class VoteOption:
    """An option to tick; ``card`` is None when nothing but its title may be shown any more."""

    proposal: str
    title: str
    card: ProposalCard | None
    ticked: bool


@dataclass(frozen=True)
class ReceiptLine:
    """An operation of the form just sent, and its receipt number."""

    says: str
    code: str


@dataclass(frozen=True)
class SentForm:
    """What became of the form just sent: recorded, unchanged or late; ``as_asked`` is whether the vote agrees."""

    standing: str
    as_asked: bool
    receipts: tuple[ReceiptLine, ...]


@dataclass(frozen=True)
class VotePage:
    """``/b/{ballot}/vote/{token}``: the form, and わたしの票. ``options`` is empty once nothing can be changed.

    ``error`` is a sentence about a form that was refused, else empty; ``by_card``: a code card opened it.
    """

    ballot: Named
    state: str
    state_words: str
    closes: str
    works_until: str
    rule: str
    max_approvals: int
    number: str
    shown: tuple[str, ...]
    options: tuple[VoteOption, ...]
    own: OwnVote
    sent: SentForm | None
    error: str
    by_card: bool
