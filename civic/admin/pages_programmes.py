"""What the staff pages about programmes show, in the reader's language."""

from dataclasses import dataclass

from civic.admin.timeline import Timeline
from civic.web.pictures import PictureView


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
class SiteLine:
    """A site with what it allows, each limit as a sentence; ``proposals`` would stand on it."""

    title: str
    level: str
    land_type: str
    manager: str
    limits: tuple[str, ...]
    proposals: int


@dataclass(frozen=True)
class CheckLine:
    """One checked rule: the value found and the limit with their unit; a limit that there is not is empty."""

    name: str
    verdict: str
    verdict_words: str
    value: str
    limit: str
    reason: str


@dataclass(frozen=True)
class Placed:
    """A place where a proposal would stand; ``verdict`` is the worst of its checks."""

    site_slug: str
    site: str
    size: str
    cost: str
    verdict: str
    verdict_words: str
    checks: tuple[CheckLine, ...]
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
    picture: PictureView | None
    places: tuple[Placed, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class AdminProgramme:
    """``/admin/programmes/{slug}``."""

    title: str
    public_path: str
    register_path: str
    timeline: Timeline | None
    sites: tuple[SiteLine, ...]
    proposals: tuple[ProposalRow, ...]
    ballots: tuple[BallotLine, ...]
