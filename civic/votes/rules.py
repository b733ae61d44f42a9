"""The fold: what a voter's operations come to. Pure; no session, no clock.

The operations are taken in the order (event time, event id), so duplicates, redelivery, disorder and splitting
over several deliveries cannot change the outcome.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from civic.votes.channels import CHANNELS, LINE


class Tap(msgspec.Struct, frozen=True, order=True, gc=False):
    """One operation of one voter; times in milliseconds since 1970 UTC. Taps sort by (event time, event id)."""

    at_ms: int
    event_id: str
    op: str
    choices: tuple[str, ...]
    received_ms: int
    channel: str = LINE


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
    """A vote: the approved proposals, oldest first; blank when the voter chose none on purpose.

    ``last`` is the last operation that counted: when and where. Two votes are equal whenever they were given.
    """

    choices: tuple[str, ...]
    blank: bool
    last: Tap | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """A whole log folded: how many voters hold each set of choices, and what did not count.

    ``channels``: voters by the channel of their last operation that counts; they add up to ``voters``.
    """

    ballots: Mapping[frozenset[str], int]
    voters: int
    blank: int
    late: int
    invalid: int
    channels: Mapping[str, int]


def in_time(tap: Tap, terms: Terms) -> bool:
    """Whether the event lies in [opens, closes) and reached us before the grace was over."""
    deadline = terms.closes_ms + terms.grace_ms
    return terms.opens_ms <= tap.at_ms < terms.closes_ms and tap.received_ms < deadline


def is_valid(tap: Tap, terms: Terms) -> bool:
    """Whether the operation names only options that stood on the ballot at its time, and not too many."""
    if not terms.options.issuperset(tap.choices):
        return False
    if terms.withdrawn and tap.op in {"add", "set"} and _names_withdrawn(tap, terms):
        return False
    if tap.op == "set":
        return len(set(tap.choices)) <= terms.max_approvals
    return len(tap.choices) == (1 if tap.op in {"add", "remove"} else 0)


def fold(taps: Iterable[Tap], terms: Terms) -> Folded | None:
    """One voter's vote, or None when it comes to no vote at all."""
    return _fold_counted([tap for tap in taps if in_time(tap, terms) and is_valid(tap, terms)], terms)


class Counting:
    """Folds a log voter by voter, so that memory stays flat however long the log is."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._ballots: Counter[frozenset[str]] = Counter()
        self._channels = Counter(dict.fromkeys(CHANNELS, 0))
        self._late = self._invalid = 0

    def add(self, taps: Iterable[Tap]) -> Folded | None:
        """Count one voter by all their operations (an event id is taken once); returns the vote."""
        counted = []
        for tap in {tap.event_id: tap for tap in taps}.values():
            if not in_time(tap, self._terms):
                self._late += 1
            elif not is_valid(tap, self._terms):
                self._invalid += 1
            else:
                counted.append(tap)
        vote = _fold_counted(counted, self._terms)
        if vote is not None:
            self._ballots[frozenset(vote.choices)] += 1
            self._channels[max(counted).channel] += 1
        return vote

    def result(self) -> Count:
        """What was counted so far."""
        return Count(
            ballots=dict(self._ballots),
            voters=self._ballots.total(),
            blank=self._ballots[frozenset()],
            late=self._late,
            invalid=self._invalid,
            channels=dict(self._channels),
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


def _fold_counted(taps: list[Tap], terms: Terms) -> Folded | None:
    """The vote that operations come to which all count. ``remove`` of the last choice leaves no vote."""
    choices: list[str] = []
    blank = False
    ordered = sorted(taps)
    for tap in ordered:
        op = tap.op
        if op == "add":
            _add(tap, choices, terms)
        elif op == "remove":
            if tap.choices[0] in choices:
                choices.remove(tap.choices[0])
            continue
        else:  # set; none and withdraw name nothing
            choices[:] = dict.fromkeys(tap.choices)
        blank = not choices and op != "withdraw"
    return _without_withdrawn(choices, blank, terms, ordered[-1]) if ordered else None


def _names_withdrawn(tap: Tap, terms: Terms) -> bool:
    return any(_is_withdrawn(choice, tap.at_ms, terms) for choice in tap.choices)


def _is_withdrawn(choice: str, at_ms: int, terms: Terms) -> bool:
    return choice in terms.withdrawn and at_ms >= terms.withdrawn[choice]


def _add(tap: Tap, choices: list[str], terms: Terms) -> None:
    """Put a choice last and keep the newest; in place, since a tally does this for every operation there is."""
    chosen = tap.choices[0]
    if chosen in choices:
        choices.remove(chosen)
    if terms.withdrawn:
        # What was withdrawn before this takes no place any more: it must not push out what still stands.
        choices[:] = [choice for choice in choices if not _is_withdrawn(choice, tap.at_ms, terms)]
    choices.append(chosen)
    del choices[: -terms.max_approvals]


def _without_withdrawn(choices: list[str], blank: bool, terms: Terms, last: Tap) -> Folded | None:
    """Options withdrawn later leave the vote; a vote left empty by that is blank."""
    left = tuple([choice for choice in choices if choice not in terms.withdrawn])
    if choices or blank:
        return Folded(choices=left, blank=not left, last=last)
    return None
