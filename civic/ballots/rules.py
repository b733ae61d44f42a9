"""What a ballot may do in each state, and the manifest that its opening freezes. Pure; no session, no clock."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from civic.kernel.clock import iso
from civic.kernel.errors import Conflict

MANIFEST_VERSION = 1
TIE_ORDER = ["approvals", "lower_cost", "tie_pending"]
TIE_ORDER_BY_LOT = ["approvals", "lower_cost", "lot"]
ROTATIONS = 12

T = TypeVar("T")

_NEXT: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"scheduled", "open", "cancelled"}),
    "scheduled": frozenset({"draft", "open", "cancelled"}),
    "open": frozenset({"closed", "cancelled"}),
    "closed": frozenset({"sealed", "cancelled"}),
    "sealed": frozenset({"decided"}),
    "decided": frozenset(),
    "cancelled": frozenset(),
}

COUNTING_STATES = frozenset({"sealed", "decided"})
"""Only in these may anybody, staff included, see how many approvals a proposal has."""


@dataclass(frozen=True)
class Notice:
    """A public notice about an opened ballot."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


def require_step(slug: str, present: str, wanted: str) -> None:
    """Conflict unless a ballot may go from one state to the other."""
    if wanted not in _NEXT[present]:
        raise Conflict(
            "ballot_state",
            "投票「{ballot}」は今「{present}」なので、「{wanted}」にはできません。状態を確かめてください。",
            ballot=slug,
            present=present,
            wanted=wanted,
        )


def require_open(slug: str, present: str) -> None:
    """Conflict unless the ballot is open."""
    if present != "open":
        raise Conflict(
            "ballot_not_open",
            "投票「{ballot}」は受付中ではありません（今は「{present}」）。受付中にだけできます。",
            ballot=slug,
            present=present,
        )


def manifest(ballot: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The law of an opened ballot, ready for canonical JSON: no floats, times in RFC 3339 UTC, costs in yen.

    A ballot with a ``beacon`` (the public value of its lot, in words by language) says that ties go by lot.
    """
    tie = TIE_ORDER_BY_LOT if "beacon" in ballot else TIE_ORDER
    return {"v": MANIFEST_VERSION, "tie": tie, **ballot, "options": list(options)}


def decimal(number: float, places: int) -> str:
    """A number as fixed decimal text, since canonical JSON has no floats: degrees with 7 places (1 cm)."""
    return f"{number:.{places}f}"


def closing_time(closes_at: datetime, notices: Iterable[Notice]) -> datetime:
    """When a ballot closes: as frozen, unless a notice extended it or closed it earlier."""
    for notice in notices:
        if notice.kind in {"closing", "extension"}:
            closes_at = datetime.fromisoformat(notice.data["closes_at"])
    return closes_at


def withdrawals(notices: Iterable[Notice]) -> dict[str, datetime]:
    """The options taken off the ballot, with the time of the notice."""
    return {notice.data["proposal"]: notice.at for notice in notices if notice.kind == "withdrawal"}


def closing_notice(closes_at: datetime) -> dict[str, Any]:
    """The data of a closing or extension notice."""
    return {"closes_at": iso(closes_at)}


def rotation_of(ballot_key: bytes, voter: bytes) -> int:
    """Where a voter's options start, 0-11: HMAC(ballot key, voter) mod 12, the same at every look."""
    return int.from_bytes(hmac.digest(ballot_key, b"rotation:" + voter, "sha256"), "big") % ROTATIONS


def rotated(options: Sequence[T], rotation: int) -> list[T]:
    """The options starting at floor(n * rotation / 12), the ones before following at the end."""
    start = len(options) * rotation // ROTATIONS
    return [*options[start:], *options[:start]]
