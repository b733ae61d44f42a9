"""Read what the staff pages show."""

from collections.abc import Mapping

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.pages import (
    AdminBallot,
    AdminHome,
    AsideRow,
    AuditPage,
    AuditRow,
    BallotRow,
    Decided,
    InstallationRow,
    Option,
    QuarantinePage,
    Trouble,
)
from civic.admin.quarantine import AsideEvent, Quarantine
from civic.audit.queries import latest_entries
from civic.ballots.queries import Law, all_ballots, ballot_by_slug, law_of
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of
from civic.installations.tables import STATUSES
from civic.kernel.clock import JST, from_ms
from civic.kernel.i18n import localized
from civic.programmes.queries import sites_of
from civic.tallies.queries import decision_of, published_tally
from civic.tallies.tables import Tally
from civic.votes.queries import terms_of, turnout
from civic.web import words
from civic.web.forms import Form
from civic.web.results import Names, places_in_words, result_in_words
from civic.web.times import deadline, moment

AUDIT_ENTRIES = 200
STEPS: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"open", "cancel"}),
    "scheduled": frozenset({"open", "cancel"}),
    "open": frozenset({"close", "extend", "withdraw", "cancel"}),
    "closed": frozenset({"cancel"}),
    "sealed": frozenset({"decide"}),
    "decided": frozenset({"install"}),
    "cancelled": frozenset(),
}
"""The buttons of each state; what is really allowed the actions decide."""


async def admin_home(session: AsyncSession, lang: str) -> AdminHome:
    """All ballots, drafts too."""
    return AdminHome(tuple([await _row(session, ballot, lang) for ballot in await all_ballots(session)]))


async def admin_ballot(
    session: AsyncSession, slug: str, lang: str, form: Form, trouble: Trouble | None
) -> AdminBallot:
    """A ballot with everything that staff may do to it. ``form`` is what was typed when that was refused."""
    ballot = await ballot_by_slug(session, slug)
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    tally = await published_tally(session, slug)
    names = await _names(session, ballot, law)
    return AdminBallot(
        ballot=await _row(session, ballot, lang),
        public_path=f"/b/{slug}",
        grace_s=ballot.late_grace_s,
        closes_local=ballot.closes_at.astimezone(JST).strftime("%Y-%m-%dT%H:%M"),
        options=_options(law, _ticked(form, trouble, tally), names, lang),
        withdrawable=_options(law, {form.one("proposal")}, names, lang),
        result=result_in_words(tally.report, names, lang) if tally else None,
        decided=await _decided(session, ballot, names, lang) if tally else None,
        installations=await _installations(session, ballot, names, lang),
        statuses=tuple((status, words.installation_status(status, lang)) for status in STATUSES),
        trouble=trouble,
        typed={name: form.one(name) for name in ("closes_at", "reason", "note")},
    )


async def quarantine_page(
    session: AsyncSession, quarantine: Quarantine, lang: str, trouble: Trouble | None = None
) -> QuarantinePage:
    """What was put aside, the latest first."""
    events = tuple(
        AsideRow(
            event.event_key.hex(), moment(from_ms(event.received_ms), lang), event.reason or "", bool(event.body)
        )
        for event in await quarantine.list(session)
    )
    return QuarantinePage(events, trouble)


async def audit_page(session: AsyncSession, lang: str) -> AuditPage:
    """The latest entries of the audit trail."""
    entries = tuple(
        AuditRow(moment(entry.at, lang), entry.actor, entry.verb, entry.subject, orjson.dumps(entry.data).decode())
        for entry in await latest_entries(session, AUDIT_ENTRIES)
    )
    return AuditPage(entries, AUDIT_ENTRIES)


def _aside(event: AsideEvent, lang: str) -> AsideRow:
    received = moment(from_ms(event.received_ms), lang)
    return AsideRow(event.event_key.hex(), received, event.reason or "", event.body is not None)


async def _row(session: AsyncSession, ballot: Ballot, lang: str) -> BallotRow:
    people = None
    if ballot.manifest is not None:
        law = await law_of(session, ballot)
        people = await turnout(session, law.ballot_id, terms_of(law))
    return BallotRow(
        slug=ballot.slug,
        title=localized(ballot.title, lang),
        state=ballot.state,
        state_words=words.ballot_state(ballot.state, lang),
        opens=moment(ballot.opens_at, lang),
        closes=deadline(ballot.closes_at, lang),
        turnout=people,
        steps=STEPS[ballot.state],
    )


async def _names(session: AsyncSession, ballot: Ballot, law: Law | None) -> Names:
    titles = {option["proposal"]: option["title"] for option in law.document["options"]} if law else {}
    return Names(titles, {site.slug: site.title for site in await sites_of(session, ballot.programme_id)})


def _ticked(form: Form, trouble: Trouble | None, tally: Tally | None) -> set[str]:
    if trouble is not None and trouble.form == "decide":
        return set(form.every("proposals"))
    return {place["proposal"] for place in tally.report["selected"]} if tally else set()


def _options(law: Law | None, chosen: set[str], names: Names, lang: str) -> tuple[Option, ...]:
    standing = [slug for slug in law.options if slug not in law.withdrawn] if law else []
    return tuple(Option(slug, names.proposal(slug, lang), slug in chosen) for slug in standing)


async def _decided(session: AsyncSession, ballot: Ballot, names: Names, lang: str) -> Decided | None:
    decision = await decision_of(session, ballot.id or 0)
    if decision is None:
        return None
    places = places_in_words(decision.selected, names, lang)
    return Decided(moment(decision.decided_at, lang), decision.actor, places, decision.reason, decision.differs)


async def _installations(
    session: AsyncSession, ballot: Ballot, names: Names, lang: str
) -> tuple[InstallationRow, ...]:
    return tuple(
        InstallationRow(
            number=installation.id or 0,
            title=names.proposal(installation.proposal, lang),
            site=names.site(installation.site, lang),
            status=installation.status,
            status_words=words.installation_status(installation.status, lang),
        )
        for installation in await installations_of(session, ballot.id or 0)
    )
