"""What the staff pages show, in the reader's language. No count of any choice before a ballot is sealed."""

from collections.abc import Mapping
from dataclasses import dataclass

from civic.web.results import Place, Result


@dataclass(frozen=True)
class BallotRow:
    """A ballot in the list; ``steps`` are the buttons that its state allows."""

    slug: str
    title: str
    state: str
    state_words: str
    opens: str
    closes: str
    turnout: int | None
    steps: frozenset[str]


@dataclass(frozen=True)
class AdminHome:
    """``/admin``."""

    ballots: tuple[BallotRow, ...]


@dataclass(frozen=True)
class Option:
    """A proposal that can be ticked; ``chosen`` is what was typed, else what the tally selected."""

    proposal: str
    title: str
    chosen: bool


@dataclass(frozen=True)
class InstallationRow:
    """An installation with its status."""

    number: int
    title: str
    site: str
    status: str
    status_words: str


@dataclass(frozen=True)
class Decided:
    """The decision as recorded."""

    at: str
    actor: str
    places: tuple[Place, ...]
    reason: str
    differs: bool


@dataclass(frozen=True)
class Trouble:
    """Why an action was refused; ``form`` names the form it came from."""

    form: str
    sentence: str


@dataclass(frozen=True)
class AdminBallot:
    """``/admin/ballots/{slug}``. ``typed`` gives back what was typed when an action was refused."""

    ballot: BallotRow
    public_path: str
    grace_s: int
    closes_local: str
    options: tuple[Option, ...]
    withdrawable: tuple[Option, ...]
    result: Result | None
    decided: Decided | None
    installations: tuple[InstallationRow, ...]
    statuses: tuple[tuple[str, str], ...]
    trouble: Trouble | None
    typed: Mapping[str, str]


@dataclass(frozen=True)
class AsideRow:
    """An event in quarantine: no text, no person, only why and when."""

    key: str
    received: str
    reason: str
    can_run_again: bool


@dataclass(frozen=True)
class QuarantinePage:
    """``/admin/quarantine``."""

    events: tuple[AsideRow, ...]
    trouble: Trouble | None


@dataclass(frozen=True)
class AuditRow:
    """An entry of the audit trail; ``data`` is JSON."""

    at: str
    actor: str
    verb: str
    subject: str
    data: str


@dataclass(frozen=True)
class AuditPage:
    """``/admin/audit``."""

    entries: tuple[AuditRow, ...]
    limit: int
