"""Reads the page of a message to many people."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.pages_messages import Choice, Cost, Delivery, Preview, Request, Schedule, TesterRow, Testing
from civic.admin.sending import Announcer, Plan, Previews
from civic.admin.words import delivery_state, delivery_states
from civic.installations.queries import installation_of
from civic.kernel.i18n import LANGUAGE_NAMES, LANGUAGES, translate
from civic.outbox.about import ANNOUNCEMENT, EVALUATION, LAST_CHANCE, RESULT, About
from civic.outbox.scheduling import scheduled_message
from civic.residents.testers import LONGEST_NAME, WORD_LASTS, testers
from civic.web import words
from civic.web.times import moment

STOPPED = "quota"
"""The state of delivery in which somebody has to press again."""

HALTED = "stopped"
"""The state of a delivery that a planner lets go on, or gives up."""

MOST_REQUESTS = 50
GROUNDS = ("light", "dark")


@dataclass(frozen=True)
class Message:
    """What would be sent, in the reader's language: a heading, and what people get."""

    title: str
    says: str


async def described(session: AsyncSession, ballot_id: int, about: About, lang: str) -> Message:
    """What a message tells. NotFound for an installation that this ballot does not have."""
    of_ballot = {
        ANNOUNCEMENT: Message(
            translate(lang, "投票のお知らせを送る"),
            translate(lang, "投票が始まったことと、「投票をみる」のボタンが届きます。"),
        ),
        LAST_CHANCE: Message(
            translate(lang, "締め切り前のお知らせを送る"),
            translate(lang, "まだ投票していない人だけに、締め切りまでの残りと「投票をみる」のボタンが届きます。"),
        ),
        RESULT: Message(
            translate(lang, "結果のお知らせを送る"),
            translate(
                lang,
                "投票した人だけに、決まった案の絵と場所、投票した人数、決めた理由、結果へのリンクが届きます。",
            ),
        ),
    }
    if about.kind in of_ballot:
        return of_ballot[about.kind]
    found = await installation_of(session, ballot_id, about.installation)
    if about.kind == EVALUATION:
        return Message(
            translate(lang, "感想を聞くお知らせを送る"),
            translate(lang, "設置したものの絵と場所、「使ってみて、どうでしたか」が届きます。"),
        )
    status = words.installation_status(found.status, lang)
    return Message(
        translate(lang, "設置のお知らせを送る"),
        translate(lang, "案の絵と「{status}」、場所、ひとこと、結果へのリンクが届きます。", status=status),
    )


def may_send(plan: Plan) -> bool:
    """Whether a press would do something: never planned with somebody to reach, or stopped on the way."""
    return (plan.recipients > 0 and not plan.state) or STOPPED in plan.states


def button_words(plan: Plan | None, about: About, lang: str) -> str:
    """What the button says: the stopped rest is sent, or all of it."""
    if plan is not None and STOPPED in plan.states:
        return translate(lang, "のこりを送る")
    return {
        LAST_CHANCE: translate(lang, "投票していない人に送る"),
        RESULT: translate(lang, "投票した人に送る"),
    }.get(about.kind) or translate(lang, "友だち全員に送る")


def cost_of(plan: Plan, about: About, lang: str) -> Cost:
    """Who would hear, who would not, and what it costs."""
    return Cost(
        recipients=plan.recipients,
        messages=plan.messages,
        left=quota_left(plan, lang),
        by_language=_by_language(plan, about, lang),
        left_out=_left_out(plan.left_out, lang),
    )


def _by_language(plan: Plan, about: About, lang: str) -> tuple[str, ...]:
    """How many people of each language; not for those without a vote, as one person might speak one alone."""
    if about.kind == LAST_CHANCE:
        return ()
    return tuple(
        translate(lang, "{language}：{n}人", language=LANGUAGE_NAMES[spoken], n=f"{plan.languages[spoken]:,}")
        for spoken in LANGUAGES
        if plan.languages.get(spoken)
    )


