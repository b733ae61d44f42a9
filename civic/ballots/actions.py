"""Everything that can happen to a ballot. Each action: check, write, audit; the caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug, ballots_of, law_of, options_of
from civic.ballots.rules import closing_notice, decimal, manifest, require_open, require_step
from civic.ballots.tables import Ballot, BallotNotice, BallotOption
from civic.kernel.canonical import canonical_json, sha256_hex
from civic.kernel.clock import iso
from civic.kernel.errors import Conflict, InvalidInput
from civic.kernel.public_text import public_reason
from civic.kernel.security import BallotKeys
from civic.programmes.tables import Programme
from civic.proposals.queries import latest_version, placements_of
from civic.proposals.tables import Proposal, ProposalVersion

FROZEN_STATES = frozenset({"open", "closed", "sealed", "decided", "cancelled"})


@dataclass(frozen=True)
class PlannedBallot:
    """A ballot as it shall be: its columns, the numbers of its proposals in order, and the plan in plain JSON.

    The plan is what is compared once the ballot has opened: it is what somebody wrote, whatever time the ballot
    was really opened or closed at.
    """

    slug: str
    fields: Mapping[str, Any]
    proposals: Sequence[int]
    plan: Mapping[str, Any]


async def save_ballot(session: AsyncSession, programme_id: int, planned: PlannedBallot) -> Ballot:
    """Bring a ballot to this plan before it opens. Conflict when an opened ballot would change."""
    mine = select(Ballot).where(col(Ballot.slug) == planned.slug).with_for_update(key_share=True)
    ballot = (await session.exec(mine)).one_or_none()
    if ballot is not None and ballot.programme_id != programme_id:
        raise Conflict(
            "ballot_slug_taken",
            "投票の名前「{ballot}」は、ほかの事業で使われています。別の名前にしてください。",
            ballot=planned.slug,
        )
    if ballot is not None and ballot.state in FROZEN_STATES:
        if ballot.plan != planned.plan:
            raise _frozen(ballot.slug)
        return ballot
    fields: dict[str, Any] = {**planned.fields, "plan": dict(planned.plan)}
    if ballot is None:
        ballot = Ballot(programme_id=programme_id, slug=planned.slug, **fields)
        session.add(ballot)
    for name, value in fields.items():
        setattr(ballot, name, value)
    await session.flush()
    await session.exec(delete(BallotOption).where(col(BallotOption.ballot_id) == ballot.id))
    for position, proposal_id in enumerate(planned.proposals):
        session.add(BallotOption(ballot_id=ballot.id or 0, position=position, proposal_id=proposal_id))
    await session.flush()
    return ballot


async def remove_unopened(session: AsyncSession, programme_id: int, kept: Sequence[str]) -> None:
    """Remove the ballots of a programme that are not kept. Conflict when one of them has opened."""
    for found in await ballots_of(session, programme_id):
        if found.slug in kept:
            continue
        ballot = await ballot_by_slug(session, found.slug, lock=True)
        if ballot.state in FROZEN_STATES:
            raise _frozen(ballot.slug)
        await session.exec(delete(BallotOption).where(col(BallotOption.ballot_id) == ballot.id))
        await session.delete(ballot)
    await session.flush()


async def open_ballot(
    session: AsyncSession, actor: str, slug: str, now: datetime, keys: BallotKeys, *, at_once: bool
) -> Ballot:
    """Open: make the key, pin the versions, freeze the manifest. ``at_once`` moves opens_at to now first."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_step(slug, ballot.state, "open")
    if at_once:
        ballot.opens_at = now
    if ballot.closes_at <= now:
        raise Conflict(
            "ballot_window_over",
            "投票「{ballot}」の終わりの時刻が過ぎています。closes_at を先の時刻にして、読み込み直してください。",
            ballot=slug,
        )
    keys.create(slug)
    ballot.manifest = canonical_json(await _manifest_of(session, ballot))
    ballot.manifest_sha256 = sha256_hex(ballot.manifest)
    ballot.state = "open"
    record(session, actor, "ballot.opened", slug, now, manifest_sha256=ballot.manifest_sha256)
    return ballot


async def close_ballot(session: AsyncSession, actor: str, slug: str, now: datetime, *, at_once: bool) -> Ballot:
    """Close. ``at_once`` moves closes_at to now as a public notice; otherwise its own time has come."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_step(slug, ballot.state, "closed")
    if at_once and now < ballot.closes_at:
        ballot.closes_at = _to_millisecond(now)
        await _give_notice(session, ballot, "closing", now, closing_notice(ballot.closes_at))
    ballot.state = "closed"
    record(session, actor, "ballot.closed", slug, now, closes_at=iso(ballot.closes_at))
    return ballot


async def extend_ballot(
    session: AsyncSession, actor: str, slug: str, now: datetime, closes_at: datetime, reason: str
) -> Ballot:
    """Give people more time: only while open, only to a later time, with a public reason."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_open(slug, ballot.state)
    if closes_at <= ballot.closes_at or now >= ballot.closes_at:
        raise InvalidInput(
            "extension_not_later",
            "延長は、今の締め切りより前に、今の締め切りより後の時刻を選んでください。",
        )
    ballot.closes_at = closes_at
    data = {**closing_notice(closes_at), "reason": public_reason(reason)}
    await _give_notice(session, ballot, "extension", now, data)
    record(session, actor, "ballot.extended", slug, now, **data)
    return ballot


