"""Answers to those who come: greeting, welcome back, consent, the language to speak."""

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.residents.actions import agree, choose_language, follow, note_phone_language
from civic.residents.queries import resident_of
from webhooks.line import messages
from webhooks.line.answers.desk import Asking, Desk, as_json
from webhooks.line.events import Event
from webhooks.line.messages.settings import relation_question
from webhooks.line.richmenu.definition import DEFAULT_LANGUAGE
from webhooks.line.richmenu.links import owe_menu


async def greet(desk: Desk, session: AsyncSession, account: str, event: Event) -> bytes:
    """Somebody new is told who we are and what is kept; somebody who ended a block only that it goes on.

    Somebody new speaks the language of the phone, as far as LINE says it in time; somebody known the one that was
    chosen.
    """
    known = await resident_of(session, desk.vault, account) is not None
    spoken = () if known else (desk.phones.take(account),)
    resident = await follow(session, desk.vault, account, event.timestamp, *spoken)
    if resident.language != DEFAULT_LANGUAGE:
        await owe_menu(session, desk.vault, account, resident.language, desk.clock())
    if known and event.follow is not None and event.follow.is_unblocked:
        return as_json(messages.welcome_back(resident.language))
    return as_json(messages.greeting(resident.language, desk.organiser, f"{desk.base_url}/privacy"))


async def note_phone(desk: Desk, session: AsyncSession, account: str, language: str) -> None:
    """Speak the language of a phone from now on, unless the person has chosen one."""
    if await note_phone_language(session, desk.vault, account, language):
        await owe_menu(session, desk.vault, account, language, desk.clock())


async def take_consent(desk: Desk, session: AsyncSession, asking: Asking) -> bytes:
    """参加する; the first time with the one question."""
    is_first = await agree(session, desk.vault, asking.account, asking.at_ms)
    question = relation_question((), asking.lang) if is_first else []
    return as_json([*messages.consent_thanks(asking.lang), *question])


async def speak(desk: Desk, session: AsyncSession, asking: Asking) -> bytes:
    """From now on in the language that was asked for, or in another one that was chosen later."""
    language = await choose_language(session, desk.vault, asking.account, asking.lang, asking.at_ms)
    await owe_menu(session, desk.vault, asking.account, language, desk.clock())
    return as_json(messages.language_changed(language))
