"""What the page of a ballot's results shows, in the reader's language."""

from dataclasses import dataclass

from civic.public.pages import Named
from civic.web.charts import Bars
from civic.web.pictures import PictureView
from civic.web.results import Place, Result


@dataclass(frozen=True)
class WinnerView:
    """A proposal that was decided on, else selected; ``path`` is empty when it has no page of its own."""

    place: Place
    path: str
    picture: PictureView | None


@dataclass(frozen=True)
class DecisionLine:
    """A version of a decision; ``because`` is why it replaced the one before, empty in the first."""

    version: int
    at: str
    titles: tuple[str, ...]
    reason: str
    because: str


@dataclass(frozen=True)
class DecisionView:
    """What people decided, beside the result. ``versions``, newest first, are there once it was changed."""

    at: str
    places: tuple[Place, ...]
    reason: str
    conditions: str
    next_steps: str
    differs: bool
    versions: tuple[DecisionLine, ...]


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
class WithdrawnLine:
    """An option taken off the ballot, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class LotLine:
    """A drawn lot: 64 hexadecimal digits, the smallest first."""

    title: str
    lot: str


@dataclass(frozen=True)
class DrawView:
    """The public lot of a tie. Until it is drawn ``value``, ``source``, ``drawn`` and ``command`` are empty.

    ``command`` computes the lots again.
    """

    beacon: str
    named: str
    value: str
    source: str
    drawn: str
    lots: tuple[LotLine, ...]
    command: str


@dataclass(frozen=True)
class ComparedLine:
    """In a sentence how another rule agrees with the result; ``titles`` are its winners where they differ."""

    method: str
    titles: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class PollView:
    """A poll held elsewhere: what was asked or proposed, and its votes in words."""

    title: str
    source: str
    held_on: str
    counts: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class Recounting:
    """How anybody counts again: the files, a command, and the hashes of what was counted.

    ``path`` has the files: with ``.json``, ``.csv`` and ``.pb`` after it. ``command`` counts the ``.pb``; empty
    where no file can say the rule. ``limits`` is what such a count does not know of this ballot, a sentence each.
    """

    path: str
    command: str
    limits: tuple[str, ...]
    computed: str
    inputs_sha256: str
    manifest_sha256: str


@dataclass(frozen=True)
class Counted:
    """Everything that is known once a ballot is sealed and counted.

    ``bars`` are the votes of every proposal, with why it won or not. ``closest`` is the closest race and
    ``satisfied`` how many voters had chosen a winner, each a sentence or empty. ``turnout`` is the number of
    people who took part, whether or not they had a vote in the end.
    """

    result: Result
    bars: Bars
    closest: str
    satisfied: str
    turnout: int
    winners: tuple[WinnerView, ...]
    withdrawn: tuple[WithdrawnLine, ...]
    draw: DrawView | None
    compared: tuple[ComparedLine, ...]
    decision: DecisionView | None
    installations: tuple[InstallationView, ...]
    polls: tuple[PollView, ...]
    recounting: Recounting


@dataclass(frozen=True)
class ResultsPage:
    """``/b/{ballot}/results``. ``counted`` is None until the ballot is sealed and counted."""

    ballot: Named
    state: str
    closes: str
    rule: str
    explained: tuple[str, ...]
    tie_rule: str
    counted: Counted | None

    @property
    def picture(self) -> PictureView | None:
        """The first winner's picture."""
        winners = self.counted.winners if self.counted else ()
        return next((winner.picture for winner in winners if winner.picture), None)
