"""What the pages about programmes and proposals show, in the reader's language."""

from dataclasses import dataclass


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
class HomePage:
    """``/``: what is open for voting now, and every programme."""

    open_ballots: tuple[BallotLine, ...]
    programmes: tuple[Named, ...]


@dataclass(frozen=True)
class StageLine:
    """A stage; ``phase`` is past, present or coming."""

    kind: str
    opens: str
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
    """A proposal in a list; a fact that is not known is empty."""

    title: str
    path: str
    summary: str
    places: tuple[str, ...]
    size: str
    cost: str


@dataclass(frozen=True)
class ProgrammePage:
    """``/p/{programme}``."""

    title: str
    stages: tuple[StageLine, ...]
    sites: tuple[SiteLine, ...]
    proposals: tuple[ProposalCard, ...]
    ballots: tuple[BallotLine, ...]


@dataclass(frozen=True)
class CheckLine:
    """One checked rule."""

    name: str
    verdict: str
    verdict_words: str
    reason: str


@dataclass(frozen=True)
class PlaceView:
    """A place where a proposal would stand, with the checks and what they were computed from."""

    site: str
    level: str
    size: str
    cost: str
    checks: tuple[CheckLine, ...]
    notice: str
    rules_version: str
    data_year: int | None
    inputs_sha256: str


@dataclass(frozen=True)
class ProposalPage:
    """``/p/{programme}/{proposal}``, in the version that is voted on, else in the newest."""

    programme: Named
    title: str
    summary: str
    for_whom: str
    group: str
    licence: str
    version: int
    alt: str
    model_path: str
    triangles: int
    places: tuple[PlaceView, ...]
    ballots: tuple[BallotLine, ...]


@dataclass(frozen=True)
class PrivacyPage:
    """``/privacy``: nothing but fixed text."""

    quarantine_days: int
