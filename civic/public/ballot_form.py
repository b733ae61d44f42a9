"""Read what the voting form shows: the options in the voter's order, and the voter's own vote. Nobody else's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, law_of, pinned_versions, published_ballot
from civic.ballots.rules import rotated, rotation_of
from civic.ballots.tables import Ballot
from civic.kernel.bidi import inside_sentence
from civic.kernel.context import Context
from civic.kernel.errors import CivicError
from civic.kernel.i18n import localized, translate
from civic.kernel.ids import new_ulid
from civic.programmes.queries import programme_by_number
from civic.public.pages import Named
from civic.public.pages_voting import OwnVote, ReceiptLine, SentForm, VoteOption, VotePage
from civic.public.programmes import proposal_cards
from civic.votes.forms import belongs_to
from civic.votes.links import PersonalLink
from civic.votes.queries import receipts_of, taps_of, terms_of
from civic.votes.rules import Folded, Tap, Terms, fold, in_time, is_valid
from civic.web import words
from civic.web.times import deadline, moment

NO_VOTE = Folded((), blank=False)


@dataclass(frozen=True)
class Asked:
    """What a request brings to the page.

    ``sent``: the form sent just before (its submission, empty when nothing changed) and whether the vote came out
    as asked. ``ticked`` and ``refusal``: a form that is shown again, with what was ticked and why it was refused.
    """

    sent: tuple[str, bool] | None = None
    ticked: Sequence[str] | None = None
    refusal: CivicError | None = None


async def vote_page(
    session: AsyncSession, context: Context, slug: str, link: PersonalLink, asked: Asked, lang: str
) -> VotePage:
    """The form of a voter; without options when the ballot takes no vote now."""
    ballot = await published_ballot(session, slug)
    law = await law_of(session, ballot)
    terms = terms_of(law)
    taps = (await taps_of(session, law.ballot_id, [link.voter])).get(link.voter, [])
    vote = fold(taps, terms) or NO_VOTE
    ticked = vote.choices if asked.ticked is None else asked.ticked
    is_open = law.state == "open" and law.opens_at <= context.clock() < law.closes_at
    options = await _options(session, ballot, law, ticked, lang) if is_open else []
    rotation = rotation_of(context.keys.get(slug), link.voter) if is_open else 0
    return VotePage(
        ballot=Named(localized(ballot.title, lang), f"/b/{slug}"),
        state=law.state,
        state_words=words.ballot_state(law.state, lang),
        closes=deadline(law.closes_at, lang),
        works_until=moment(link.until, lang),
        rule=words.method_rule(ballot.method, ballot.budget_yen, lang),
        max_approvals=terms.max_approvals,
        number=new_ulid(),
        shown=vote.choices,
        options=tuple(rotated(options, rotation)),
        own=_own(law, terms, vote, lang),
        sent=await _sent(session, law, terms, taps, asked.sent, lang) if asked.sent else None,
        error=asked.refusal.sentence(lang) if asked.refusal else "",
        by_card=bool(link.card),
    )


async def _options(
    session: AsyncSession, ballot: Ballot, law: Law, ticked: Sequence[str], lang: str
) -> list[VoteOption]:
    """The options that still stand, in the ballot's order, in the version that is voted on."""
    cards = await proposal_cards(session, await programme_by_number(session, ballot.programme_id), lang)
    return [
        VoteOption(
            proposal=proposal.slug,
            title=localized(version.content["title"], lang),
            card=cards.get(proposal.slug),
            ticked=proposal.slug in ticked,
        )
        for proposal, version in await pinned_versions(session, law.ballot_id)
        if proposal.slug not in law.withdrawn
    ]


def _own(law: Law, terms: Terms, vote: Folded, lang: str) -> OwnVote:
    titles = _titles(law, lang)
    chosen = tuple(titles[proposal] for proposal in vote.choices)
    return OwnVote(chosen, vote.blank, terms.max_approvals - len(chosen))


async def _sent(
    session: AsyncSession, law: Law, terms: Terms, taps: Sequence[Tap], sent: tuple[str, bool], lang: str
) -> SentForm | None:
    """What became of a form; None when the voter's log knows nothing of it."""
    submission, as_asked = sent
    if not submission:
        return SentForm("unchanged", as_asked, ())
    mine = sorted((tap for tap in taps if belongs_to(tap, submission)), key=lambda tap: tap.event_id)
    codes = await receipts_of(session, law.ballot_id, [tap.event_id for tap in mine])
    lines = tuple(_lines(mine, codes, _titles(law, lang), lang))
    counted = all(in_time(tap, terms) and is_valid(tap, terms) for tap in mine)
    return SentForm("recorded" if counted else "late", as_asked, lines) if lines else None


def _lines(
    taps: Sequence[Tap], codes: Mapping[str, str], titles: Mapping[str, str], lang: str
) -> Iterator[ReceiptLine]:
    for tap in taps:
        title = inside_sentence(titles.get(tap.choices[0], "")) if tap.choices else ""
        says = {
            "add": translate(lang, "「{title}」を選びました", title=title),
            "remove": translate(lang, "「{title}」を取り消しました", title=title),
            "none": translate(lang, "「どれも選ばない」にしました"),
            "withdraw": translate(lang, "票をとりさげました"),
        }[tap.op]
        yield ReceiptLine(says, codes[tap.event_id])


def _titles(law: Law, lang: str) -> Mapping[str, str]:
    return {option["proposal"]: localized(option["title"], lang) for option in law.document["options"]}
