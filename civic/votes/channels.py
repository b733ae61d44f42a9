"""Where a vote was cast, and how sure it is that there is one person behind it. Pure."""

from collections.abc import Mapping

LINE = "line"
"""A button in the chat."""

WEB = "web"
"""The form in a browser, opened from LINE: by the personal link, LIFF or LINE Login."""

CODE = "code"
"""The same form, opened with a one-time code from a card."""

PAPER = "paper"
"""A sheet that staff entered."""

CHANNELS = (LINE, WEB, CODE, PAPER)

ACCOUNT = "account"
"""One LINE account: mostly one telephone number."""

IN_PERSON = "in_person"
"""Handed over from person to person: a card, a sheet."""

ASSURANCE: Mapping[str, str] = {LINE: ACCOUNT, WEB: ACCOUNT, CODE: IN_PERSON, PAPER: IN_PERSON}
"""The level of assurance that each channel gives."""


def by_assurance(channels: Mapping[str, int]) -> dict[str, int]:
    """Voters per level of assurance, from the voters per channel; both add up to the same."""
    levels = dict.fromkeys((ACCOUNT, IN_PERSON), 0)
    for channel, voters in channels.items():
        levels[ASSURANCE[channel]] += voters
    return levels
