"""Read what the page of a decision shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.ballot_reading import names_of, tickable
from civic.admin.decision.pages import Computed, DecisionPage, PollLine, PollView, VersionView, Withdrawn
from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named
from civic.admin.trail import actor_in_words
from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.kernel.i18n import localized, translate
from civic.staff.queries import names_by_actor
from civic.tallies.queries import decisions_of, effective_result, memo_of, outside_polls, published_tally
from civic.tallies.tables import Decision, OutsidePoll, Tally
from civic.web import words
from civic.web.forms import Form
from civic.web.results import Names, places_in_words, result_in_words
from civic.web.times import calendar_day, deadline, moment

FIELDS = ("reason", "because", "conditions", "next_steps", "memo", "title", "source", "held_on", "counts", "note")
NO_FORM = Form({})


@dataclass(frozen=True)
class Desk:
    """How the page is read: the language, whether for paper, and a form that was refused."""

    lang: str
    for_paper: bool = False
    form: Form = NO_FORM
    trouble: Trouble | None = None


async def decision_page(session: AsyncSession, slug: str, desk: Desk) -> DecisionPage:
    """The decision on a ballot in all its versions, beside the result. NotFound without the ballot."""
    ballot = await ballot_by_slug(session, slug)
    tally = await published_tally(session, slug)
    path = f"/admin/ballots/{slug}"
    named = Named(localized(ballot.title, desk.lang), path)
    if tally is None:
        return DecisionPage(named, f"{path}/decision", None, 0, (), (), (), desk.trouble, {})
    law = await law_of(session, ballot)
    names, report = await names_of(session, ballot, law), await effective_result(session, law.ballot_id)
    versions = await decisions_of(session, law.ballot_id)
    return DecisionPage(
        ballot=named,
        path=f"{path}/decision",
        computed=_computed(law, tally, report, names, desk.lang),
        version=versions[0].version if versions else 0,
        versions=await _versions(session, versions, names, desk),
        options=tickable(law, _ticked(desk, versions, report), names, desk.lang),
        polls=tuple(_poll(poll, names, desk.lang) for poll in await outside_polls(session, law.ballot_id)),
        trouble=desk.trouble,
        typed=_typed(desk.form, versions),
    )


def _typed(form: Form, versions: Sequence[Decision]) -> Mapping[str, str]:
    """What was typed; for a correction that has not begun, the public words as they stand."""
    if form.fields or not versions:
        return {name: form.one(name) for name in FIELDS}
    standing = versions[0]
    words_now = {
        "reason": standing.reason,
        "conditions": standing.conditions,
        "next_steps": standing.next_steps,
    }
    return dict.fromkeys(FIELDS, "") | words_now


def _ticked(desk: Desk, versions: Sequence[Decision], report: Mapping[str, Any]) -> set[str]:
    if desk.trouble is not None and desk.trouble.form == "decide":
        return set(desk.form.every("proposals"))
    places = versions[0].selected if versions else report["selected"]
    return {place["proposal"] for place in places}


async def _versions(
    session: AsyncSession, versions: Sequence[Decision], names: Names, desk: Desk
) -> tuple[VersionView, ...]:
    people = await names_by_actor(session)
    return tuple(
        [
            VersionView(
                number=decision.version,
                at=moment(decision.decided_at, desk.lang),
                actor=actor_in_words(decision.actor, people, desk.lang),
                places=places_in_words(decision.selected, names, desk.lang),
                reason=decision.reason,
                differs=decision.differs,
                conditions=decision.conditions,
                next_steps=decision.next_steps,
                changed_because=decision.changed_because,
                memo="" if desk.for_paper else await memo_of(session, decision),
            )
            for decision in versions
        ]
    )


def _computed(law: Law, tally: Tally, report: Mapping[str, Any], names: Names, lang: str) -> Computed:
    result = result_in_words(report, names, lang)
    return Computed(
        rule=words.method_rule(law.document["method"], law.document["budget_yen"], lang),
        period=f"{moment(law.opens_at, lang)} – {deadline(law.closes_at, lang)}",
        status=result.status_words,
        voters=f"{result.voters:,}",
        selected=result.selected,
        ties=result.ties,
        drawn=_drawn(report, lang),
        withdrawn=tuple(
            Withdrawn(names.proposal(notice.data["proposal"], lang), notice.data["reason"])
            for notice in law.notices
            if notice.kind == "withdrawal"
        ),
        at=moment(tally.computed_at, lang),
        manifest_sha256=law.sha256,
        inputs_sha256=tally.inputs_sha256,
    )


def _drawn(report: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    """How a tie was drawn: the public value that was named, what it was, and where it stands."""
    draw = report.get("draw")
    if not draw:
        return ()
    return (
        translate(lang, "くじのもとになる公開の値：{beacon}", beacon=draw["beacon"]),
        translate(lang, "その値：{value}（出どころ：{source}）", value=draw["value"], source=draw["source"]),
    )


def _poll(poll: OutsidePoll, names: Names, lang: str) -> PollView:
    most_first = sorted(poll.counts.items(), key=lambda line: (-line[1], line[0]))
    return PollView(
        number=poll.id or 0,
        title=poll.title,
        source=poll.source,
        held_on=calendar_day(date.fromisoformat(poll.held_on), lang),
        lines=tuple(PollLine(names.proposal(name, lang), f"{votes:,}") for name, votes in most_first),
        note=poll.note,
    )
