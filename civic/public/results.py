"""Read what the page of a result shows. Counts come from ``published_tally`` alone."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, law_of, pinned_versions, published_ballot
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, steps_of
from civic.kernel.i18n import localized
from civic.programmes.queries import programme_by_number, sites_of
from civic.proposals.queries import may_be_shown
from civic.public.pages import Named
from civic.public.pages_ballots import (
    DecisionView,
    InstallationView,
    ResultsPage,
    StepLine,
    WinnerView,
    WithdrawnLine,
)
from civic.public.programmes import state_for_residents
from civic.tallies.queries import decision_of, published_tally
from civic.tallies.tables import Tally
from civic.votes.queries import terms_of, turnout
from civic.web import words
from civic.web.pictures import pictures_of_versions
from civic.web.results import Names, Place, places_in_words, result_in_words
from civic.web.times import deadline, moment


async def results_page(session: AsyncSession, slug: str, now: datetime, lang: str) -> ResultsPage:
    """The results of a published ballot, without any number until it is sealed."""
    ballot = await published_ballot(session, slug)
    tally = await published_tally(session, slug)
    if tally is None:
        return _without_result(ballot, now, lang)
    return await _with_result(session, ballot, tally, lang)


def _without_result(ballot: Ballot, now: datetime, lang: str) -> ResultsPage:
    return ResultsPage(
        ballot=_named(ballot, lang),
        state=state_for_residents(ballot, now),
        closes=deadline(ballot.closes_at, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        result=None,
        turnout=0,
        winners=(),
        withdrawn=(),
        computed="",
        inputs_sha256="",
        manifest_sha256=ballot.manifest_sha256 or "",
        decision=None,
        installations=(),
    )


async def _with_result(session: AsyncSession, ballot: Ballot, tally: Tally, lang: str) -> ResultsPage:
    law = await law_of(session, ballot)
    names = await names_of(session, ballot, law)
    result = result_in_words(tally.report, names, lang)
    decision = await _decision(session, ballot, names, lang)
    return ResultsPage(
        ballot=_named(ballot, lang),
        state=ballot.state,
        closes=deadline(law.closes_at, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        result=result,
        turnout=await turnout(session, law.ballot_id, terms_of(law)),
        winners=await _winners(session, ballot, decision.places if decision else result.selected, lang),
        withdrawn=withdrawn_lines(law, names, lang),
        computed=moment(tally.computed_at, lang),
        inputs_sha256=tally.inputs_sha256,
        manifest_sha256=law.sha256,
        decision=decision,
        installations=await _installations(session, ballot, names, lang),
    )


async def names_of(session: AsyncSession, ballot: Ballot, law: Law) -> Names:
    """What the options (as frozen) and the sites of a ballot are called."""
    titles = {option["proposal"]: option["title"] for option in law.document["options"]}
    sites = {site.slug: site.title for site in await sites_of(session, ballot.programme_id)}
    return Names(titles, sites)


def withdrawn_lines(law: Law, names: Names, lang: str) -> tuple[WithdrawnLine, ...]:
    """The options taken off a ballot, by title, with the reason given."""
    return tuple(
        WithdrawnLine(names.proposal(notice.data["proposal"], lang), notice.data["reason"])
        for notice in law.notices
        if notice.kind == "withdrawal"
    )


def _named(ballot: Ballot, lang: str) -> Named:
    return Named(localized(ballot.title, lang), f"/b/{ballot.slug}")


async def _winners(
    session: AsyncSession, ballot: Ballot, places: tuple[Place, ...], lang: str
) -> tuple[WinnerView, ...]:
    """The chosen places with the first picture of each proposal, as it was voted on."""
    programme = await programme_by_number(session, ballot.programme_id)
    voted_on = await pinned_versions(session, ballot.id or 0)
    shown = {proposal.slug: version for proposal, version in voted_on if may_be_shown(version)}
    pictures = await pictures_of_versions(session, shown.values(), lang)
    by_slug = {slug: pictures.get(version.id or 0, ()) for slug, version in shown.items()}
    return tuple(
        WinnerView(
            place=place,
            path=f"/p/{programme.slug}/{place.proposal}" if place.proposal in shown else "",
            picture=next(iter(by_slug.get(place.proposal, ())), None),
        )
        for place in places
    )


async def _decision(session: AsyncSession, ballot: Ballot, names: Names, lang: str) -> DecisionView | None:
    decision = await decision_of(session, ballot.id or 0)
    if decision is None:
        return None
    return DecisionView(
        at=moment(decision.decided_at, lang),
        places=places_in_words(decision.selected, names, lang),
        reason=decision.reason,
        differs=decision.differs,
    )


async def _installations(
    session: AsyncSession, ballot: Ballot, names: Names, lang: str
) -> tuple[InstallationView, ...]:
    return tuple(
        [
            InstallationView(
                title=names.proposal(installation.proposal, lang),
                site=names.site(installation.site, lang),
                status=words.installation_status(installation.status, lang),
                steps=tuple(
                    StepLine(moment(step.at, lang), words.installation_status(step.status, lang), step.note)
                    for step in await steps_of(session, installation.id or 0)
                ),
            )
            for installation in await installations_of(session, ballot.id or 0)
        ]
    )
