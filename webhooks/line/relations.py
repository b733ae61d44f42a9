"""What residents decide about themselves in the chat: settings, relation to the area, stopping, leaving."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.residents import actions
from civic.residents.queries import opted_out, resident_of
from civic.residents.rules import RELATIONS, UNSAID
from webhooks.line.answers.desk import Asking, Desk, as_json
from webhooks.line.leaving import leave, open_votes
from webhooks.line.messages import Message, settings
from webhooks.line.messages.settings import SettingsView
from webhooks.line.postback import Command

COMMANDS = frozenset(
    {"settings", "relation", "relation_done", "stop", "resume", "delete", "delete_yes", "opt_out", "opt_in"}
)
"""The commands that ``obey`` knows."""


async def obey(desk: Desk, session: AsyncSession, asking: Asking, command: Command, event_id: str) -> bytes:
    """Do what one of ``COMMANDS`` asks; the reply's messages as JSON. ``event_id`` is LINE's webhookEventId."""
    match command.name:
        case "relation":
            built = await _relate(desk, session, asking, command.value)
        case "relation_done":
            built = settings.relation_thanks(await _relations(desk, session, asking.account), asking.lang)
        case "stop":
            is_stopped = await actions.stop_messages(session, desk.vault, asking.account, asking.at_ms)
            built = settings.stopped(asking.lang) if is_stopped else await _show_settings(desk, session, asking)
        case "resume":
            hears = await actions.resume_messages(session, desk.vault, asking.account, asking.at_ms)
            built = settings.resumed(asking.lang) if hears else await _show_settings(desk, session, asking)
        case "opt_out" | "opt_in" if command.value in settings.KINDS:
            built = await _choose_kind(desk, session, asking, command)
        case "delete":
            ballots = [question.view for question in await open_votes(desk, session, asking.account)]
            built = settings.ask_delete(ballots, asking.lang)
        case "delete_yes":
            left = settings.LeftView(await leave(desk, session, asking, event_id))
            built = settings.deleted(left, asking.lang)
        case _:
            built = await _show_settings(desk, session, asking)
    return as_json(built)


async def _show_settings(desk: Desk, session: AsyncSession, asking: Asking) -> list[Message]:
    resident = await resident_of(session, desk.vault, asking.account)
    if resident is None:
        view = SettingsView((), stopped=False, opted_out=())
    else:
        refused = sorted(await opted_out(session, resident.id or 0))
        view = SettingsView(resident.relations, resident.messages_stopped, refused)
    return settings.settings_menu(view, asking.lang, f"{desk.base_url}/privacy")


async def _relate(desk: Desk, session: AsyncSession, asking: Asking, value: str) -> list[Message]:
    """The question, after one more answer when there is one; 答えない ends it."""
    if value == UNSAID:
        await actions.forget_relations(session, desk.vault, asking.account, asking.at_ms)
        return settings.relation_thanks(await _relations(desk, session, asking.account), asking.lang)
    relation = value.removeprefix(settings.NOT)
    if relation in RELATIONS:
        change = actions.say_relation if relation == value else actions.take_back_relation
        await change(session, desk.vault, asking.account, relation, asking.at_ms)
    return settings.relation_question(await _relations(desk, session, asking.account), asking.lang)


async def _relations(desk: Desk, session: AsyncSession, account: str) -> Sequence[str]:
    resident = await resident_of(session, desk.vault, account)
    return resident.relations if resident is not None else ()


async def _choose_kind(desk: Desk, session: AsyncSession, asking: Asking, command: Command) -> list[Message]:
    kind, who = command.value, (session, desk.vault, asking.account)
    if command.name == "opt_out":
        holds, answer = await actions.opt_out(*who, kind, asking.at_ms), settings.opted_out
    else:
        holds, answer = await actions.opt_in(*who, kind, asking.at_ms), settings.opted_in
    return answer(kind, asking.lang) if holds else await _show_settings(desk, session, asking)
