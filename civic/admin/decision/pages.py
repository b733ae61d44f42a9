"""What the page of a decision shows, on the screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass

from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named, Option
from civic.web.results import Place


@dataclass(frozen=True)
class VersionView:
    """A version of the decision; ``memo`` is the office's own and empty on paper."""

    number: int
    at: str
    actor: str
    places: tuple[Place, ...]
    reason: str
    differs: bool
    conditions: str
    next_steps: str
    changed_because: str
    memo: str


@dataclass(frozen=True)
class Withdrawn:
    """An option that was taken off the ballot, and why."""

    title: str
    reason: str


@dataclass(frozen=True)
class PollLine:
    """An answer of a poll held elsewhere, with its number."""

    name: str
    votes: str


@dataclass(frozen=True)
class PollView:
    """A poll held elsewhere: beside the votes, never added to them."""

    number: int
    title: str
    source: str
    held_on: str
    lines: tuple[PollLine, ...]
    note: str


@dataclass(frozen=True)
class Computed:
    """The result that the decision stands beside, and what fixes it; ``drawn`` tells of a lot."""

    rule: str
    period: str
    status: str
    voters: str
    selected: tuple[Place, ...]
    ties: tuple[str, ...]
    drawn: tuple[str, ...]
    withdrawn: tuple[Withdrawn, ...]
    at: str
    manifest_sha256: str
    inputs_sha256: str


@dataclass(frozen=True)
class DecisionPage:
    """``/admin/ballots/{slug}/decision``. ``computed`` is None until the ballot is sealed and counted.

    ``version`` is the newest one, 0 before the first; ``versions`` are newest first. ``typed`` gives back what was
    typed when a form was refused.
    """

    ballot: Named
    path: str
    computed: Computed | None
    version: int
    versions: tuple[VersionView, ...]
    options: tuple[Option, ...]
    polls: tuple[PollView, ...]
    trouble: Trouble | None
    typed: Mapping[str, str]
