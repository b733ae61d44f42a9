"""What the messages show: plain values, filled by the handlers from queries.

None of them can carry how many chose what, so no message can show it; only a result, which is there after the
seal, tells how many people voted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec

from webhooks.line.postback import VoteOp

Counted = Literal["counted", "late", "invalid", "not_yet", "cancelled"]


@dataclass(frozen=True, slots=True, eq=False)
class CardView:
    """One option of a ballot: ``title`` and ``place`` by language, ``size_m`` width, depth, height in metres.

    ``url`` is the proposal's page, ``picture_url`` an https picture or None, ``for_whom`` codes such as
    ``elderly`` from the programme file.
    """

    proposal: str
    title: Mapping[str, str]
    place: Mapping[str, str]
    size_m: tuple[float, float, float] | None
    cost_yen: int | None
    url: str
    picture_url: str | None
    for_whom: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BallotView:
    """An open ballot: ``closes_at`` is UTC-aware, ``cards`` in the frozen order, ``url`` its page.

    Each is itself and nothing else (``eq=False``): what is built from one can be kept for as long as it stands.

    ``withdrawn`` are the options that were taken off: no longer shown, but a tap on an old card still names them.
    """

    slug: str
    title: Mapping[str, str]
    closes_at: datetime
    max_approvals: int
    cards: tuple[CardView, ...]
    url: str
    withdrawn: tuple[CardView, ...] = ()


class ReceiptView(msgspec.Struct, frozen=True):
    """What one operation did: the tap (``op``, ``proposal``) and the voter's own vote after it.

    ``choices`` are proposal slugs, oldest first; ``blank`` says どれも選ばない; ``dropped`` fell out because
    of ``max_approvals``; ``counted`` says whether the operation counts.
    """

    ballot: BallotView
    code: str
    op: VoteOp
    proposal: str
    choices: tuple[str, ...]
    blank: bool
    dropped: tuple[str, ...]
    counted: Counted


@dataclass(frozen=True, slots=True)
class ResultView:
    """A decided ballot: ``winners`` stand where they will be built, ``url`` is the page of its results."""

    ballot: BallotView
    url: str
    winners: tuple[CardView, ...]
    voters: int
    reason: str


@dataclass(frozen=True, slots=True)
class InstallationView:
    """An installation at its site (``card``), its ``status`` and what was noted with it; ``url`` tells more."""

    card: CardView
    status: str
    note: str
    url: str
