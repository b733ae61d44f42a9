"""Ballots and published results as JSON."""

from collections.abc import Sequence

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.api.v1.models_ballots import (
    BallotOut,
    DecisionOut,
    InstallationOut,
    Manifest,
    NoticeOut,
    ResultsOut,
    StepOut,
)
from civic.api.v1.parameters import NAMED, BallotSlug
from civic.ballots.queries import Law, law_of, options_of, published_ballot, shown_proposals
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, steps_of
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.programmes.queries import programme_by_number
from civic.tallies.queries import decision_of, effective_result, published_tally
from civic.tallies.tables import Tally
from civic.votes.queries import terms_of, turnout

RESULTS = {
    **NAMED,
    404: {**NAMED[404], "description": "No such ballot, or `results_not_published` before sealing"},
}


def router(context: Context) -> APIRouter:
    """The operations on ballots."""
    routes = APIRouter(tags=["ballots"])

    @routes.get("/ballots/{ballot}", responses=NAMED)
    async def get_ballot(ballot: BallotSlug) -> BallotOut:
        """A ballot: its frozen manifest with hash, its notices, its state, and how many people took part."""
        async with context.database.reading() as session:
            return await _ballot(session, await published_ballot(session, ballot))

    @routes.get("/ballots/{ballot}/results", responses=RESULTS)
    async def get_results(ballot: BallotSlug) -> ResultsOut:
        """The result of a sealed ballot with the decision beside it. Nobody sees any of it before."""
        async with context.database.reading() as session:
            found = await published_ballot(session, ballot)
            tally = await published_tally(session, ballot)
            if tally is None:
                raise NotFound(
                    "results_not_published",
                    "投票「{ballot}」の結果は、締め切りのあとに確定してから公開します。"
                    "そのあとで、もう一度ためしてください。",
                    ballot=ballot,
                )
            return await _results(session, found, tally)

    return routes


async def _ballot(session: AsyncSession, ballot: Ballot) -> BallotOut:
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    programme = await programme_by_number(session, ballot.programme_id)
    return BallotOut(
        slug=ballot.slug,
        programme=programme.slug,
        title=ballot.title,
        state=ballot.state,
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        late_grace_s=ballot.late_grace_s,
        method=ballot.method,
        budget_yen=ballot.budget_yen,
        max_approvals=ballot.max_approvals,
        options=law.options if law else await _planned_options(session, ballot),
        manifest=Manifest.model_validate(law.document) if law else None,
        manifest_sha256=law.sha256 if law else None,
        notices=_notices(law) if law else [],
        turnout=await turnout(session, law.ballot_id, terms_of(law)) if law else None,
    )


async def _planned_options(session: AsyncSession, ballot: Ballot) -> list[str]:
    shown = {proposal.slug for proposal, _ in await shown_proposals(session, ballot.programme_id)}
    return [p.slug for _, p in await options_of(session, ballot.id or 0) if p.slug in shown]


def _notices(law: Law) -> list[NoticeOut]:
    return [NoticeOut.model_validate({**n.data, "kind": n.kind, "at": n.at}) for n in law.notices]


async def _results(session: AsyncSession, ballot: Ballot, tally: Tally) -> ResultsOut:
    decision = await decision_of(session, ballot.id or 0)
    return ResultsOut.model_validate(
        {
            **await effective_result(session, tally.ballot_id),
            "computed_at": tally.computed_at,
            "manifest_sha256": ballot.manifest_sha256,
            "inputs_sha256": tally.inputs_sha256,
            "decision": DecisionOut.model_validate(decision, from_attributes=True) if decision else None,
            "installations": await _installations(session, ballot),
        }
    )


async def _installations(session: AsyncSession, ballot: Ballot) -> Sequence[InstallationOut]:
    return [
        InstallationOut.model_validate(
            {
                "proposal": installation.proposal,
                "site": installation.site,
                "status": installation.status,
                "steps": [
                    StepOut.model_validate(step, from_attributes=True)
                    for step in await steps_of(session, installation.id or 0)
                ],
            }
        )
        for installation in await installations_of(session, ballot.id or 0)
    ]
