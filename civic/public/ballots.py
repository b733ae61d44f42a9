"""Read what the page of a ballot shows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, law_of, options_of, published_ballot
from civic.ballots.rules import Notice
from civic.ballots.tables import Ballot
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from civic.kernel.settings import Settings
from civic.programmes.queries import programme_by_number
from civic.public.pages import ProposalCard
from civic.public.pages_ballots import BallotPage, NoticeLine, OptionLine
from civic.public.programmes import named_programme, proposal_cards, state_for_residents
from civic.votes.queries import terms_of, turnout
from civic.web import words
from civic.web.explanations import method_explained, tie_rule
from civic.web.times import deadline, moment

Titles = Mapping[str, Mapping[str, str]]


async def ballot_page(
    session: AsyncSession, slug: str, now: datetime, lang: str, settings: Settings
) -> BallotPage:
    """A published ballot; before its opening the options are those it would open with."""
    ballot = await published_ballot(session, slug)
    programme = await programme_by_number(session, ballot.programme_id)
    state = await state_for_residents(session, ballot, now)
    law = await law_of(session, ballot) if ballot.manifest is not None else None
    titles = _titles(law)
    return BallotPage(
        programme=named_programme(programme, lang),
        title=localized(ballot.title, lang),
        path=f"/b/{ballot.slug}",
        state=state,
        state_words=words.ballot_state(state, lang),
        opens=moment(ballot.opens_at, lang),
        closes=deadline(ballot.closes_at, lang),
        max_approvals=ballot.max_approvals,
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        explained=method_explained(ballot.method, lang, ballot.method_options),
        tie_rule=tie_rule(law.document if law else {"beacon": ballot.beacon}, lang),
        options=await _options(session, ballot, law, await proposal_cards(session, programme, lang), lang),
        notices=tuple(_notice(notice, titles, lang) for notice in law.notices) if law else (),
        turnout=await turnout(session, law.ballot_id, terms_of(law)) if law else None,
        manifest_sha256=law.sha256 if law else "",
        is_demo=settings.mode == "demo",
        login_path=f"/b/{ballot.slug}/login" if settings.has_line_login else "",
    )


async def _options(
    session: AsyncSession, ballot: Ballot, law: Law | None, cards: Mapping[str, ProposalCard], lang: str
) -> tuple[OptionLine, ...]:
    """The options under the titles that were frozen; before the opening, those that everybody may see."""
    if law is None:
        offered = [proposal.slug for _, proposal in await options_of(session, ballot.id or 0)]
        return tuple(OptionLine(cards[slug].title, cards[slug], "") for slug in offered if slug in cards)
    titles = _titles(law)
    withdrawn = {n.data["proposal"]: n.data["reason"] for n in law.notices if n.kind == "withdrawal"}
    return tuple(
        OptionLine(localized(titles[slug], lang), cards.get(slug), withdrawn.get(slug, "")) for slug in law.options
    )


def _titles(law: Law | None) -> Titles:
    return {option["proposal"]: option["title"] for option in law.document["options"]} if law else {}


def _notice(notice: Notice, titles: Titles, lang: str) -> NoticeLine:
    return NoticeLine(
        at=moment(notice.at, lang),
        kind=words.notice_kind(notice.kind, lang),
        says=_said(notice, titles, lang),
        reason=notice.data.get("reason", ""),
    )


def _said(notice: Notice, titles: Titles, lang: str) -> str:
    data: dict[str, Any] = dict(notice.data)
    if notice.kind in {"closing", "extension"}:
        return deadline(datetime.fromisoformat(data["closes_at"]), lang)
    if notice.kind == "withdrawal":
        return localized(titles[data["proposal"]], lang)
    if notice.kind == "correction":
        wrong, right = inside_sentence(data["wrong"]), inside_sentence(data["right"])
        return translate(lang, "誤「{wrong}」、正「{right}」", wrong=wrong, right=right)
    return ""
