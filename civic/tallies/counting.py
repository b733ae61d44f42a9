"""From a ballot's law and its log to the numbers: the fold, the method, and the hash of what went in."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law
from civic.ballots.rules import COUNTING_STATES
from civic.kernel.canonical import canonical_json, sha256_hex
from civic.kernel.clock import iso
from civic.tallies.methods.lots import Beacon
from civic.tallies.methods.registry import METHODS, compare, compute, draw
from civic.tallies.methods.types import BallotGroup, Option, Outcome, TallyInput
from civic.votes.channels import by_assurance
from civic.votes.operations import Step, operation_record
from civic.votes.queries import terms_of
from civic.votes.rules import Count, Counting, Folded, Tap
from civic.votes.spans import Logged, Span, cached_choices, logged_spans, places_of


@dataclass(frozen=True)
class Counted:
    """A counted log: the numbers, the hash of all input, and the number of records that do not fit."""

    count: Count
    inputs_sha256: str
    misfits: int


class LogCounting:
    """Counts a whole log, span by span. Nothing but the manifest, the notices and the log goes in.

    What is received after the grace can change no vote, so it is no input: a tap on an old card next week is one
    more late operation, and the hash stays.
    """

    def __init__(self, law: Law) -> None:
        self._law = law
        self._terms = terms_of(law)
        self._counting = Counting(self._terms)
        self._log_hash = hashlib.sha256()
        self._misfits = 0

    async def spans(self, session: AsyncSession) -> AsyncIterator[tuple[Span, dict[bytes, Folded]]]:
        """The votes of each span of voters, as they are counted; what is not kept by the caller is gone."""
        async for span, operations in logged_spans(session, self._law.ballot_id):
            yield span, self._add(operations)

    def result(self) -> Counted:
        """What was counted; the whole of it once all spans were taken."""
        inputs_sha256 = _inputs_sha256(self._law, self._log_hash.hexdigest())
        return Counted(self._counting.result(), inputs_sha256, self._misfits)

    def _add(self, operations: Sequence[Logged]) -> dict[bytes, Folded]:
        votes = {}
        for voter, mine in groupby(operations, itemgetter(0)):
            vote = self._counting.add([self._checked(operation) for operation in mine])
            if vote is not None:
                votes[voter] = vote
        return votes

    def _checked(self, operation: Logged) -> Tap:
        """An operation as the fold sees it, after a look at its record."""
        voter, event_id, at_ms, op, text, received_ms, channel, record, salt = operation
        choices = _choices(text)
        if received_ms < self._terms.closes_ms + self._terms.grace_ms:
            self._log_hash.update(hashlib.sha256(salt + record).digest())
        again = operation_record(self._law.slug, voter, Step(channel, op, choices, event_id, at_ms), salt)
        self._misfits += record != again
        return Tap(at_ms, event_id, op, choices, received_ms, channel)


async def count_log(session: AsyncSession, law: Law) -> Counted:
    """Read the whole log once and fold it; no vote is kept."""
    counting = LogCounting(law)
    async for _ in counting.spans(session):
        pass
    return counting.result()


@dataclass(frozen=True)
class Approvals:
    """The numbers of a count without its groups: voters of each proposal that has any, all voters, blank votes."""

    approvals: Mapping[str, int]
    voters: int
    blank: int


async def count_cache(session: AsyncSession, law: Law) -> Approvals:
    """What the cached votes of a ballot come to, in well under a second a million. The log stays the truth."""
    places = await places_of(session, law.ballot_id)
    held = np.zeros(len(places), dtype=np.int64)
    voters = blank = 0
    async for choices in cached_choices(session, law.ballot_id):
        chosen = np.fromstring(choices.places, dtype=np.int64, sep=" ")
        held += np.bincount(chosen, minlength=len(places))
        voters += choices.voters
        blank += choices.blank
    numbers = {proposal: int(held[place]) for proposal, place in places.items() if held[place]}
    return Approvals(numbers, voters, blank)


def approvals_of(count: Count) -> Approvals:
    """The same numbers of a counted log."""
    numbers: Counter[str] = Counter()
    for choices, voters in count.ballots.items():
        numbers.update(dict.fromkeys(choices, voters))
    return Approvals(dict(numbers), count.voters, count.blank)


def report_of(law: Law, count: Count) -> dict[str, Any]:
    """The result as ``civic ballot tally --json`` prints it; provisional until the ballot is sealed."""
    tally_input = tally_input_of(law, count)
    method = law.document["method"]
    outcome = compute(method, tally_input, options=law.document["method_options"])
    return {
        "ballot": law.slug,
        "status": outcome.status if law.state in COUNTING_STATES else "provisional",
        "method": method,
        "method_version": METHODS[method].version,
        "voters": count.voters,
        "blank": count.blank,
        "late": count.late,
        "invalid": count.invalid,
        "channels": dict(count.channels),
        "assurance": by_assurance(count.channels),
        "approvals": outcome.approvals,
        "selected": [_selected(option) for option in outcome.selected],
        "ties": _ties(outcome),
        "compared": {**compare(tally_input), method: outcome.selected_proposals},
    }


@dataclass(frozen=True)
class DrawnLots:
    """A result by lot: the lot of each proposal, and the places selected, as in a report."""

    lots: dict[str, str]
    selected: list[dict[str, Any]]


def drawn_by(law: Law, count: Count, beacon: Beacon) -> DrawnLots:
    """The result of a ballot with all ties drawn by a public value."""
    document = law.document
    drawn = draw(document["method"], tally_input_of(law, count), beacon, document["method_options"])
    return DrawnLots(drawn.lots, [_selected(option) for option in drawn.outcome.selected])


def tally_input_of(law: Law, count: Count) -> TallyInput:
    """What the methods see: the options that are still on the ballot, and the votes merged by equal choices."""
    ballots = tuple(BallotGroup(choices, number) for choices, number in count.ballots.items() if number)
    return TallyInput(law.document["budget_yen"], options_of(law), ballots)


def options_of(law: Law) -> tuple[Option, ...]:
    """The options that are still on the ballot, each with every site."""
    return tuple(
        Option(option["proposal"], placement["site"], placement["cost_yen"])
        for option in law.document["options"]
        if option["proposal"] not in law.withdrawn
        for placement in option["placements"]
    )


def _selected(option: Option) -> dict[str, Any]:
    return {"proposal": option.proposal, "site": option.site, "cost_yen": option.cost_yen}


def _ties(outcome: Outcome) -> list[dict[str, Any]]:
    return [{"between": list(tie.between), "sites": list(tie.sites), "reason": tie.reason} for tie in outcome.ties]


@lru_cache(maxsize=4096)
def _choices(text: str) -> tuple[str, ...]:
    """The choices of an operation: one object for all who chose the same."""
    return tuple(text.split())


def _inputs_sha256(law: Law, log_sha256: str) -> str:
    notices = [{"kind": notice.kind, "at": iso(notice.at), **notice.data} for notice in law.notices]
    inputs = {"manifest_sha256": law.sha256, "notices": notices, "log_sha256": log_sha256}
    return sha256_hex(canonical_json(inputs))
