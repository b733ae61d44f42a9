"""Read what the files about a result say."""

from collections.abc import Mapping
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, law_of
from civic.ballots.tables import Ballot
from civic.exports.types import DecisionRecord, OptionRecord, PollRecord, ResultRecord, SiteCost, Texts
from civic.programmes.queries import programme_by_number, sites_of
from civic.tallies.queries import decisions_of, effective_result, outside_polls, published_tally
from civic.tallies.tables import Decision, OutsidePoll


async def result_record(session: AsyncSession, ballot: Ballot) -> ResultRecord | None:
    """The published result of a ballot with everything beside it; None until it is sealed and counted."""
    tally = await published_tally(session, ballot.slug)
    if tally is None:
        return None
    law = await law_of(session, ballot)
    sites = {site.slug: site.title for site in await sites_of(session, ballot.programme_id)}
    return ResultRecord(
        programme=(await programme_by_number(session, ballot.programme_id)).slug,
        ballot=ballot.slug,
        title=law.document["title"],
        opens_at=law.opens_at,
        closes_at=law.closes_at,
        max_approvals=law.document["max_approvals"],
        budget_yen=law.document["budget_yen"],
        method_options=law.document["method_options"],
        report=await effective_result(session, law.ballot_id),
        computed_at=tally.computed_at,
        manifest_sha256=law.sha256,
        inputs_sha256=tally.inputs_sha256,
        options=tuple(_option(option, sites, _withdrawals(law)) for option in law.document["options"]),
        decisions=tuple(map(_decision, await decisions_of(session, law.ballot_id))),
        polls=tuple(map(_poll, await outside_polls(session, law.ballot_id))),
    )


def _withdrawals(law: Law) -> dict[str, str]:
    return {
        notice.data["proposal"]: notice.data["reason"] for notice in law.notices if notice.kind == "withdrawal"
    }


def _option(option: Mapping[str, Any], sites: Mapping[str, Texts], withdrawn: Mapping[str, str]) -> OptionRecord:
    return OptionRecord(
        proposal=option["proposal"],
        title=option["title"],
        version=option["version"],
        model_sha256=option["model_sha256"],
        places=tuple(SiteCost(p["site"], sites.get(p["site"], {}), p["cost_yen"]) for p in option["placements"]),
        withdrawn=withdrawn.get(option["proposal"]),
    )


def _decision(decision: Decision) -> DecisionRecord:
    return DecisionRecord(
        version=decision.version,
        decided_at=decision.decided_at,
        selected=tuple(decision.selected),
        differs=decision.differs,
        reason=decision.reason,
        conditions=decision.conditions,
        next_steps=decision.next_steps,
        changed_because=decision.changed_because,
    )


def _poll(poll: OutsidePoll) -> PollRecord:
    return PollRecord(poll.title, poll.source, poll.held_on, poll.counts, poll.note)