def _left_out(people: Mapping[str, int], lang: str) -> tuple[str, ...]:
    sentences = {
        "stopped": translate(lang, "お知らせをすべて止めた人：{n}人"),
        "opted_out": translate(lang, "この種類のお知らせを止めた人：{n}人"),
        "not_meant": translate(lang, "このお知らせの相手ではない人（投票した、またはしていない）：{n}人"),
    }
    return tuple(sentence.format(n=f"{people[why]:,}") for why, sentence in sentences.items() if people.get(why))


def quota_left(plan: Plan, lang: str) -> str:
    """How many messages this month still allows."""
    if plan.quota is None:
        return translate(
            lang, "LINE から今月の残り通数を聞けませんでした。LINE 公式アカウントの管理画面で確かめてください。"
        )
    if plan.quota.limit is None or plan.left is None:
        return translate(lang, "今月の送信数に上限はありません。")
    left, limit = plan.left, plan.quota.limit
    return translate(lang, "今月の残り {left}通（上限 {limit}通）", left=f"{left:,}", limit=f"{limit:,}")


def night_words(plan: Plan | None, lang: str) -> str:
    """That a press would ring at night; empty by day, and once it was planned."""
    if plan is None or plan.state or not plan.at_night:
        return ""
    return translate(
        lang,
        "いまは夜です（21時から8時まで）。押すと、すぐに届いて、通知が鳴ります。"
        "朝に送るときは、下の「時刻を決めて送る」を使ってください。",
    )


async def delivery_of(
    session: AsyncSession, announcer: Announcer, about: About, plan: Plan, path: str, lang: str
) -> Delivery:
    """How far a planned message is, with LINE's numbers of the requests."""
    tried = await announcer.requests(session, about, MOST_REQUESTS)
    return Delivery(
        state=plan.state,
        live=plan.state == "running",
        path=f"{path}/live",
        states=delivery_states(plan.states, lang),
        requests=[
            Request(
                state=delivery_state(chunk.state, lang),
                people=chunk.people,
                language=LANGUAGE_NAMES.get(chunk.language, chunk.language),
                status=str(chunk.http_status or ""),
                number=chunk.accepted_request_id or chunk.request_id or "",
            )
            for chunk in tried
        ],
        most_requests=MOST_REQUESTS,
    )


async def preview_of(
    session: AsyncSession, previews: Previews, about: About, path: str, wished: tuple[str, str], lang: str
) -> Preview:
    """The letter in the wished language and on the wished ground. Conflict when there is nothing to tell."""
    spoken, ground = wished
    letter = await previews.letter(session, about, spoken)

    def address(part: str, language: str, look: str) -> str:
        return f"{path}{part}?{urlencode({'say': language, 'ground': look, 'lang': lang})}"

    names = {"light": translate(lang, "明るい画面"), "dark": translate(lang, "暗い画面")}
    return Preview(
        path=address("/letter", spoken, ground),
        languages=tuple(
            Choice(LANGUAGE_NAMES[other], address("", other, ground), other == spoken) for other in LANGUAGES
        ),
        grounds=tuple(Choice(names[other], address("", spoken, other), other == ground) for other in GROUNDS),
        sha256=hashlib.sha256(letter).hexdigest(),
    )


async def schedule_of(session: AsyncSession, about: About, lang: str) -> Schedule:
    """The time that a message waits for."""
    found = await scheduled_message(session, about)
    if found is None:
        return Schedule("", "")
    return Schedule(moment(found.at, lang), _refused_words(found.refused, lang))


def _refused_words(code: str, lang: str) -> str:
    """Why a message could not be sent at its time; the other reasons stand above, as they are now."""
    if code == "after_the_close":
        return translate(lang, "朝の8時を待つと、投票が終わってしまうためです。もっと早い日時にしてください。")
    return translate(lang, "上のわけを確かめて、もう一度送ってください。") if code else ""


async def testing_of(session: AsyncSession, word: str, done: str) -> Testing:
    """Who gets a letter first."""
    rows = tuple(
        TesterRow(tester.resident_id, tester.name, resident.messages_stopped)
        for tester, resident in await testers(session)
    )
    reached = sum(not row.stopped for row in rows)
    return Testing(rows, reached, LONGEST_NAME, word, int(WORD_LASTS.total_seconds()) // 60, done)
