"""What the page of a message to many people shows: plain values in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass

from civic.admin.pages import Trouble
from civic.admin.pages_ballots import Named


@dataclass(frozen=True)
class Cost:
    """Who would hear and what it costs; ``by_language`` and ``left_out`` are sentences."""

    recipients: int
    messages: int
    left: str
    by_language: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """One request to LINE: how it ended and LINE's number for it (``x-line-request-id``)."""

    state: str
    people: int
    language: str
    status: str
    number: str


@dataclass(frozen=True)
class Delivery:
    """How far a planned message is; ``live`` while people still wait for it and nothing stopped it."""

    state: str
    live: bool
    path: str
    states: tuple[str, ...]
    requests: Sequence[Request]
    most_requests: int


@dataclass(frozen=True)
class Choice:
    """One of several looks of the preview."""

    name: str
    path: str
    chosen: bool


@dataclass(frozen=True)
class Preview:
    """The letter in one language on light or dark ground; ``sha256`` is the hash of the bytes that go out."""

    path: str
    languages: tuple[Choice, ...]
    grounds: tuple[Choice, ...]
    sha256: str


@dataclass(frozen=True)
class Schedule:
    """The time that the message waits for; empty without one. ``refused``: why it could not be sent then."""

    at: str
    refused: str


@dataclass(frozen=True)
class TesterRow:
    """Somebody who gets the letter first, unless they have ``stopped`` all messages."""

    number: int
    name: str
    stopped: bool


@dataclass(frozen=True)
class Testing:
    """Who gets the letter first, ``reached`` of them now.

    ``word`` is to be said in the chat, shown once; ``done`` what came of a test.
    """

    testers: tuple[TesterRow, ...]
    reached: int
    longest_name: int
    word: str
    word_lasts: int
    done: str


@dataclass(frozen=True)
class SendPage:
    """``/admin/ballots/{slug}/send/{what}``. ``anyway``: the month is too small, and a press must say so.

    ``may_send`` shows the button, ``may_give_up`` the one that ends a stopped delivery; ``night`` warns that a
    press would ring at night, empty by day.
    """

    ballot: Named
    path: str
    title: str
    says: str
    cost: Cost | None
    delivery: Delivery | None
    preview: Preview | None
    schedule: Schedule | None
    testing: Testing | None
    may_send: bool
    may_give_up: bool
    button: str
    anyway: bool
    night: str
    trouble: Trouble | None
