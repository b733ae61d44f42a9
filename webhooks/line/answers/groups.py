"""The answer in a group or room, where a vote would be seen by everyone."""

from civic.kernel.i18n import SOURCE_LANGUAGE
from webhooks.line import messages, postback, spoken
from webhooks.line.answers.desk import as_json
from webhooks.line.events import Event


def answer_group(event: Event) -> bytes | None:
    """Ask for a talk of one's own: when we come in, and to whoever wants something of us; else be silent.

    Who comes and goes there, and what people say to each other, is not for us.
    """
    in_group = event.source.type in {"group", "room"}
    if not in_group or not (event.type == "join" or _is_meant_for_us(event)):
        return None
    said = _said(event)
    lang = said.command(SOURCE_LANGUAGE).lang if said else SOURCE_LANGUAGE
    return as_json(messages.group_chat_notice(lang))


def _is_meant_for_us(event: Event) -> bool:
    if event.type == "postback" and event.postback is not None:
        return postback.parse(event.postback.data) is not None
    return _said(event) is not None


def _said(event: Event) -> spoken.Said | None:
    if event.type != "message" or event.message is None:
        return None
    return spoken.understand(event.message.text)
