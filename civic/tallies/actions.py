"""Freeze a result, and record what people decided beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.actions import mark_decided
from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.kernel.errors import Conflict, NotFound
from civic.kernel.public_text import public_note, public_reason
from civic.tallies.counting import Counted, drawn_by, report_of
from civic.tallies.draws import (
    MANIFEST,
    Announced,
    in_every_language,
    public_line,
    require_named,
    require_open_tie,
)
from civic.tallies.methods.lots import Beacon
from civic.tallies.queries import decision_of, draw_of, effective_result, outside_polls, stored_tally
from civic.tallies.robustness.types import Study
from civic.tallies.rules import (
    NO_WORDS,
    Correction,
    PollDraft,
    Words,
    check_poll,
    decided_places,
    differs_from,
    require_counted,
)
from civic.tallies.tables import (
    Decision,
    DecisionMemo,
    OutsidePoll,
    OutsidePollRetraction,
    Tally,
    TallyStudy,
    TieDraw,
)


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
    if "beacon" in law.document and report["status"] == "tie_pending":
        beacon = in_every_language(law.document["beacon"])
        session.add(_named(tally, beacon, MANIFEST, law.opens_at))
    return tally


async def name_beacon(session: AsyncSession, actor: str, slug: str, text: str, now: datetime) -> TieDraw:
    """Say in public which value will draw an open tie, before anybody knows it. InvalidInput without words.

    Conflict when no tie is open, or a value is named already: nobody may wait for one that suits them.
    """
    ballot = await ballot_by_slug(session, slug, lock=True)
    tally = await _counted(session, slug)
    require_open_tie(slug, ballot.state, tally.report)
    if await draw_of(session, tally.ballot_id) is not None:
        raise Conflict(
            "beacon_named", "くじのもとにする公開の値は、もう決まっています。あとから変えることはできません。"
        )
    draw = _named(tally, public_line(text), actor, now)
    session.add(draw)
    record(session, actor, "tie.beacon_named", slug, now, beacon=draw.beacon)
    await session.flush()
    return draw


async def draw_lots(
    session: AsyncSession, actor: str, slug: str, announced: Announced, counted: Counted, now: datetime
) -> TieDraw:
    """Draw an open tie by the named value, now that it is known.

    ``counted`` are the votes once more, counted before in a reading session: nobody else waits for that.
    InvalidInput without value or source; Conflict when no tie is open, no value was named before, it is drawn
    already, or the log is no longer the one that was counted.
    """
    ballot = await ballot_by_slug(session, slug, lock=True)
    tally = await _counted(session, slug)
    require_open_tie(slug, ballot.state, tally.report)
    draw = require_named(slug, await draw_of(session, tally.ballot_id))
    draw.value, draw.source = public_line(announced.value), public_line(announced.source)
    law = await law_of(session, ballot)
    _require_same(law, tally, counted)
    drawn = drawn_by(law, counted.count, Beacon(law.sha256, draw.root, draw.value))
    draw.lots, draw.selected, draw.drawn_at, draw.drawn_by = drawn.lots, drawn.selected, now, actor
    record(session, actor, "tie.drawn", slug, now, value=draw.value, source=draw.source, selected=drawn.selected)
    await session.flush()
    return draw


async def decide(
    session: AsyncSession,
    actor: str,
    slug: str,
    proposals: Sequence[str],
    reason: str,
    now: datetime,
    words: Words = NO_WORDS,
) -> Decision:
    """Record the decision on a sealed ballot, with a public reason; the computed result stays beside it.

    Conflict before the count, and when the ballot is decided already: that is for ``correct_decision``.
    """
    await _counted(session, slug)
    first = _Version(1, actor, now, public_reason(reason), because="")
    await mark_decided(session, slug)
    return await _add_decision(session, slug, first, proposals, words)


async def correct_decision(
    session: AsyncSession,
    actor: str,
    slug: str,
    correction: Correction,
    reason: str,
    now: datetime,
    words: Words = NO_WORDS,
) -> Decision:
    """Record a new version of a decision with a reason for the change; every version before stays as it is.

    Conflict when there is nothing to correct, or somebody else corrected it since it was read.
    """
    tally = await _counted(session, slug)
    newest = await decision_of(session, tally.ballot_id)
    if newest is None or newest.version != correction.of_version:
        raise Conflict(
            "decision_changed",
            "この決定は、見ているあいだに変わりました。ページを開き直して、いまの決定を確かめてください。",
        )
    said, because = public_reason(reason), public_reason(correction.because)
    again = _Version(newest.version + 1, actor, now, said, because)
    return await _add_decision(session, slug, again, correction.proposals, words)


async def record_poll(session: AsyncSession, actor: str, slug: str, poll: PollDraft, now: datetime) -> OutsidePoll:
    """Record a poll held elsewhere beside the result of a sealed ballot; it is shown apart and never added.

    Conflict before the count: numbers from outside would be a hint while people vote. InvalidInput without a
    title, a source, a date or a number.
    """
    tally = await _counted(session, slug)
    check_poll(poll, now)
    recorded = OutsidePoll(
        ballot_id=tally.ballot_id,
        title=poll.title,
        source=poll.source,
        held_on=poll.held_on,
        counts=dict(poll.counts),
        note=public_note(poll.note),
        recorded_at=now,
        actor=actor,
    )
    session.add(recorded)
    record(session, actor, "outside_poll.recorded", slug, now, title=poll.title)
    await session.flush()
    return recorded


async def retract_poll(
    session: AsyncSession, actor: str, slug: str, poll_id: int, reason: str, now: datetime
) -> OutsidePollRetraction:
    """Take an outside poll off the pages, with a reason; the entry stays. NotFound for one of another ballot."""
    tally = await _counted(session, slug)
    polls = {poll.id: poll for poll in await outside_polls(session, tally.ballot_id)}
    if poll_id not in polls:
        raise NotFound("outside_poll_unknown", "その記録はありません。ページを開き直して選んでください。")
    retraction = OutsidePollRetraction(
        poll_id=poll_id, reason=public_reason(reason), retracted_at=now, actor=actor
    )
    session.add(retraction)
    title = polls[poll_id].title
    record(session, actor, "outside_poll.retracted", slug, now, title=title, reason=retraction.reason)
    await session.flush()
    return retraction


def _named(tally: Tally, beacon: str, actor: str, at: datetime) -> TieDraw:
    return TieDraw(ballot_id=tally.ballot_id, beacon=beacon, named_at=at, named_by=actor, root=tally.inputs_sha256)


def _require_same(law: Law, tally: Tally, counted: Counted) -> None:
    """Conflict unless these are the votes that the result was made of."""
    if counted.inputs_sha256 != tally.inputs_sha256:
        raise Conflict(
            "log_changed",
            "投票「{ballot}」の記録が、集計したときと違います。civic recount で確かめてください。",
            ballot=law.slug,
        )


async def _counted(session: AsyncSession, slug: str) -> Tally:
    """The frozen result of a ballot, which is locked. Conflict while there is none."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    return require_counted(slug, await stored_tally(session, ballot.id or 0))


