"""Read what the first page shows."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_in_state, pinned_versions
from civic.ballots.tables import Ballot
from civic.kernel.i18n import localized
from civic.programmes.queries import all_programmes, programme_by_number, stages_of
from civic.programmes.tables import Programme
from civic.proposals.queries import may_be_shown
from civic.proposals.tables import ProposalVersion
from civic.public.pages import FinishedBallot, HomePage, Named, OpenBallot, ProgrammeLine
from civic.public.programmes import ballot_line, named_programme, proposal_cards, stage_line
from civic.tallies.queries import decision_of, effective_result, published_tally
from civic.web.pictures import PictureView, pictures_of_versions

_COLLAGE = 4


async def home_page(session: AsyncSession, now: datetime, lang: str) -> HomePage:
    """Everything there is, what can be voted on first."""
    finished = await ballots_in_state(session, "closed", "sealed", "decided", "cancelled")
    coming = [ballot for ballot in await ballots_in_state(session, "scheduled") if now < ballot.closes_at]
    return HomePage(
        open_ballots=tuple([await _open(session, b, now, lang) for b in await ballots_in_state(session, "open")]),
        coming=tuple([await ballot_line(session, ballot, now, lang) for ballot in reversed(coming)]),
        finished=tuple([await _finished(session, ballot, now, lang) for ballot in finished]),
        programmes=tuple([await _programme(session, p, now, lang) for p in await all_programmes(session)]),
    )


async def _open(session: AsyncSession, ballot: Ballot, now: datetime, lang: str) -> OpenBallot:
    options = await pinned_versions(session, ballot.id or 0)
    return OpenBallot(
        line=await ballot_line(session, ballot, now, lang),
        programme=await _named_programme_of(session, ballot, lang),
        options=len(options),
        max_approvals=ballot.max_approvals,
        pictures=(await _first_pictures(session, [version for _, version in options], lang))[:_COLLAGE],
    )


async def _finished(session: AsyncSession, ballot: Ballot, now: datetime, lang: str) -> FinishedBallot:
    chosen = await chosen_versions(session, ballot)
    pictures = await _first_pictures(session, chosen, lang)
    return FinishedBallot(
        line=await ballot_line(session, ballot, now, lang),
        programme=await _named_programme_of(session, ballot, lang),
        chosen=tuple(localized(version.content["title"], lang) for version in chosen),
        picture=pictures[0] if pictures else None,
    )


async def chosen_versions(session: AsyncSession, ballot: Ballot) -> Sequence[ProposalVersion]:
    """What was decided on, else what the published result selects, as it was voted on; nothing before that."""
    tally = await published_tally(session, ballot.slug)
    if tally is None:
        return ()
    decision = await decision_of(session, ballot.id or 0)
    result = await effective_result(session, tally.ballot_id)
    places = decision.selected if decision else result["selected"]
    voted_on = {proposal.slug: version for proposal, version in await pinned_versions(session, ballot.id or 0)}
    return [voted_on[slug] for slug in dict.fromkeys(place["proposal"] for place in places)]


async def _first_pictures(
    session: AsyncSession, versions: Sequence[ProposalVersion], lang: str
) -> tuple[PictureView, ...]:
    shown = [version for version in versions if may_be_shown(version)]
    pictures = await pictures_of_versions(session, shown, lang)
    return tuple(pictures[version.id or 0][0] for version in shown if version.id in pictures)


async def _programme(session: AsyncSession, programme: Programme, now: datetime, lang: str) -> ProgrammeLine:
    named = named_programme(programme, lang)
    stages = [stage_line(stage, now, lang) for stage in await stages_of(session, programme.id or 0)]
    cards = await proposal_cards(session, programme, lang)
    return ProgrammeLine(
        title=named.title,
        path=named.path,
        stage=next((stage.kind for stage in stages if stage.phase == "present"), ""),
        picture=next((card.picture for card in cards.values() if card.picture), None),
    )


async def _named_programme_of(session: AsyncSession, ballot: Ballot, lang: str) -> Named:
    return named_programme(await programme_by_number(session, ballot.programme_id), lang)
