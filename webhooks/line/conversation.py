"""Everything people do in the chat except voting: which answer each event gets, and which gets none."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.i18n import supported_language
from civic.kernel.logging import logger
from civic.residents.actions import unfollow
from webhooks.line import messages, relations, spoken
from webhooks.line.answers import friendship, places, results, voting
from webhooks.line.answers.desk import Asking, Desk, as_json
from webhooks.line.answers.groups import answer_group
from webhooks.line.answers.testing import take_in, tester_word
from webhooks.line.arrivals import place_code, welcome
from webhooks.line.events import Event, Message
from webhooks.line.postback import Command, parse
from webhooks.line.unsent import forget_message

_ABOUT_THE_CHANNEL = frozenset({"activated", "deactivated", "botSuspended", "botResumed", "module"})
"""These concern whoever runs the account: they stand in the log and nowhere else."""

Handler = Callable[["Conversation", AsyncSession, str, Event], Awaitable[bytes | None]]


@dataclass(frozen=True)
class Conversation:
    """Answers single events. Everything it reads and writes is in the caller's transaction."""

    desk: Desk

    async def answer(self, session: AsyncSession, event: Event) -> bytes | None:
        """Do what an event asks, and return the reply's messages as JSON, or None for silence.

        Silence is for what asks nothing of us (videoPlayComplete, beacon, accountLink, membership, delivery) and
        for all that LINE may invent.
        """
        if event.type == "unsend" and event.unsend is not None:
            await forget_message(session, self.desk.vault, event.unsend.message_id)
            return None
        if event.type in _ABOUT_THE_CHANNEL:
            logger("conversation").warning("channel_changed", kind=event.type)
            return None
        account = event.account
        if account is None:
            return answer_group(event)
        handler = _HANDLERS.get(event.type)
        return await handler(self, session, account, event) if handler else None

    async def _befriend(self, session: AsyncSession, account: str, event: Event) -> bytes:
        return await friendship.greet(self.desk, session, account, event)

    async def _let_go(self, session: AsyncSession, account: str, event: Event) -> None:
        await unfollow(session, self.desk.vault, account, event.timestamp)

    async def _hear(self, session: AsyncSession, account: str, event: Event) -> bytes | None:
        message = event.message
        if message is None:
            return None
        language = await self.desk.language_of(session, account)
        if message.type == "text":
            return await self._listen(session, Asking(account, language, event.timestamp), message.text, event)
        return await self._locate(session, message, language) or as_json(messages.text_only(language))

    async def _listen(self, session: AsyncSession, asking: Asking, text: str, event: Event) -> bytes:
        """What somebody wrote: a place's or tester's code, a wish in words, or something else, which gets help."""
        came = await self._arrive(session, asking, text) or await self._test(session, asking, text)
        if came is not None:
            return came
        said = spoken.understand(text)
        command = said.command(asking.lang) if said else Command("help", "", 0, asking.lang)
        return await self._obey(session, asking.account, command, event)

    async def _arrive(self, session: AsyncSession, asking: Asking, text: str) -> bytes | None:
        code = place_code(text)
        return await welcome(self.desk, session, asking, code) if code else None

    async def _test(self, session: AsyncSession, asking: Asking, text: str) -> bytes | None:
        word = tester_word(text)
        return await take_in(self.desk, session, asking, word) if word else None

    async def _locate(self, session: AsyncSession, message: Message, lang: str) -> bytes | None:
        """What is near a location; None for every other kind of message."""
        if message.type != "location" or message.longitude is None or message.latitude is None:
            return None
        return await places.show_nearest(self.desk, session, lang, message.longitude, message.latitude)

    async def _press(self, session: AsyncSession, account: str, event: Event) -> bytes | None:
        command = parse(event.postback.data) if event.postback else None
        if not isinstance(command, Command):
            return None
        return await self._obey(session, account, command, event)

    async def _obey(self, session: AsyncSession, account: str, command: Command, event: Event) -> bytes:
        """Tapped or typed, a wish is answered alike."""
        desk = self.desk
        asking = Asking(account, supported_language(command.lang), event.timestamp)
        match command.name:
            case "ballot":
                return await voting.show_ballot(desk, session, asking, command.ballot, command.page)
            case "browser":
                return await voting.lead_to_form(desk, session, asking, command.ballot)
            case "my_votes":
                return await voting.show_vote(desk, session, asking, command.ballot)
            case "map":
                return await places.show_places(desk, session, asking.lang)
            case "results":
                return await results.show_results(desk, session, asking.lang)
            case "language":
                return await friendship.speak(desk, session, asking)
            case "consent":
                return await friendship.take_consent(desk, session, asking)
            case "later":
                return as_json(messages.come_back_anytime(asking.lang))
            case name if name in relations.COMMANDS:
                return await relations.obey(desk, session, asking, command, event.webhook_event_id)
            case _:
                return as_json(messages.help_message(asking.lang))


_HANDLERS: dict[str, Handler] = {
    "follow": Conversation._befriend,
    "unfollow": Conversation._let_go,
    "message": Conversation._hear,
    "postback": Conversation._press,
}
