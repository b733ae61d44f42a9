"""Freeze a result, and record what people decided beside it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.actions import mark_decided
from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.kernel.errors import Conflict, InvalidInput
from civic.kernel.public_text import public_reason
from civic.tallies.counting import Counted, report_of
from civic.tallies.queries import stored_tally
from civic.tallies.tables import Decision, Tally


async def freeze_tally(session: AsyncSession, actor: str, law: Law, counted: Counted, now: datetime) -> Tally:
    """Keep the result of a sealed ballot; a result that is there already stands. Conflict before the seal.

    Counting is done before, in a reading session: what is sealed no longer changes, and a long count must not
    keep anybody from voting on another ballot.
    """
    ballot = await ballot_by_slug(session, law.slug, lock=True)
    if ballot.state not in COUNTING_STATES:
        raise Conflict(
            "ballot_not_sealed",
            "投票「{ballot}」はまだ確定していません。確定してから集計します。",
            ballot=law.slug,
        )
    found = await stored_tally(session, law.ballot_id)
    if found is not None:
        return found
    report = report_of(law, counted.count)
    tally = Tally(ballot_id=law.ballot_id, computed_at=now, report=report, inputs_sha256=counted.inputs_sha256)
    session.add(tally)
    record(session, actor, "tally.frozen", law.slug, now, inputs_sha256=counted.inputs_sha256)
    return tally


async def decide(
    session: AsyncSession, actor: str, slug: str, proposals: Sequence[str], reason: str, now: datetime
) -> Decision:
    """Record the decision on a sealed ballot, once, with a public reason; the computed result stays beside it."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    law = await law_of(session, ballot)
    tally = await stored_tally(session, law.ballot_id)
    if tally is None:
        raise Conflict(
            "tally_missing", "投票「{ballot}」の集計がまだありません。確定するまで待ってください。", ballot=slug
        )
    said = public_reason(reason)
    if not proposals:
        raise InvalidInput("nothing_chosen", "決めた案を選んでください。決定は、あとから取り消せません。")
    selected = [place for proposal in dict.fromkeys(proposals) for place in _places(law, tally, proposal)]
    await mark_decided(session, slug)
    computed = {(place["proposal"], place["site"]) for place in tally.report["selected"]}
    decision = Decision(
        ballot_id=law.ballot_id,
        decided_at=now,
        actor=actor,
        selected=selected,
        reason=said,
        differs=computed != {(place["proposal"], place["site"]) for place in selected},
    )
    session.add(decision)
    record(session, actor, "ballot.decided", slug, now, selected=selected, differs=decision.differs)
    await session.flush()
    return decision


def _places(law: Law, tally: Tally, proposal: str) -> list[dict[str, Any]]:
    """Where a decided proposal will stand: where it won, else on its cheapest site."""
    won: list[dict[str, Any]] = [p for p in tally.report["selected"] if p["proposal"] == proposal]
    options = [option for option in law.document["options"] if option["proposal"] == proposal]
    if not options or proposal in law.withdrawn:
        raise InvalidInput(
            "option_unknown",
            "「{proposal}」はこの投票の候補にありません。候補の名前を確かめてください。",
            proposal=proposal,
        )
    if won:
        return won
    cheapest = min(options[0]["placements"], key=lambda place: (place["cost_yen"], place["site"]))
    return [{"proposal": proposal, "site": cheapest["site"], "cost_yen": cheapest["cost_yen"]}]
