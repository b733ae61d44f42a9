"""What the pages about ballots, results and receipts show, in the reader's language."""

from dataclasses import dataclass

from civic.public.pages import Named, ProposalCard
from civic.web.pictures import PictureView
from civic.web.results import Place, Result


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

    ``login_path`` leads to LINE Login; empty where it is not set up.
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
class DecisionView:
    """What people decided, beside the result."""

    at: str
    places: tuple[Place, ...]
    reason: str
    differs: bool


@dataclass(frozen=True)
class StepLine:
    """A step of an installation."""

    at: str
    status: str
    note: str


@dataclass(frozen=True)
class InstallationView:
    """How far a decided proposal has come at a site."""

    title: str
    site: str
    status: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class WinnerView:
    """A proposal that was decided on, else selected; ``path`` is empty when it has no page of its own."""

    place: Place
    path: str
    picture: PictureView | None


@dataclass(frozen=True)
class WithdrawnLine:
    """An option taken off the ballot, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class ResultsPage:
    """``/b/{ballot}/results``. ``result`` is None until the ballot is sealed and counted.

    ``turnout`` is the number of people who took part, whether or not they had a vote in the end.
    """

    ballot: Named
    state: str
    closes: str
    rule: str
    result: Result | None
    turnout: int
    winners: tuple[WinnerView, ...]
    withdrawn: tuple[WithdrawnLine, ...]
    computed: str
    inputs_sha256: str
    manifest_sha256: str
    decision: DecisionView | None
    installations: tuple[InstallationView, ...]

    @property
    def picture(self) -> PictureView | None:
        """The first winner's picture."""
        return next((winner.picture for winner in self.winners if winner.picture), None)


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