@dataclass(frozen=True)
class _Version:
    """Which version of a decision is being recorded, by whom, when and why; ``because`` is why it changed."""

    number: int
    actor: str
    at: datetime
    reason: str
    because: str


async def _add_decision(
    session: AsyncSession, slug: str, version: _Version, proposals: Sequence[str], words: Words
) -> Decision:
    """Keep a version; what the office notes for itself goes into a table of its own."""
    law = await law_of(session, await ballot_by_slug(session, slug))
    result = await effective_result(session, law.ballot_id)
    selected = decided_places(law, result, proposals)
    decision = Decision(
        ballot_id=law.ballot_id,
        decided_at=version.at,
        actor=version.actor,
        selected=selected,
        reason=version.reason,
        differs=differs_from(result, selected),
        version=version.number,
        conditions=public_note(words.conditions),
        next_steps=public_note(words.next_steps),
        changed_because=version.because,
    )
    session.add(decision)
    await session.flush()
    if memo := public_note(words.memo):
        session.add(DecisionMemo(decision_id=decision.id or 0, text=memo))
    _record_decision(session, slug, decision)
    await session.flush()
    return decision


def _record_decision(session: AsyncSession, slug: str, decision: Decision) -> None:
    told: dict[str, Any] = {"selected": decision.selected, "differs": decision.differs}
    if decision.version > 1:
        told |= {"version": decision.version, "reason": decision.changed_because}
    record(session, decision.actor, "ballot.decided", slug, decision.decided_at, **told)


async def keep_study(session: AsyncSession, ballot_id: int, study: Study, now: datetime) -> None:
    """Keep how robust a result is, in the place of an older study; the result itself stands without it."""
    report = msgspec.to_builtins(study)
    await session.merge(TallyStudy(ballot_id=ballot_id, version=study.version, computed_at=now, report=report))
    await session.flush()
