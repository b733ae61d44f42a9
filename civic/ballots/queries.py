"""Reads of ballots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import orjson
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.rules import Notice, closing_time, withdrawals
from civic.ballots.tables import Ballot, BallotNotice, BallotOption
from civic.kernel.db.fixed import Fixed, fetch_fixed
from civic.kernel.errors import Conflict, NotFound
from civic.proposals.queries import may_be_shown, newest_versions
from civic.proposals.tables import Placement, Proposal, ProposalVersion

UNPUBLISHED = "draft"

_STANDING_OF = (
    "select state, manifest_sha256, (select count(*) from ballot_notice where ballot_id = ballot.id) "
    "from ballot where slug ="
)
_STANDING = Fixed(sqlite=f"{_STANDING_OF} ?", postgresql=f"{_STANDING_OF} %s")


@dataclass(frozen=True)
class Law:
    """An opened ballot as its manifest and notices say: what counts, until when, for which options."""

    ballot_id: int
    slug: str
    state: str
    sha256: str
    document: dict[str, Any]
    notices: tuple[Notice, ...]

    @cached_property
    def opens_at(self) -> datetime:
        """The first instant that counts."""
        return datetime.fromisoformat(self.document["opens_at"])

    @cached_property
    def closes_at(self) -> datetime:
        """The first instant that no longer counts."""
        return closing_time(datetime.fromisoformat(self.document["closes_at"]), self.notices)

    @cached_property
    def sealed_from(self) -> datetime:
        """When what arrives no longer counts, whatever its event time."""
        return self.closes_at + timedelta(seconds=self.document["late_grace_s"])

    @cached_property
    def withdrawn(self) -> dict[str, datetime]:
        """Options taken off the ballot."""
        return withdrawals(self.notices)

    @property
    def options(self) -> list[str]:
        """The proposals on the ballot, in its order."""
        return [option["proposal"] for option in self.document["options"]]


async def ballot_by_slug(session: AsyncSession, slug: str, *, lock: bool = False) -> Ballot:
    """A ballot; NotFound without one.

    ``lock`` holds the row until the transaction ends, against other writers of the ballot but not against votes:
    FOR NO KEY UPDATE lets rows that refer to it be appended.
    """
    statement = select(Ballot).where(col(Ballot.slug) == slug)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await session.exec(statement)).one_or_none()
    if found is None:
        raise _unknown(slug)
    return found


async def all_ballots(session: AsyncSession) -> Sequence[Ballot]:
    """Every ballot, the latest opening first."""
    return (await session.exec(select(Ballot).order_by(col(Ballot.opens_at).desc(), col(Ballot.id)))).all()


async def ballots_in_state(session: AsyncSession, *states: str) -> Sequence[Ballot]:
    """The ballots in some states, the latest opening first."""
    wanted = select(Ballot).where(col(Ballot.state).in_(states))
    return (await session.exec(wanted.order_by(col(Ballot.opens_at).desc(), col(Ballot.id)))).all()


async def ballots_of(session: AsyncSession, programme_id: int) -> Sequence[Ballot]:
    """The ballots of a programme in the order of its file."""
    mine = select(Ballot).where(col(Ballot.programme_id) == programme_id)
    return (await session.exec(mine.order_by(col(Ballot.position)))).all()


async def ballots_live_on(session: AsyncSession, site_id: int) -> set[str]:
    """The ballots that are open or being counted and have an option at a site."""
    statement = (
        select(Ballot.slug)
        .join(BallotOption)
        .join(Placement, col(Placement.version_id) == col(BallotOption.version_id))
        .where(col(Placement.site_id) == site_id, col(Ballot.state).in_(["open", "closed"]))
    )
    return set((await session.exec(statement)).all())


async def options_of(session: AsyncSession, ballot_id: int) -> Sequence[tuple[BallotOption, Proposal]]:
    """The options of a ballot in its order, with their proposals."""
    statement = select(BallotOption, Proposal).join(Proposal).where(col(BallotOption.ballot_id) == ballot_id)
    return (await session.exec(statement.order_by(col(BallotOption.position)))).all()


async def pinned_versions(session: AsyncSession, ballot_id: int) -> Sequence[tuple[Proposal, ProposalVersion]]:
    """The options of an opened ballot in its order, each in the version that was frozen."""
    statement = (
        select(Proposal, ProposalVersion)
        .join(BallotOption, col(BallotOption.proposal_id) == col(Proposal.id))
        .join(ProposalVersion, col(BallotOption.version_id) == col(ProposalVersion.id))
        .where(col(BallotOption.ballot_id) == ballot_id)
    )
    return (await session.exec(statement.order_by(col(BallotOption.position)))).all()


async def notices_of(session: AsyncSession, ballot_id: int) -> tuple[Notice, ...]:
    """The public notices of a ballot, oldest first."""
    mine = select(BallotNotice).where(col(BallotNotice.ballot_id) == ballot_id)
    rows = (await session.exec(mine.order_by(col(BallotNotice.seq)))).all()
    return tuple(Notice(kind=row.kind, at=row.at, data=row.data) for row in rows)


async def law_of(session: AsyncSession, ballot: Ballot) -> Law:
    """The law of an opened ballot. Conflict before it opens."""
    if ballot.manifest is None or ballot.manifest_sha256 is None or ballot.id is None:
        raise Conflict(
            "ballot_not_opened",
            "投票「{ballot}」はまだ始まっていません。始まってから、もう一度ためしてください。",
            ballot=ballot.slug,
        )
    return Law(
        ballot_id=ballot.id,
        slug=ballot.slug,
        state=ballot.state,
        sha256=ballot.manifest_sha256,
        document=orjson.loads(ballot.manifest),
        notices=await notices_of(session, ballot.id),
    )


@dataclass(frozen=True)
class Standing:
    """What tells whether a law is still the same: all that may change about an opened ballot."""

    state: str
    sha256: str | None
    notices: int


async def standing_of(session: AsyncSession, slug: str) -> Standing | None:
    """The standing of a ballot, at a fraction of what reading its law costs; None without such a ballot."""
    found = await fetch_fixed(session, _STANDING, slug)
    return Standing(*found[0]) if found else None


async def ballot_by_number(session: AsyncSession, number: int) -> Ballot:
    """The ballot that a row of the vote log belongs to."""
    return await session.get_one(Ballot, number)


async def published_ballot(session: AsyncSession, slug: str) -> Ballot:
    """A ballot that everybody may see; NotFound for a draft as for a name that does not exist."""
    ballot = await ballot_by_slug(session, slug)
    if ballot.state == UNPUBLISHED:
        raise _unknown(slug)
    return ballot


async def published_ballots_of(session: AsyncSession, programme_id: int) -> Sequence[Ballot]:
    """The ballots of a programme that everybody may see, in the order of its file."""
    return [ballot for ballot in await ballots_of(session, programme_id) if ballot.state != UNPUBLISHED]


async def published_ballots_with(session: AsyncSession, proposal_id: int | None) -> Sequence[Ballot]:
    """The ballots that a proposal stands on and that everybody may see."""
    statement = select(Ballot).join(BallotOption).where(col(BallotOption.proposal_id) == proposal_id)
    shown = statement.where(col(Ballot.state) != UNPUBLISHED)
    return (await session.exec(shown.order_by(col(Ballot.opens_at), col(Ballot.id)))).all()


async def shown_proposals(session: AsyncSession, programme_id: int) -> Sequence[tuple[Proposal, ProposalVersion]]:
    """The proposals that everybody may see: in the version that is being voted on, else in the newest."""
    voted_on = await _versions_voted_on(session, programme_id)
    shown = [
        (proposal, voted_on.get(proposal.id, newest))
        for proposal, newest in await newest_versions(session, programme_id)
    ]
    return [(proposal, version) for proposal, version in shown if may_be_shown(version)]


async def shown_proposal(session: AsyncSession, programme_id: int, slug: str) -> tuple[Proposal, ProposalVersion]:
    """One of the proposals that everybody may see; NotFound for every other name."""
    for proposal, version in await shown_proposals(session, programme_id):
        if proposal.slug == slug:
            return proposal, version
    raise NotFound(
        "proposal_unknown", "「{proposal}」という提案はありません。名前を確かめてください。", proposal=slug
    )


async def _versions_voted_on(session: AsyncSession, programme_id: int) -> dict[int | None, ProposalVersion]:
    statement = (
        select(ProposalVersion)
        .join(BallotOption, col(BallotOption.version_id) == col(ProposalVersion.id))
        .join(Ballot, col(Ballot.id) == col(BallotOption.ballot_id))
        .where(col(Ballot.programme_id) == programme_id, col(Ballot.state).in_(("open", "closed")))
    )
    return {version.proposal_id: version for version in await session.exec(statement)}


def _unknown(slug: str) -> NotFound:
    return NotFound("ballot_unknown", "「{ballot}」という投票はありません。名前を確かめてください。", ballot=slug)
