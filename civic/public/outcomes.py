"""Read what came of a result: winners in their places, the decision, installations, polls held elsewhere."""

from collections.abc import Sequence
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import pinned_versions
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, steps_of
from civic.kernel.i18n import translate
from civic.programmes.queries import programme_by_number
from civic.proposals.queries import may_be_shown
from civic.public.pages_results import (
    DecisionLine,
    DecisionView,
    InstallationView,
    PollView,
    StepLine,
    WinnerView,
)
from civic.tallies.queries import decisions_of, outside_polls
from civic.tallies.tables import Decision, OutsidePoll
from civic.web import words
from civic.web.pictures import pictures_of_versions
from civic.web.results import Names, Place, places_in_words
from civic.web.times import calendar_day, moment


async def winners_of(
    session: AsyncSession, ballot: Ballot, places: Sequence[Place], lang: str
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


async def decision_view(session: AsyncSession, ballot: Ballot, names: Names, lang: str) -> DecisionView | None:
    """The decision as it stands, and its earlier versions once it was changed."""
    versions = await decisions_of(session, ballot.id or 0)
    if not versions:
        return None
    newest = versions[0]
    return DecisionView(
        at=moment(newest.decided_at, lang),
        places=places_in_words(newest.selected, names, lang),
        reason=newest.reason,
        conditions=newest.conditions,
        next_steps=newest.next_steps,
        differs=newest.differs,
        versions=tuple(_version(decision, names, lang) for decision in versions) if len(versions) > 1 else (),
    )


def _version(decision: Decision, names: Names, lang: str) -> DecisionLine:
    chosen = dict.fromkeys(names.proposal(place["proposal"], lang) for place in decision.selected)
    return DecisionLine(
        version=decision.version,
        at=moment(decision.decided_at, lang),
        titles=tuple(chosen),
        reason=decision.reason,
        because=decision.changed_because,
    )


async def installation_views(
    session: AsyncSession, ballot: Ballot, names: Names, lang: str
) -> tuple[InstallationView, ...]:
    """How far each decided proposal has come."""
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


async def poll_views(session: AsyncSession, ballot: Ballot, names: Names, lang: str) -> tuple[PollView, ...]:
    """Polls held elsewhere; they are shown apart and never added."""
    return tuple(_poll(poll, names, lang) for poll in await outside_polls(session, ballot.id or 0))


def _poll(poll: OutsidePoll, names: Names, lang: str) -> PollView:
    return PollView(
        title=poll.title,
        source=poll.source,
        held_on=calendar_day(date.fromisoformat(poll.held_on), lang),
        counts=tuple(
            (names.proposal(asked, lang), translate(lang, "{n}票", n=f"{number:,}"))
            for asked, number in poll.counts.items()
        ),
        note=poll.note,
    )
