"""Answers about voting: the options, one's own vote, the way to the form in the browser."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_in_state
from civic.ballots.rules import rotation_of
from civic.kernel.security import pseudonym
from civic.tallies.queries import waits_for_lot
from civic.votes.links import PersonalLink, link_path
from civic.votes.queries import taps_of
from civic.votes.rules import fold
from webhooks.line import messages
from webhooks.line.answers.desk import Asking, Desk, as_json
from webhooks.line.messages import Message, wording
from webhooks.line.questions import Question

_MOST_SHOWN = 5
"""As many messages as a reply holds."""


async def show_ballot(desk: Desk, session: AsyncSession, asking: Asking, slug: str, page: int) -> bytes:
    """The options of a ballot: of the one named, of the only one open, else the choice between those open."""
    chosen = await _open_ballots(desk, session, slug)
    if not chosen:
        return await _nothing_open(desk, session, asking.lang)
    if len(chosen) > 1:
        return as_json(messages.choose_ballot([question.view for question in chosen], asking.lang))
    key = desk.keys.get(chosen[0].law.slug)
    rotation = rotation_of(key, pseudonym(key, "line", asking.account))
    return desk.carousels.get(chosen[0], asking.lang, rotation, page)


async def lead_to_form(desk: Desk, session: AsyncSession, asking: Asking, slug: str) -> bytes:
    """The form of an open ballot, inside LINE or by a personal link; for any other name what is open."""
    questions = await desk.questions.open_now(session)
    chosen = [question for question in questions if question.law.slug == slug]
    if not chosen:
        return await show_ballot(desk, session, asking, slug, 0)
    if desk.liff_id:
        url = f"https://liff.line.me/{desk.liff_id}/{slug}/liff?lang={asking.lang}"
        return as_json(messages.form_inside_line(chosen[0].view, asking.lang, url))
    voter = pseudonym(desk.keys.get(slug), "line", asking.account)
    link = PersonalLink.from_now(voter, desk.clock())
    url = f"{desk.base_url}{link_path(desk.vault, slug, link)}?lang={asking.lang}"
    return as_json(messages.browser_link(chosen[0].view, asking.lang, url, link.until))


async def show_vote(desk: Desk, session: AsyncSession, asking: Asking, slug: str) -> bytes:
    """One's own vote in the ballot named, else in all that are open."""
    chosen = await _open_ballots(desk, session, slug)
    if not chosen:
        return await _nothing_open(desk, session, asking.lang)
    shown: list[Message] = []
    for question in chosen[:_MOST_SHOWN]:
        shown += await _own_vote(desk, session, asking, question)
    return as_json(shown[:_MOST_SHOWN])


async def _open_ballots(desk: Desk, session: AsyncSession, slug: str) -> Sequence[Question]:
    """The open ballot of a name; all that are open when none of them has it."""
    questions = await desk.questions.open_now(session)
    return [question for question in questions if question.law.slug == slug] or questions


async def _own_vote(desk: Desk, session: AsyncSession, asking: Asking, question: Question) -> list[Message]:
    voter = pseudonym(desk.keys.get(question.law.slug), "line", asking.account)
    taps = await taps_of(session, question.law.ballot_id, [voter])
    vote = fold(taps[voter], question.terms) if voter in taps else None
    choices, blank = (vote.choices, vote.blank) if vote else ((), False)
    return messages.my_votes(question.view, asking.lang, choices, blank, vote is not None)


async def _nothing_open(desk: Desk, session: AsyncSession, lang: str) -> bytes:
    now = desk.clock()
    coming = [ballot for ballot in await ballots_in_state(session, "scheduled") if ballot.opens_at > now]
    following = (coming[-1].opens_at, coming[-1].title) if coming else ()
    return as_json([*await _last_ballot(desk, session, lang), *messages.no_open_ballot(lang, *following)])


async def _last_ballot(desk: Desk, session: AsyncSession, lang: str) -> list[Message]:
    ended = await ballots_in_state(session, "closed", "sealed", "decided")
    if not ended:
        return []
    last = ended[0]
    title = wording.brief(last.title, lang, last.slug)
    url = f"{desk.base_url}/b/{last.slug}/results"
    return messages.last_ballot(
        lang,
        title,
        url,
        is_counted=last.state != "closed",
        waits_for_lot=await waits_for_lot(session, last),
    )
