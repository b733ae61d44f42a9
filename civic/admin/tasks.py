"""What somebody should do next in a programme."""

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.ballot_reading import Look
from civic.admin.pages_programmes import Task
from civic.ballots.queries import ballots_of
from civic.ballots.tables import Ballot
from civic.installations.queries import installations_of
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from civic.outbox.about import ANNOUNCEMENT, RESULT
from civic.outbox.queries import find_campaign
from civic.tallies.queries import published_tally

_STANDING = frozenset({"installed", "evaluated", "removed"})


async def tasks_of(
    session: AsyncSession, programme_id: int, path: str, incomplete: int, look: Look
) -> tuple[Task, ...]:
    """What waits for somebody: first the ballots, then the proposals that lack something."""
    found = [
        Task(words, f"/admin/ballots/{ballot.slug}", for_planner=True)
        for ballot in await ballots_of(session, programme_id)
        if (words := await _waiting(session, ballot, look))
    ]
    if incomplete:
        words = translate(look.lang, "足りないものがある提案が {n}件あります。見て、そろえます。", n=incomplete)
        found.append(Task(words, path, for_planner=False))
    return tuple(found)


async def _waiting(session: AsyncSession, ballot: Ballot, look: Look) -> str:
    """What waits at a ballot, in a sentence; empty when nothing does."""
    lang = look.lang
    title = inside_sentence(localized(ballot.title, lang))
    if ballot.state in {"draft", "scheduled"} and ballot.closes_at <= look.now:
        return translate(lang, "「{title}」は、始まらないまま終わりの時刻を過ぎました。", title=title)
    if ballot.state == "open" and await find_campaign(session, ANNOUNCEMENT, ballot.slug) is None:
        return translate(lang, "「{title}」を友だちに知らせます。", title=title)
    if ballot.state == "sealed" and await published_tally(session, ballot.slug) is not None:
        return translate(lang, "「{title}」の決定を記録します。", title=title)
    if ballot.state == "decided":
        return await _after_decision(session, ballot, title, lang)
    return ""


async def _after_decision(session: AsyncSession, ballot: Ballot, title: str, lang: str) -> str:
    if await find_campaign(session, RESULT, ballot.slug) is None:
        return translate(lang, "「{title}」の結果を友だちに知らせます。", title=title)
    coming = [one for one in await installations_of(session, ballot.id or 0) if one.status not in _STANDING]
    if coming:
        return translate(lang, "「{title}」で決まった案の設置を進めます。", title=title)
    return ""