async def withdraw_option(
    session: AsyncSession, actor: str, slug: str, now: datetime, proposal: str, reason: str
) -> None:
    """Take an option off an open ballot, with a public reason. Its approvals stay in the log, uncounted."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_open(slug, ballot.state)
    law = await law_of(session, ballot)
    if proposal not in law.options or proposal in law.withdrawn:
        raise InvalidInput(
            "option_unknown",
            "「{proposal}」はこの投票の候補にありません。候補の名前を確かめてください。",
            proposal=proposal,
        )
    data = {"proposal": proposal, "reason": public_reason(reason)}
    await _give_notice(session, ballot, "withdrawal", now, data)
    record(session, actor, "ballot.option_withdrawn", slug, now, **data)


async def correct_text(
    session: AsyncSession, actor: str, slug: str, now: datetime, wrong: str, right: str, reason: str
) -> None:
    """Announce a correction of a text; the frozen text itself stays as it was voted on."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_open(slug, ballot.state)
    data = {"wrong": wrong, "right": right, "reason": public_reason(reason)}
    await _give_notice(session, ballot, "correction", now, data)
    record(session, actor, "ballot.corrected", slug, now, **data)


async def cancel_ballot(session: AsyncSession, actor: str, slug: str, now: datetime, reason: str) -> None:
    """Call a ballot off before it is sealed; nothing is ever counted of it."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_step(slug, ballot.state, "cancelled")
    data = {"reason": public_reason(reason)}
    if ballot.manifest is not None:
        await _give_notice(session, ballot, "cancellation", now, data)
    ballot.state = "cancelled"
    record(session, actor, "ballot.cancelled", slug, now, **data)


async def seal_ballot(session: AsyncSession, actor: str, slug: str, now: datetime) -> bool:
    """Seal a closed ballot once its grace is over; False while it is not. The caller keeps appends out."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_step(slug, ballot.state, "sealed")
    if now < sealed_from(ballot):
        return False
    ballot.state = "sealed"
    record(session, actor, "ballot.sealed", slug, now)
    return True


def sealed_from(ballot: Ballot) -> datetime:
    """The first instant at which a closed ballot may be sealed: its end and the grace are over."""
    return ballot.closes_at + timedelta(seconds=ballot.late_grace_s)


async def mark_decided(session: AsyncSession, slug: str) -> Ballot:
    """Set the state after a decision; Conflict unless sealed."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    require_step(slug, ballot.state, "decided")
    ballot.state = "decided"
    return ballot


def _frozen(slug: str) -> Conflict:
    return Conflict(
        "ballot_frozen",
        "投票「{ballot}」はもう始まっているので、変えられません。元のままにするか、新しい投票を作ってください。",
        ballot=slug,
    )


async def _manifest_of(session: AsyncSession, ballot: Ballot) -> dict[str, Any]:
    assert ballot.id is not None
    programme = await session.get_one(Programme, ballot.programme_id)
    options = []
    for option, proposal in await options_of(session, ballot.id):
        version = await latest_version(session, proposal.id)
        option.version_id = version.id
        options.append(await _option_document(session, proposal, version))
    head = {
        "ballot": ballot.slug,
        "programme": programme.slug,
        "title": ballot.title,
        "method": ballot.method,
        "method_options": ballot.method_options,
        "budget_yen": ballot.budget_yen,
        "max_approvals": ballot.max_approvals,
        "audience": ballot.audience,
        "opens_at": iso(ballot.opens_at),
        "closes_at": iso(ballot.closes_at),
        "late_grace_s": ballot.late_grace_s,
        "languages": ballot.languages,
    }
    if ballot.beacon is not None:
        head["beacon"] = ballot.beacon
    return manifest(head, options)


async def _option_document(session: AsyncSession, proposal: Proposal, version: ProposalVersion) -> dict[str, Any]:
    if not version.content["consent"].get("publish"):
        raise Conflict(
            "consent_missing",
            "提案「{proposal}」には公開の同意がないため、投票に載せられません。同意を記録してください。",
            proposal=proposal.slug,
        )
    places = [
        {
            "site": site.slug,
            "lon": decimal(placement.lon, 7),
            "lat": decimal(placement.lat, 7),
            "heading_deg": decimal(placement.heading_deg, 2),
            "base_m": decimal(placement.base_m, 3),
            "scale": decimal(placement.scale, 4),
            "cost_yen": placement.cost_yen,
        }
        for placement, site in await placements_of(session, version.id)
    ]
    return {
        "proposal": proposal.slug,
        "version": version.number,
        "title": version.content["title"],
        "model_sha256": version.model,
        "placements": places,
    }


async def _give_notice(
    session: AsyncSession, ballot: Ballot, kind: str, now: datetime, data: dict[str, Any]
) -> None:
    last = select(func.count()).where(col(BallotNotice.ballot_id) == ballot.id)
    seq = (await session.exec(last)).one() + 1
    session.add(BallotNotice(ballot_id=ballot.id or 0, seq=seq, kind=kind, at=now, data=data))


def _to_millisecond(instant: datetime) -> datetime:
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
