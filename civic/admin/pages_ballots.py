"""What the staff pages about ballots show. No count of any choice before a ballot is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass

from civic.admin.draws import DrawView
from civic.admin.pages import Trouble
from civic.admin.turnout import Chart
from civic.web.results import Place, Result


@dataclass(frozen=True)
class Named:
    """Something with a title and a page of its own."""

    title: str
    path: str


@dataclass(frozen=True)
class Option:
    """A proposal that can be ticked; ``chosen`` is what was typed, else what the tally selected."""

    proposal: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class StepLine:
    """A step that an installation has taken, with its public note."""

    at: str
    status: str
    note: str


@dataclass(frozen=True)
class InstallationRow:
    """An installation with its status; ``statuses`` may be reported now, ``told`` is empty until friends heard.

    ``ask_path``: where people can be asked how it is, empty until it stands there.
    """

    number: int
    title: str
    site: str
    status: str
    status_words: str
    statuses: tuple[tuple[str, str], ...]
    steps: tuple[StepLine, ...]
    send_path: str
    told: str
    ask_path: str


@dataclass(frozen=True)
class Decided:
    """The decision as recorded; ``told`` is empty until friends heard of it."""

    at: str
    actor: str
    places: tuple[Place, ...]
    reason: str
    differs: bool
    send_path: str
    told: str


@dataclass(frozen=True)
class Turnout:
    """Who took part, refreshed while the ballot runs: ``live`` until it is sealed and counted."""

    state: str
    live: bool
    path: str
    people: int
    chart: Chart
    read: str


@dataclass(frozen=True)
class Tallied:
    """The computed result; ``participation`` says how people who took part and people who voted differ."""

    result: Result
    computed: str
    participation: str


@dataclass(frozen=True)
class AdminBallot:
    """``/admin/ballots/{slug}``. ``typed`` gives back what was typed when an action was refused.

    ``may`` are the deeds that the state allows; ``told`` says how far the announcement is, empty before it.
    ``unsuitable`` warns of a method that does not suit, before the opening; ``draw`` is the lot of a tie.
    ``last_chance_path``: where those without a vote can be reminded, empty unless it is open.
    """

    programme: Named
    slug: str
    title: str
    path: str
    public_path: str
    state: str
    state_words: str
    opens: str
    closes: str
    rule: str
    next: str
    outside_stage: str
    unsuitable: tuple[str, ...]
    may: frozenset[str]
    turnout: Turnout | None
    send_path: str
    told: str
    last_chance_path: str
    closes_local: str
    stage_ends: str
    options: tuple[Option, ...]
    withdrawable: tuple[Option, ...]
    tallied: Tallied | None
    draw: DrawView | None
    decided: Decided | None
    installations: tuple[InstallationRow, ...]
    trouble: Trouble | None
    typed: Mapping[str, str]
