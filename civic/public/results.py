"""Read what the page of a result shows. Counts come from ``published_tally`` alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, law_of, published_ballot
from civic.ballots.tables import Ballot
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from civic.programmes.queries import sites_of
from civic.public.outcomes import decision_view, installation_views, poll_views, winners_of
from civic.public.pages import Named
from civic.public.pages_results import (
    ComparedLine,
    Counted,
    DrawView,
    LotLine,
    Recounting,
    ResultsPage,
    WithdrawnLine,
)
from civic.public.programmes import state_for_residents
from civic.tallies.queries import draw_of, effective, published_study, published_tally
from civic.tallies.tables import Tally, TieDraw
from civic.votes.queries import terms_of, turnout
from civic.web import words
from civic.web.charts import Bar, Bars
from civic.web.explanations import margin_in_words, method_explained, tie_rule
from civic.web.reasons import Told, compared_in_words, reasons_in_words, satisfied_in_words
from civic.web.recounting import draw_command, needs_sites, tally_command
from civic.web.results import Names, Result, ResultRow, result_in_words
from civic.web.times import deadline, moment

Report = Mapping[str, Any]


async def results_page(session: AsyncSession, slug: str, now: datetime, lang: str) -> ResultsPage:
    """The results of a published ballot, without any number until it is sealed."""
    ballot = await published_ballot(session, slug)
    tally = await published_tally(session, slug)
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    return ResultsPage(
        ballot=Named(localized(ballot.title, lang), f"/b/{ballot.slug}"),
        state=await state_for_residents(session, ballot, now),
        closes=deadline(law.closes_at if law else ballot.closes_at, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        explained=method_explained(ballot.method, lang, ballot.method_options),
        tie_rule=tie_rule(law.document if law else {"beacon": ballot.beacon}, lang),
        counted=await _counted(session, ballot, law, tally, lang) if law and tally else None,
    )


async def _counted(session: AsyncSession, ballot: Ballot, law: Law, tally: Tally, lang: str) -> Counted:
    names = await names_of(session, ballot, law)
    draw = await draw_of(session, law.ballot_id)
    report = effective(tally.report, draw)
    study = await published_study(session, ballot.slug)
    told = Told(report, study, law.document["options"], names)
    result = result_in_words(report, names, lang)
    decision = await decision_view(session, ballot, names, lang)
    return Counted(
        result=result,
        bars=_bars(result, reasons_in_words(told, lang), lang),
        closest=margin_in_words(study.margin, names, lang) if study and study.margin else "",
        satisfied=satisfied_in_words(told, lang),
        turnout=await turnout(session, law.ballot_id, terms_of(law)),
        winners=await winners_of(session, ballot, decision.places if decision else result.selected, lang),
        withdrawn=withdrawn_lines(law, names, lang),
        draw=_draw(law, draw, names, lang) if draw else None,
        compared=_compared(told, lang),
        decision=decision,
        installations=await installation_views(session, ballot, names, lang),
        polls=await poll_views(session, ballot, names, lang),
        recounting=_recounting(law, report, tally, lang),
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


def _draw(law: Law, draw: TieDraw, names: Names, lang: str) -> DrawView:
    """The public lot of a tie, as far as it has come."""
    lots = sorted((lot, proposal) for proposal, lot in (draw.lots or {}).items())
    proposals = [proposal for _, proposal in lots]
    return DrawView(
        beacon=draw.beacon,
        named=moment(draw.named_at, lang),
        value=draw.value or "",
        source=draw.source or "",
        drawn=moment(draw.drawn_at, lang) if draw.drawn_at else "",
        lots=tuple(LotLine(names.proposal(proposal, lang), lot) for lot, proposal in lots),
        command=draw_command(law.sha256, draw.root, draw.value, proposals) if draw.value else "",
    )


def _bars(result: Result, reasons: Mapping[str, str], lang: str) -> Bars:
    rows = tuple(
        Bar(
            row.label,
            row.value,
            row.share,
            won=bool(row.won),
            note=_note(row, reasons.get(row.proposal, ""), lang),
        )
        for row in result.rows
    )
    headings = (translate(lang, "案"), translate(lang, "票"))
    return Bars("approvals", translate(lang, "案ごとの票と理由"), headings, rows)


def _note(row: ResultRow, reason: str, lang: str) -> str:
    """Why it won or not, and where."""
    if not row.won:
        return reason
    sites = translate(lang, "、").join(inside_sentence(site) for site in row.won)
    where = translate(lang, "場所：{sites}", sites=sites)
    return f"{reason} {where}"


def _recounting(law: Law, report: Report, tally: Tally, lang: str) -> Recounting:
    """The files of a result, and what to do with them."""
    return Recounting(
        path=f"/b/{law.slug}/results",
        command=tally_command(f"{law.slug}.pb", law.document),
        limits=_limits(law, report, lang),
        computed=moment(tally.computed_at, lang),
        inputs_sha256=tally.inputs_sha256,
        manifest_sha256=law.sha256,
    )


def _limits(law: Law, report: Report, lang: str) -> tuple[str, ...]:
    """What a count of the ``.pb`` does not know of this ballot."""
    standing = [option for option in law.document["options"] if option["proposal"] not in law.withdrawn]
    says = {
        translate(
            lang,
            "ほかの道具は、場所のことを知りません。案ごとの票の数は同じになりますが、選ばれる案はちがうことがあります。",
        ): needs_sites(standing),
        translate(lang, "ファイルの集計は、同数のときにくじを使わず、案の ID の順にします。"): bool(
            report["ties"]
        ),
    }
    return tuple(sentence for sentence, holds in says.items() if holds)


def _compared(told: Told, lang: str) -> tuple[ComparedLine, ...]:
    """The other rules, with their winners where these differ; the ballot's own is the result above."""
    selected = told.report["compared"]
    if told.study is not None:
        selected = {rule.method: rule.selected for rule in told.study.compared}
    own = {place["proposal"] for place in told.report["selected"]}
    return tuple(
        ComparedLine(
            method=words.method_name(method, lang),
            titles=tuple(told.names.proposal(p, lang) for p in selected[method] if own != {*selected[method]}),
            says=says,
        )
        for method, says in compared_in_words(told, lang).items()
    )
