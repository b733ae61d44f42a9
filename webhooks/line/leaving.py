"""データ削除: open votes are withdrawn, then everything that leads to the person goes."""

import re

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_in_state
from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import share_appends
from civic.kernel.security import pseudonym
from civic.residents.actions import delete_resident
from civic.votes.actions import cache_votes, log_late
from civic.votes.operations import Cast, OpenBallot
from civic.votes.queries import taps_of, taps_with_receipts
from civic.votes.rules import fold
from webhooks.line.answers.desk import Asking, Desk
from webhooks.line.messages.views import BallotView
from webhooks.line.questions import Question
from webhooks.line.richmenu.links import owe_default_menu
from webhooks.line.unsent import erase_bodies_with


async def open_votes(desk: Desk, session: AsyncSession, account: str) -> list[Question]:
    """The ballots that are open and hold a vote of this account."""
    return [
        question
        for question in await desk.questions.open_now(session)
        if await _has_vote(desk, session, account, question)
    ]


async def leave(desk: Desk, session: AsyncSession, asking: Asking, event_id: str) -> list[tuple[BallotView, str]]:
    """Withdraw what is still open and delete the person; each ballot with the receipt of the withdrawal.

    A ballot that has closed since the tap is asked too: the time of the tap decides, as for every vote.
    """
    withdrawn = []
    for ballot in await ballots_in_state(session, "open", "closed"):
        question = await desk.questions.load(session, ballot)
        if asking.at_ms < question.terms.closes_ms and await _has_vote(desk, session, asking.account, question):
            withdrawn.append((question.view, await _withdraw(desk, session, asking, question, event_id)))
    await delete_resident(session, desk.vault, asking.account, desk.clock())
    await owe_default_menu(session, desk.vault, asking.account, desk.clock())
    await erase_bodies_with(session, desk.vault, re.compile(asking.account.encode()))
    return withdrawn


async def _has_vote(desk: Desk, session: AsyncSession, account: str, question: Question) -> bool:
    voter = pseudonym(desk.keys.get(question.law.slug), "line", account)
    taps = await taps_of(session, question.law.ballot_id, [voter])
    return voter in taps and fold(taps[voter], question.terms) is not None


async def _withdraw(desk: Desk, session: AsyncSession, asking: Asking, question: Question, event_id: str) -> str:
    """One more operation of the vote log, as if 票をとりさげる had been tapped; its receipt code."""
    ballot = OpenBallot(question.law.ballot_id, question.law.slug, desk.keys.get(question.law.slug))
    cast = Cast("line", asking.account, "withdraw", (), event_id, asking.at_ms)
    voter = pseudonym(ballot.key, cast.channel, cast.account)
    await share_appends(session)
    await log_late(session, ballot, {cast: to_ms(desk.clock())})
    taps, codes = await taps_with_receipts(session, ballot.id, [voter])
    await cache_votes(session, ballot.id, {voter: fold(taps[voter], question.terms)})
    return codes[event_id]
