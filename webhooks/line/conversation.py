"""Everything people do in the chat except voting: follow, leave, ask for the ballot, look at their vote."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_in_state
from civic.ballots.rules import rotation_of
from civic.kernel.clock import Clock
from civic.kernel.i18n import SOURCE_LANGUAGE, supported_language
from civic.kernel.security import BallotKeys, Vault, pseudonym
from civic.residents.actions import agree, choose_language, follow, unfollow
from civic.residents.queries import resident_of
from civic.residents.tables import Resident
from civic.votes.links import PersonalLink, link_path
from civic.votes.queries import taps_of
from civic.votes.rules import fold
from webhooks.line import messages
from webhooks.line.carousels import Carousels
from webhooks.line.events import Event
from webhooks.line.messages import wording
from webhooks.line.postback import Command, parse
from webhooks.line.profiles import PhoneLanguages
from webhooks.line.questions import Question, Questions

_ASKS_IN_ENGLISH = frozenset({"vote", "voting", "ballot"})
_ASKS = frozenset({"投票", "とうひょう", "トウヒョウ", "投票する"}) | _ASKS_IN_ENGLISH
_MINE_IN_ENGLISH = frozenset({"my vote", "my votes"})
_MINE = frozenset({"わたしの票", "私の票", "わたしのひょう"}) | _MINE_IN_ENGLISH
_LANGUAGES = {"english": "en", "日本語": "ja", "japanese": "ja"}


@dataclass(frozen=True)
class Conversation:
    """Answers single events. Everything it reads and writes is in the caller's transaction."""

    vault: Vault
    keys: BallotKeys
    carousels: Carousels
    questions: Questions
    phones: PhoneLanguages
    clock: Clock
    base_url: str
    organiser: str

    async def answer(self, session: AsyncSession, event: Event) -> bytes | None:
        """Do what an event asks, and return the reply's messages as JSON, or None for silence."""
        account = event.account
        if account is None:
            return _notice_to_group(event)
        if event.type == "follow":
            resident = await self._befriend(session, account, event.timestamp)
            return _json(messages.greeting(resident.language, self.organiser, f"{self.base_url}/privacy"))
        if event.type == "unfollow":
            await unfollow(session, self.vault, account, event.timestamp)
            return None
        if event.type == "message" and event.message is not None:
            return await self._hear(session, account, event.message.type, event.message.text, event.timestamp)
        if event.type == "postback" and event.postback is not None:
            command = parse(event.postback.data)
            if isinstance(command, Command):
                return await self._obey(session, account, command, event.timestamp)
        return None

    async def _befriend(self, session: AsyncSession, account: str, at_ms: int) -> Resident:
        """Somebody new speaks the language of the phone; somebody known the one that was chosen."""
        if await resident_of(session, self.vault, account) is not None:
            return await follow(session, self.vault, account, at_ms)
        return await follow(session, self.vault, account, at_ms, self.phones.take(account))

    async def _hear(self, session: AsyncSession, account: str, kind: str, text: str, at_ms: int) -> bytes:
        language = await self._language(session, account)
        if kind != "text":
            return _json(messages.text_only(language))
        said = _words(text)
        if said in _LANGUAGES:
            return await self._speak(session, account, _LANGUAGES[said], at_ms)
        if said in _ASKS:
            asked_in = "en" if said in _ASKS_IN_ENGLISH else language
            return await self._show_ballot(session, account, asked_in, "", 0)
        if said in _MINE:
            return await self._show_vote(session, account, "en" if said in _MINE_IN_ENGLISH else language, "")
        return _json(messages.help_message(language))

    async def _obey(self, session: AsyncSession, account: str, command: Command, at_ms: int) -> bytes:
        language = supported_language(command.lang)
        match command.name:
            case "ballot":
                return await self._show_ballot(session, account, language, command.ballot, command.page)
            case "browser":
                return await self._lead_to_form(session, account, language, command.ballot)
            case "my_votes":
                return await self._show_vote(session, account, language, command.ballot)
            case "language":
                return await self._speak(session, account, language, at_ms)
            case "consent":
                await agree(session, self.vault, account, at_ms)
                return _json(messages.consent_thanks(language))
            case "later":
                return _json(messages.come_back_anytime(language))
            case _:
                return _json(messages.help_message(language))

    async def _show_ballot(
        self, session: AsyncSession, account: str, language: str, slug: str, page: int
    ) -> bytes:
        questions = await self.questions.open_now(session)
        chosen = [question for question in questions if question.law.slug == slug] or list(questions)
        if not chosen:
            return await self._nothing_open(session, language)
        if len(chosen) > 1:
            return _json(messages.choose_ballot([question.view for question in chosen], language))
        key = self.keys.get(chosen[0].law.slug)
        rotation = rotation_of(key, pseudonym(key, "line", account))
        return self.carousels.get(chosen[0], language, rotation, page)

    async def _lead_to_form(self, session: AsyncSession, account: str, language: str, slug: str) -> bytes:
        questions = await self.questions.open_now(session)
        chosen = [question for question in questions if question.law.slug == slug]
        if not chosen:
            return await self._show_ballot(session, account, language, slug, 0)
        voter = pseudonym(self.keys.get(slug), "line", account)
        link = PersonalLink.from_now(voter, self.clock())
        url = f"{self.base_url}{link_path(self.vault, slug, link)}?lang={language}"
        return _json(messages.browser_link(chosen[0].view, language, url, link.until))

    async def _show_vote(self, session: AsyncSession, account: str, language: str, slug: str) -> bytes:
        questions = await self.questions.open_now(session)
        chosen = [question for question in questions if question.law.slug == slug] or list(questions)
        if not chosen:
            return await self._nothing_open(session, language)
        shown = []
        for question in chosen[:5]:
            shown += await self._own_vote(session, account, question, language)
        return _json(shown[:5])

    async def _own_vote(
        self, session: AsyncSession, account: str, question: Question, language: str
    ) -> list[messages.Message]:
        voter = pseudonym(self.keys.get(question.law.slug), "line", account)
        taps = await taps_of(session, question.law.ballot_id, [voter])
        vote = fold(taps[voter], question.terms) if voter in taps else None
        choices, blank = (vote.choices, vote.blank) if vote else ((), False)
        return messages.my_votes(question.view, language, choices, blank, vote is not None)

    async def _speak(self, session: AsyncSession, account: str, language: str, at_ms: int) -> bytes:
        await choose_language(session, self.vault, account, language, at_ms)
        return _json(messages.language_changed(language))

    async def _nothing_open(self, session: AsyncSession, language: str) -> bytes:
        now = self.clock()
        coming = [ballot for ballot in await ballots_in_state(session, "scheduled") if ballot.opens_at > now]
        following = (coming[-1].opens_at, coming[-1].title) if coming else ()
        return _json([*await self._last_ballot(session, language), *messages.no_open_ballot(language, *following)])

    async def _last_ballot(self, session: AsyncSession, language: str) -> list[messages.Message]:
        ended = await ballots_in_state(session, "closed", "sealed", "decided")
        if not ended:
            return []
        last = ended[0]
        title = wording.brief(last.title, language, last.slug)
        url = f"{self.base_url}/b/{last.slug}/results"
        return messages.last_ballot(language, title, url, is_counted=last.state != "closed")

    async def _language(self, session: AsyncSession, account: str) -> str:
        resident = await resident_of(session, self.vault, account)
        return resident.language if resident else SOURCE_LANGUAGE


def _notice_to_group(event: Event) -> bytes | None:
    """In a group or room a vote would be seen by all: say so when we come in, and to whoever asks for a ballot."""
    said = _words(event.message.text) if event.type == "message" and event.message is not None else ""
    asked = event.type == "join" or said in _ASKS | _MINE
    in_group = event.source.type in {"group", "room"}
    return _json(messages.group_chat_notice(SOURCE_LANGUAGE)) if in_group and asked else None


def _words(text: str) -> str:
    """What somebody typed, whatever the width, the case and the brackets around it."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).strip("「」。.!！").lower()


def _json(built: Sequence[messages.Message]) -> bytes:
    return orjson.dumps(built)
