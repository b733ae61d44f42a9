"""Read what the tally page shows: nothing before a ballot is sealed and counted."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.ballot_reading import Look, names_of, participation_words
from civic.admin.draws import DrawView, read_draw
from civic.admin.pages_ballots import Named
from civic.admin.tally.beside import decision_line, outside_views, recount_ways
from civic.admin.tally.budget import budget_form, budget_gauge, read_budget, what_if
from civic.admin.tally.findings import findings
from civic.admin.tally.head import answer, head
from civic.admin.tally.map import Ground, ground_of, winners_map
from civic.admin.tally.pages import DecisionLine, OutsideView, TallyPage, TallyView, WhatIf
from civic.admin.tally.raking import raking_view
from civic.admin.tally.rows import site_results
from civic.admin.tally.rules import rules_view
from civic.admin.tally.subject import Subject
from civic.ballots.queries import ballot_by_slug, law_of, pinned_versions
from civic.ballots.tables import Ballot
from civic.kernel.db.engine import Database
from civic.kernel.i18n import localized
from civic.programmes.queries import programme_by_number, sites_of
from civic.tallies.again import SealedVotes, with_budget
from civic.tallies.methods.types import TallyInput
from civic.tallies.queries import (
    decision_of,
    effective_result,
    outside_polls,
    published_study,
    published_tally,
)
from civic.tallies.tables import Tally
from civic.votes.queries import terms_of, turnout
from civic.web.pictures import PictureView, pictures_of_versions
from civic.web.results import result_in_words

STAFF_FILES = "/admin/files"


@dataclass(frozen=True)
class Asked:
    """What the address asks beside the result, as typed; ``targets`` by relation in percent."""

    budget: str = ""
    source: str = ""
    held_on: str = ""
    targets: Mapping[str, str] = field(default_factory=dict)


NOTHING_ASKED = Asked()


@dataclass(frozen=True)
class _Found:
    """All that the database knows about a sealed tally."""

    subject: Subject
    ballot: Ballot
    tally: Tally
    took_part: int
    ground: Ground
    pictures: Mapping[str, PictureView]
    paths: Mapping[str, str]
    draw: DrawView | None
    decision: DecisionLine | None
    outside: tuple[OutsideView, ...]
    votes: TallyInput | None


class TallyReader:
    """Reads tally pages, and counts again for another budget; keeps the votes that were asked for last."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sealed = SealedVotes()

    async def page(self, slug: str, look: Look, asked: Asked = NOTHING_ASKED, *, paper: bool = False) -> TallyPage:
        """The page of a ballot; without a view until it is sealed and counted. NotFound without such a ballot.

        Counting again runs beside the event loop: votes on other ballots go on coming in.
        """
        async with self._database.reading() as session:
            ballot = await ballot_by_slug(session, slug)
            tally = await published_tally(session, slug)
            found = await self._found(session, ballot, tally, look.lang, asked) if tally else None
        title = localized(ballot.title, look.lang)
        return TallyPage(
            ballot=Named(title, f"/admin/ballots/{slug}"),
            path=f"/admin/ballots/{slug}/tally",
            paper=paper,
            view=await _view(found, asked) if found else None,
            draw=_drawn(found, paper=paper) if found else None,
        )

    async def _found(self, session: AsyncSession, ballot: Ballot, tally: Tally, lang: str, asked: Asked) -> _Found:
        law = await law_of(session, ballot)
        names = await names_of(session, ballot, law)
        report = await effective_result(session, law.ballot_id)
        study = await published_study(session, ballot.slug)
        subject = Subject(law, report, study, names, lang)
        wanted = read_budget(asked.budget) is not None
        pictures, paths = await _proposals(session, ballot, lang)
        return _Found(
            subject=subject,
            ballot=ballot,
            tally=tally,
            took_part=await turnout(session, law.ballot_id, terms_of(law)),
            ground=ground_of(await sites_of(session, ballot.programme_id), subject.placements()),
            pictures=pictures,
            paths=paths,
            draw=await read_draw(session, ballot, law, tally, names, lang),
            decision=decision_line(subject, await decision_of(session, law.ballot_id)),
            outside=outside_views(subject, await outside_polls(session, law.ballot_id)),
            votes=await self._sealed.of(session, law, tally.inputs_sha256) if wanted else None,
        )


def _drawn(found: _Found, *, paper: bool) -> DrawView | None:
    """The lot; on paper without its forms."""
    return replace(found.draw, waits_for="") if found.draw and paper else found.draw


async def _proposals(
    session: AsyncSession, ballot: Ballot, lang: str
) -> tuple[Mapping[str, PictureView], Mapping[str, str]]:
    """The first picture and the staff page of each proposal, as it was voted on."""
    programme = await programme_by_number(session, ballot.programme_id)
    voted_on = {proposal.slug: version for proposal, version in await pinned_versions(session, ballot.id or 0)}
    drawn = await pictures_of_versions(session, voted_on.values(), lang, STAFF_FILES)
    pictures = {slug: drawn[version.id or 0][0] for slug, version in voted_on.items() if version.id in drawn}
    paths = {slug: f"/admin/programmes/{programme.slug}/proposals/{slug}/views" for slug in voted_on}
    return pictures, paths


async def _view(found: _Found, asked: Asked) -> TallyView:
    subject, budget_yen = found.subject, found.subject.law.document["budget_yen"]
    return TallyView(
        head=head(
            subject,
            found.ballot,
            found.tally,
            participation_words(found.took_part, subject.voters, subject.lang),
        ),
        answer=answer(subject),
        sites=site_results(subject, found.pictures, found.paths),
        map=winners_map(subject, found.ground, subject.selected),
        gauge=budget_gauge(subject, "gauge", subject.selected, budget_yen),
        budget=budget_form(subject, asked.budget, await _what_if(found, asked)),
        rules=rules_view(subject),
        findings=findings(subject),
        raking=raking_view(subject, asked.targets, asked.source, asked.held_on),
        ties=result_in_words(subject.report, subject.names, subject.lang).ties,
        decision=found.decision,
        outside=found.outside,
        recount=recount_ways(subject),
    )


async def _what_if(found: _Found, asked: Asked) -> WhatIf | None:
    budget_yen = read_budget(asked.budget)
    if found.votes is None or budget_yen is None:
        return None
    outcome = await asyncio.to_thread(with_budget, found.subject.law, found.votes, budget_yen)
    return what_if(found.subject, found.ground, budget_yen, outcome)
