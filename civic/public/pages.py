"""What the pages about programmes and proposals show, in the reader's language."""

from dataclasses import dataclass

from civic.drawings.rules import CAMERAS
from civic.web.pictures import PictureView
from civic.web.places import CheckLine
from civic.web.plans import PlanView
from civic.web.sizes import SizeView


@dataclass(frozen=True)
class Named:
    """Something with a title and a page of its own."""

    title: str
    path: str


@dataclass(frozen=True)
class BallotLine:
    """A ballot in a list."""

    title: str
    path: str
    state: str
    state_words: str
    opens: str
    closes: str


@dataclass(frozen=True)
class OpenBallot:
    """A ballot that takes votes now, with pictures of its first options."""

    line: BallotLine
    programme: Named
    options: int
    max_approvals: int
    pictures: tuple[PictureView, ...]


@dataclass(frozen=True)
class FinishedBallot:
    """A ballot after its close; ``chosen`` are the titles that were decided on, else selected, once published."""

    line: BallotLine
    programme: Named
    chosen: tuple[str, ...]
    picture: PictureView | None


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme in a list, with its present stage; empty between stages."""

    title: str
    path: str
    stage: str
    picture: PictureView | None


@dataclass(frozen=True)
class HomePage:
    """``/``: what is open for voting now, what comes, what ended, and every programme."""

    open_ballots: tuple[OpenBallot, ...]
    coming: tuple[BallotLine, ...]
    finished: tuple[FinishedBallot, ...]
    programmes: tuple[ProgrammeLine, ...]

    @property
    def pictures(self) -> tuple[PictureView, ...]:
        """Pictures of what is open for voting; without such a ballot one of each programme."""
        if self.open_ballots:
            return self.open_ballots[0].pictures
        return tuple(programme.picture for programme in self.programmes if programme.picture)

    @property
    def picture(self) -> PictureView | None:
        """The first picture there is."""
        return next(iter(self.pictures), None)


@dataclass(frozen=True)
class StageLine:
    """A stage; ``days`` are its first and its last, ``phase`` is past, present or coming."""

    kind: str
    days: str
    closes: str
    phase: str


@dataclass(frozen=True)
class SiteLine:
    """A site with what it allows, each limit as a sentence."""

    title: str
    level: str
    land_type: str
    manager: str
    limits: tuple[str, ...]


@dataclass(frozen=True)
class ProposalCard:
    """A proposal in a list; a fact that is not known is empty, the picture None while it is being drawn."""

    title: str
    path: str
    summary: str
    places: tuple[str, ...]
    size: str
    cost: str
    picture: PictureView | None


@dataclass(frozen=True)
class ProgrammePage:
    """``/p/{programme}``."""

    title: str
    stages: tuple[StageLine, ...]
    sites: tuple[SiteLine, ...]
    proposals: tuple[ProposalCard, ...]
    ballots: tuple[BallotLine, ...]

    @property
    def present(self) -> StageLine | None:
        """The stage that runs now."""
        return next((stage for stage in self.stages if stage.phase == "present"), None)

    @property
    def picture(self) -> PictureView | None:
        """The first picture there is."""
        return next((card.picture for card in self.proposals if card.picture), None)


@dataclass(frozen=True)
class PlaceView:
    """A place where a proposal would stand, with the checks, when they were made and what they were computed from.

    ``scene`` is the address of the scene for the 3D view; without pictures there is none yet either. ``eyes`` are
    the same place from three heights of eyes, none before all are drawn.
    """

    site: str
    level: str
    size: SizeView
    cost: str
    pictures: tuple[PictureView, ...]
    eyes: tuple[PictureView, ...]
    scene: str
    plan: PlanView
    checks: tuple[CheckLine, ...]
    checked: str
    notice: str
    rules_version: str
    data_year: int | None
    inputs_sha256: str

    @property
    def waiting(self) -> int:
        """How many pictures are still being drawn."""
        return len(CAMERAS) - len(self.pictures)


@dataclass(frozen=True)
class Audience:
    """Somebody whom a proposal is for: a code with an icon of its own, and its word."""

    code: str
    word: str


@dataclass(frozen=True)
class JourneyStep:
    """A step from the proposal to the built thing; ``path`` is empty when there is no page to read on."""

    title: str
    when: str
    says: str
    path: str


@dataclass(frozen=True)
class ProposalPage:
    """``/p/{programme}/{proposal}``, in the version that is voted on, else in the newest."""

    programme: Named
    title: str
    summary: str
    for_whom: tuple[Audience, ...]
    group: str
    licence: str
    version: int
    alt: str
    model_path: str
    triangles: int
    places: tuple[PlaceView, ...]
    ballots: tuple[BallotLine, ...]
    journey: tuple[JourneyStep, ...]

    @property
    def picture(self) -> PictureView | None:
        """The first picture there is."""
        return next((place.pictures[0] for place in self.places if place.pictures), None)


@dataclass(frozen=True)
class PrivacyPage:
    """``/privacy``: fixed text, as far as it is true of this site.

    ``login``: people can come in by LINE Login, which needs a cookie for some minutes; ``liff``: the page that
    LINE opens loads LINE's script.
    """

    quarantine_days: int
    login: bool
    liff: bool
