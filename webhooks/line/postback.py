"""What a button of ours says when it is tapped: the ``data`` of a LINE postback.

The data is a short query string, the same for all residents of a ballot and language, so that cards can be
built once and nothing about a person travels in them::

    v=add&b=attara-2026&p=shade-bench&l=ja      a vote
    v=none&b=attara-2026&l=en                   どれも選ばない
    c=ballot&b=attara-2026&n=1&l=ja             a command: the second page of the ballot
    c=relation&p=live&l=ja@easy                 a command with a value, in easy Japanese
"""

import re
from typing import Any, Literal, get_args

import msgspec

from civic.kernel.ids import SLUG

MAX_LENGTH = 300
"""LINE's limit for postback data, in characters; ours is ASCII, so also in bytes."""

VoteOp = Literal["add", "remove", "none", "withdraw"]
CommandName = Literal[
    "ballot",
    "my_votes",
    "map",
    "results",
    "browser",
    "help",
    "settings",
    "language",
    "consent",
    "later",
    "relation",
    "relation_done",
    "opt_out",
    "opt_in",
    "stop",
    "resume",
    "delete",
    "delete_yes",
]

_VALUE = r"[a-z][a-z0-9_-]{0,63}"

# One match over the whole string is what keeps the webhook's hot path at about two microseconds. Votes stand
# first: how many commands there are costs them nothing.
_DATA = re.compile(
    rf"(?:v=(?:(add|remove)&b=({SLUG.pattern})&p=({SLUG.pattern})|(none|withdraw)&b=({SLUG.pattern}))"
    rf"|c=({'|'.join(get_args(CommandName))})(?:&b=({SLUG.pattern}))?(?:&p=({_VALUE}))?(?:&n=([1-9][0-9]?))?)"
    r"&l=([a-z]{2,3}(?:@easy)?)",
    re.ASCII,
)


class VoteTap(msgspec.Struct, frozen=True):
    """A vote button: ``proposal`` is a slug for add and remove, empty for none and withdraw."""

    ballot: str
    op: VoteOp
    proposal: str
    lang: str


class Command(msgspec.Struct, frozen=True):
    """A button that asks for something: ``ballot`` may be empty, ``page`` counts from 0 (at most 99).

    ``lang`` is the language of the answer; for ``language`` it is the wanted one. ``value`` is what a command is
    about besides a ballot: a relation, a kind of message, or empty.
    """

    name: CommandName
    ballot: str
    page: int
    lang: str
    value: str = ""


def encode(tap: VoteTap | Command) -> str:
    """The postback data of a button.

    Raises:
        ValueError: for what ``parse`` would not give back (a bad slug, an unknown name, page 100).
    """
    data = _vote_data(tap) if isinstance(tap, VoteTap) else _command_data(tap)
    if parse(data) != tap:
        raise ValueError(f"no button can carry {tap!r}")
    return data


def parse(data: str) -> VoteTap | Command | None:
    """The button behind postback data, or None for what no button of ours says.

    A language that we do not speak (any more) is kept: a vote is never lost for its language.
    """
    if len(data) > MAX_LENGTH:
        return None
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    groups: tuple[Any, ...] = match.groups()
    op, ballot, proposal, bare_op, bare_ballot, name, about, value, page, lang = groups
    if op:
        return VoteTap(ballot, op, proposal, lang)
    if bare_op:
        return VoteTap(bare_ballot, bare_op, "", lang)
    return Command(name, about or "", int(page or 0), lang, value or "")


def _vote_data(tap: VoteTap) -> str:
    proposal = f"&p={tap.proposal}" if tap.proposal else ""
    return f"v={tap.op}&b={tap.ballot}{proposal}&l={tap.lang}"


def _command_data(command: Command) -> str:
    ballot = f"&b={command.ballot}" if command.ballot else ""
    value = f"&p={command.value}" if command.value else ""
    page = f"&n={command.page}" if command.page else ""
    return f"c={command.name}{ballot}{value}{page}&l={command.lang}"
