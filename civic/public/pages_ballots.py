"""What the pages about ballots and receipts show, in the reader's language."""

from dataclasses import dataclass

from civic.public.pages import Named, ProposalCard
from civic.web.pictures import PictureView


@dataclass(frozen=True)
class NoticeLine:
    """A public notice: when, of what kind, what it says and why."""

    at: str
    kind: str
    says: str
    reason: str


@dataclass(frozen=True)
class OptionLine:
    """An option; ``withdrawn`` is the reason when it was taken off the ballot, else empty."""

    title: str
    card: ProposalCard | None
    withdrawn: str


@dataclass(frozen=True)
class BallotPage:
    """``/b/{ballot}``. ``turnout`` is the number of people who took part; None before the opening.

    ``login_path`` leads to LINE Login; empty where it is not set up. ``explained`` is the rule at length, and
    ``tie_rule`` what decides when votes are level.
    """

    programme: Named
    title: str
    path: str
    state: str
    state_words: str
    opens: str
    closes: str
    max_approvals: int
    rule: str
    explained: tuple[str, ...]
    tie_rule: str
    options: tuple[OptionLine, ...]
    notices: tuple[NoticeLine, ...]
    turnout: int | None
    manifest_sha256: str
    is_demo: bool
    login_path: str

    @property
    def pictures(self) -> tuple[PictureView, ...]:
        """Pictures of the options that can be chosen."""
        cards = [option.card for option in self.options if option.card and not option.withdrawn]
        return tuple(card.picture for card in cards if card.picture)

    @property
    def picture(self) -> PictureView | None:
        """The first picture there is."""
        return next(iter(self.pictures), None)


@dataclass(frozen=True)
class ReceiptPage:
    """``/r/{receipt}``. ``standing``: counted, late, early, invalid or cancelled; no choices are shown."""

    code: str
    ballot: Named
    hour: str
    standing: str
    results_published: bool


@dataclass(frozen=True)
class ReceiptForm:
    """``/r``: a place to type a receipt number."""

    typed: str
