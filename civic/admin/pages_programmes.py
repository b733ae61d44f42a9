"""What the staff pages about programmes show, in the reader's language."""

from dataclasses import dataclass

from civic.admin.posters import ArrivalLine
from civic.admin.timeline import Timeline
from civic.web.pictures import PictureView
from civic.web.places import CheckLine
from civic.web.plans import PlanView


@dataclass(frozen=True)
class Task:
    """Something to do next, and the page where it is done; ``for_planner``: a facilitator cannot do it."""

    words: str
    path: str
    for_planner: bool


@dataclass(frozen=True)
class BallotLine:
    """A ballot in a list; ``turnout`` is None before the opening."""

    title: str
    path: str
    state: str
    state_words: str
    next: str
    turnout: int | None


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme with its line of time, what to do next and its ballots."""

    title: str
    path: str
    timeline: Timeline | None
    tasks: tuple[Task, ...]
    ballots: tuple[BallotLine, ...]


@dataclass(frozen=True)
class AdminHome:
    """``/admin``."""

    programmes: tuple[ProgrammeCard, ...]


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme in the list of all, with what belongs to it; ``incomplete`` proposals lack something."""

    title: str
    path: str
    now: str
    sites: int
    proposals: int
    incomplete: int
    ballots: int


@dataclass(frozen=True)
class ProgrammeList:
    """``/admin/programmes``."""

    programmes: tuple[ProgrammeRow, ...]


@dataclass(frozen=True)
class DayUseLine:
    """On how many days of a year a site is given to something else."""

    year: int
    days: int
    note: str


@dataclass(frozen=True)
class SiteLine:
    """A site with what it allows, each limit as a sentence; ``proposals`` would stand on it.

    ``layers`` are the layers that are known of it; ``day_uses`` its recorded uses, the newest year first.
    """

    slug: str
    title: str
    level: str
    land_type: str
    manager: str
    limits: tuple[str, ...]
    layers: tuple[str, ...]
    proposals: int
    day_uses: tuple[DayUseLine, ...]


@dataclass(frozen=True)
class Placed:
    """A place where a proposal would stand; ``verdict`` is the worst of its checks, made at ``checked``."""

    site_slug: str
    site: str
    size: str
    cost: str
    verdict: str
    verdict_words: str
    checks: tuple[CheckLine, ...]
    checked: str
    plan: PlanView | None
    notice: str


@dataclass(frozen=True)
class ProposalRow:
    """A proposal in its newest version; ``missing`` says in sentences what it lacks."""

    slug: str
    title: str
    group: str
    version: str
    published: bool
    public_path: str
    edit_path: str
    views_path: str
    picture: PictureView | None
    places: tuple[Placed, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class AdminProgramme:
    """``/admin/programmes/{slug}``."""

    title: str
    path: str
    public_path: str
    register_path: str
    posters_path: str
    this_year: int
    timeline: Timeline | None
    sites: tuple[SiteLine, ...]
    arrivals: tuple[ArrivalLine, ...]
    proposals: tuple[ProposalRow, ...]
    ballots: tuple[BallotLine, ...]
