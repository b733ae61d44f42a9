"""Read what the pages about ballots, results and receipts show. Counts come from ``published_tally`` alone."""

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import (
    Law,
    ballot_by_number,
    law_of,
    options_of,
    published_ballot,
)
from civic.ballots.rules import COUNTING_STATES, Notice
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of, steps_of
from civic.kernel.clock import from_ms
from civic.kernel.errors import NotFound
from civic.kernel.i18n import localized, translate
from civic.kernel.ids import normalize_receipt
from civic.programmes.queries import programme_by_number, sites_of
from civic.public.pages import Named
from civic.public.pages_ballots import (
    BallotPage,
    DecisionView,
    InstallationView,
    NoticeLine,
    OptionLine,
    ReceiptPage,
    ResultsPage,
    StepLine,
)
from civic.public.programmes import named_programme, proposal_cards
from civic.tallies.queries import decision_of, published_tally
from civic.votes.queries import operation_by_receipt, tap_of, terms_of, turnout
from civic.votes.rules import in_time, is_valid
from civic.votes.tables import Operation
from civic.web import words
from civic.web.results import Names, places_in_words, result_in_words
from civic.web.times import deadline, hour, moment


async def ballot_page(session: AsyncSession, slug: str, lang: str) -> BallotPage:
    """A published ballot; before its opening the options are those it would open with."""
    ballot = await published_ballot(session, slug)
    programme = await programme_by_number(session, ballot.programme_id)
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    notices = law.notices if law else ()
    titles = _titles(law) if law else {}
    cards = await proposal_cards(session, programme, lang)
    withdrawn = {n.data["proposal"]: n.data["reason"] for n in notices if n.kind == "withdrawal"}
    offered = law.options if law else [p.slug for _, p in await options_of(session, ballot.id or 0)]
    return BallotPage(
        programme=named_programme(programme, lang),
        title=localized(ballot.title, lang),
        path=f"/b/{ballot.slug}",
        state=ballot.state,
        state_words=words.ballot_state(ballot.state, lang),
        opens=moment(ballot.opens_at, lang),
        closes=deadline(ballot.closes_at, lang),
        max_approvals=ballot.max_approvals,
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        options=tuple(
            OptionLine(localized(titles[proposal], lang), cards.get(proposal), withdrawn.get(proposal, ""))
            if proposal in titles
            else OptionLine(cards[proposal].title, cards[proposal], "")
            for proposal in offered
            if proposal in titles or proposal in cards
        ),
        notices=tuple(_notice(notice, titles, lang) for notice in notices),
        turnout=await turnout(session, law.ballot_id, terms_of(law)) if law else None,
        manifest_sha256=law.sha256 if law else "",
    )


async def results_page(session: AsyncSession, slug: str, lang: str) -> ResultsPage:
    """The results of a published ballot, without any number until it is sealed."""
    ballot = await published_ballot(session, slug)
    tally = await published_tally(session, slug)
    names = await names_of(session, ballot)
    return ResultsPage(
        ballot=Named(localized(ballot.title, lang), f"/b/{ballot.slug}"),
        state=ballot.state,
        closes=deadline(ballot.closes_at, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        result=result_in_words(tally.report, names, lang) if tally else None,
        computed=moment(tally.computed_at, lang) if tally else "",
        inputs_sha256=tally.inputs_sha256 if tally else "",
        manifest_sha256=ballot.manifest_sha256 or "",
        decision=await _decision(session, ballot, names, lang) if tally else None,
        installations=await _installations(session, ballot, names, lang) if tally else (),
    )


async def receipt_page(session: AsyncSession, typed: str, lang: str) -> ReceiptPage:
    """What a receipt number stands for, without the choices. NotFound when no operation has it."""
    code = normalize_receipt(typed)
    operation = await operation_by_receipt(session, code) if code else None
    if operation is None:
        raise NotFound(
            "receipt_unknown",
            "この受付番号の記録は見つかりません。英数字16文字を確かめて、もう一度入れてください。",
        )
    ballot = await ballot_by_number(session, operation.ballot_id)
    law = await law_of(session, ballot)
    return ReceiptPage(
        code=operation.receipt,
        ballot=Named(localized(ballot.title, lang), f"/b/{ballot.slug}"),
        hour=hour(from_ms(operation.at_ms), lang),
        standing=standing(operation, law),
        results_published=ballot.state in COUNTING_STATES,
    )


def standing(operation: Operation, law: Law) -> str:
    """Whether an operation counts: counted, early, late, invalid, or cancelled with the ballot."""
    at = from_ms(operation.at_ms)
    tap = tap_of(operation)
    if law.state == "cancelled":
        return "cancelled"
    if at < law.opens_at:
        return "early"
    if not in_time(tap, terms_of(law)):
        return "late"
    return "counted" if is_valid(tap, terms_of(law)) else "invalid"


async def names_of(session: AsyncSession, ballot: Ballot) -> Names:
    """What the options (as frozen) and the sites of a ballot are called."""
    titles = _titles(await law_of(session, ballot)) if ballot.manifest is not None else {}
    sites = {site.slug: site.title for site in await sites_of(session, ballot.programme_id)}
    return Names(titles, sites)


def _titles(law: Law) -> dict[str, dict[str, str]]:
    return {option["proposal"]: option["title"] for option in law.document["options"]}


def _notice(notice: Notice, titles: dict[str, dict[str, str]], lang: str) -> NoticeLine:
    return NoticeLine(
        at=moment(notice.at, lang),
        kind=words.notice_kind(notice.kind, lang),
        says=_said(notice, titles, lang),
        reason=notice.data.get("reason", ""),
    )


def _said(notice: Notice, titles: dict[str, dict[str, str]], lang: str) -> str:
    data: dict[str, Any] = dict(notice.data)
    if notice.kind in {"closing", "extension"}:
        return deadline(datetime.fromisoformat(data["closes_at"]), lang)
    if notice.kind == "withdrawal":
        return localized(titles[data["proposal"]], lang)
    if notice.kind == "correction":
        wrong, right = words.inside_sentence(data["wrong"]), words.inside_sentence(data["right"])
        return translate(lang, "誤「{wrong}」、正「{right}」", wrong=wrong, right=right)
    return ""


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
