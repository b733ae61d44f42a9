"""What the pages about ballots, results and receipts show, in the reader's language."""

from dataclasses import dataclass

from civic.public.pages import Named, ProposalCard
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
    """``/b/{ballot}``. ``turnout`` is the number of people who took part; None before the opening."""

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
class ResultsPage:
    """``/b/{ballot}/results``. ``result`` is None until the ballot is sealed and counted."""

    ballot: Named
    state: str
    closes: str
    rule: str
    result: Result | None
    computed: str
    inputs_sha256: str
    manifest_sha256: str
    decision: DecisionView | None
    installations: tuple[InstallationView, ...]


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
