"""The fold: what a voter's operations come to. Pure; no session, no clock.

The operations are taken in the order (event time, event id), so duplicates, redelivery, disorder and splitting
over several deliveries cannot change the outcome.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tap:
    """One operation of one voter; times in milliseconds since 1970 UTC."""

    at_ms: int
    event_id: str
    op: str
    choices: tuple[str, ...]
    received_ms: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a ballot's manifest and notices say about which operations count.

    ``withdrawn`` gives, for an option taken off the ballot, the time of the public notice.
    """

    opens_ms: int
    closes_ms: int
    grace_ms: int
    max_approvals: int
    options: frozenset[str]
    withdrawn: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """A vote: the approved proposals, oldest first; blank when the voter chose none on purpose."""

    choices: tuple[str, ...]
    blank: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A whole log folded: how many voters hold each set of choices, and what did not count."""

    ballots: Mapping[frozenset[str], int]
    voters: int
    blank: int
    late: int
    invalid: int


def in_time(tap: Tap, terms: Terms) -> bool:
    """Whether the event lies in [opens, closes) and reached us before the grace was over."""
    deadline = terms.closes_ms + terms.grace_ms
    return terms.opens_ms <= tap.at_ms < terms.closes_ms and tap.received_ms < deadline


def is_valid(tap: Tap, terms: Terms) -> bool:
    """Whether the operation names only options that stood on the ballot at its time, and not too many."""
    if not terms.options.issuperset(tap.choices):
        return False
    if tap.op in {"add", "set"} and any(tap.at_ms >= terms.withdrawn.get(c, tap.at_ms + 1) for c in tap.choices):
        return False
    if tap.op == "set":
        return len(set(tap.choices)) <= terms.max_approvals
    return len(tap.choices) == (1 if tap.op in {"add", "remove"} else 0)


def fold(taps: Iterable[Tap], terms: Terms) -> Folded | None:
    """One voter's vote, or None when it comes to no vote at all."""
    choices: list[str] = []
    blank = False
    for tap in _in_order(taps):
        if in_time(tap, terms) and is_valid(tap, terms):
            choices, blank = _apply(tap, choices, blank, terms)
    return _without_withdrawn(choices, blank, terms)


class Counting:
    """Folds a log voter by voter, so that memory stays flat however long the log is."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._ballots: Counter[frozenset[str]] = Counter()
        self._late = self._invalid = 0

    def add(self, taps: Iterable[Tap]) -> Folded | None:
        """Count one voter by all their operations (an event id is taken once); returns the vote."""
        once = list({tap.event_id: tap for tap in taps}.values())
        self._late += sum(not in_time(tap, self._terms) for tap in once)
        self._invalid += sum(in_time(tap, self._terms) and not is_valid(tap, self._terms) for tap in once)
        vote = fold(once, self._terms)
        if vote is not None:
            self._ballots[frozenset(vote.choices)] += 1
        return vote

    def result(self) -> Count:
        """What was counted so far."""
        return Count(
            ballots=dict(self._ballots),
            voters=self._ballots.total(),
            blank=self._ballots[frozenset()],
            late=self._late,
            invalid=self._invalid,
        )


def count(log: Iterable[tuple[bytes, Tap]], terms: Terms) -> Count:
    """Fold a whole log of (voter, tap) in any order."""
    by_voter: dict[bytes, list[Tap]] = defaultdict(list)
    for voter, tap in log:
        by_voter[voter].append(tap)
    counting = Counting(terms)
    for taps in by_voter.values():
        counting.add(taps)
    return counting.result()


def fallen_out(taps: Iterable[Tap], event_id: str, terms: Terms) -> tuple[str, ...]:
    """The choices that the ``add`` with this event id pushed out because the limit was reached."""
    taps = list(taps)
    before = fold([tap for tap in taps if tap.event_id != event_id], terms)
    after = fold(taps, terms)
    kept = set(after.choices) if after else set()
    return tuple(choice for choice in (before.choices if before else ()) if choice not in kept)


def _in_order(taps: Iterable[Tap]) -> list[Tap]:
    return sorted(taps, key=lambda tap: (tap.at_ms, tap.event_id))


def _apply(tap: Tap, choices: list[str], blank: bool, terms: Terms) -> tuple[list[str], bool]:
    """The state after one operation. ``remove`` of the last choice leaves no vote, not a blank one.

    An option withdrawn before an ``add`` takes no place any more: it must not push out one that still stands.
    """
    match tap.op:
        case "add":
            others = (choice for choice in choices if choice != tap.choices[0])
            standing = [c for c in others if tap.at_ms < terms.withdrawn.get(c, tap.at_ms + 1)]
            return [*standing, tap.choices[0]][-terms.max_approvals :], False
        case "remove":
            return [choice for choice in choices if choice != tap.choices[0]], blank
        case "none":
            return [], True
        case "set":
            distinct = list(dict.fromkeys(tap.choices))
            return distinct, not distinct
        case _:  # withdraw
            return [], False


def _without_withdrawn(choices: list[str], blank: bool, terms: Terms) -> Folded | None:
    """Options withdrawn later leave the vote; a vote left empty by that is blank (research: tally 5)."""
    left = tuple(choice for choice in choices if choice not in terms.withdrawn)
    if choices or blank:
        return Folded(choices=left, blank=not left)
    return None
