"""From a ballot's law and its log to the numbers: the fold, the method, and the hash of what went in."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law
from civic.ballots.rules import COUNTING_STATES
from civic.kernel.canonical import canonical_json, sha256_hex
from civic.kernel.clock import iso
from civic.tallies.methods.registry import METHODS, compare, compute
from civic.tallies.methods.types import BallotGroup, Option, Outcome, TallyInput
from civic.votes.operations import Step, operation_record
from civic.votes.queries import LoggedTap, terms_of, voters_of
from civic.votes.rules import Count, Counting, Folded


@dataclass(frozen=True)
class Counted:
    """A counted log: the numbers, each voter's vote, the hash of all input, and records that do not fit."""

    count: Count
    votes: Mapping[bytes, Folded]
    inputs_sha256: str
    misfits: int


async def count_log(session: AsyncSession, law: Law) -> Counted:
    """Read the whole log once and fold it. Nothing but the manifest, the notices and the log goes in.

    What is received after the grace can change no vote, so it is no input: a tap on an old card next week is one
    more late operation, and the hash stays.
    """
    terms = terms_of(law)
    counting = Counting(terms)
    votes: dict[bytes, Folded] = {}
    log_hash = hashlib.sha256()
    misfits = 0
    async for voter, taps in voters_of(session, law.ballot_id):
        for logged in taps:
            if logged.tap.received_ms < terms.closes_ms + terms.grace_ms:
                log_hash.update(hashlib.sha256(logged.salt + logged.record).digest())
            misfits += logged.record != _record_again(law.slug, voter, logged)
        vote = counting.add(logged.tap for logged in taps)
        if vote is not None:
            votes[voter] = vote
    return Counted(counting.result(), votes, _inputs_sha256(law, log_hash.hexdigest()), misfits)


def report_of(law: Law, count: Count) -> dict[str, Any]:
    """The result as ``civic ballot tally --json`` prints it; provisional until the ballot is sealed."""
    tally_input = tally_input_of(law, count)
    method = law.document["method"]
    outcome = compute(method, tally_input)
    return {
        "ballot": law.slug,
        "status": outcome.status if law.state in COUNTING_STATES else "provisional",
        "method": method,
        "method_version": METHODS[method].version,
        "voters": count.voters,
        "blank": count.blank,
        "late": count.late,
        "invalid": count.invalid,
        "approvals": outcome.approvals,
        "selected": [_selected(option) for option in outcome.selected],
        "ties": _ties(outcome),
        "compared": compare(tally_input),
    }


def tally_input_of(law: Law, count: Count) -> TallyInput:
    """What the methods see: the options that are still on the ballot, and the votes merged by equal choices."""
    options = tuple(
        Option(option["proposal"], placement["site"], placement["cost_yen"])
        for option in law.document["options"]
        if option["proposal"] not in law.withdrawn
        for placement in option["placements"]
    )
    ballots = tuple(BallotGroup(choices, number) for choices, number in count.ballots.items() if number)
    return TallyInput(law.document["budget_yen"], options, ballots)


def _selected(option: Option) -> dict[str, Any]:
    return {"proposal": option.proposal, "site": option.site, "cost_yen": option.cost_yen}


def _ties(outcome: Outcome) -> list[dict[str, Any]]:
    return [{"between": list(tie.between), "sites": list(tie.sites), "reason": tie.reason} for tie in outcome.ties]


def _record_again(slug: str, voter: bytes, logged: LoggedTap) -> bytes:
    tap = logged.tap
    step = Step(logged.channel, tap.op, tap.choices, tap.event_id, tap.at_ms)
    return operation_record(slug, voter, step, logged.salt)


def _inputs_sha256(law: Law, log_sha256: str) -> str:
    notices = [{"kind": notice.kind, "at": iso(notice.at), **notice.data} for notice in law.notices]
    inputs = {"manifest_sha256": law.sha256, "notices": notices, "log_sha256": log_sha256}
    return sha256_hex(canonical_json(inputs))
