"""Recording an operation: the canonical record, its salt, the receipt, and the row of the log.

record  = canonical JSON {v, type, ballot, p, channel, op, choices, h, tc}
p       = the voter's pseudonym in hex      h = hour of the event (UTC)
tc      = SHA-256(salt ‖ at_ms ‖ ":" ‖ event_id): commits to the exact time without telling it, so the record
          can be published although a public millisecond would point at the person who was seen tapping
receipt = Crockford base32 of the first 80 bits of SHA-256(salt ‖ record)
"""

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import orjson

from civic.kernel.clock import from_ms
from civic.kernel.db.fixed import Fixed
from civic.kernel.ids import receipt_code
from civic.kernel.security import pseudonym

SALT_BYTES = 16
_HOUR_MS = 3_600_000

Row = tuple[int, str, bytes, int, str, str, str, bytes, bytes, str]

COLUMNS = (
    "ballot_id",
    "event_id",
    "voter",
    "at_ms",
    "channel",
    "op",
    "choices",
    "record",
    "salt",
    "receipt",
    "received_ms",
)
_COLUMNS = ", ".join(COLUMNS)

APPEND = Fixed(
    sqlite=f"insert into vote_log ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "  # noqa: S608
    "on conflict (ballot_id, event_id) do nothing",
    postgresql=f"insert into vote_log ({_COLUMNS}) select * from unnest("  # noqa: S608
    "%b::bigint[], %b::text[], %b::bytea[], %b::bigint[], %b::text[], %b::text[], %b::text[], "
    "%b::bytea[], %b::bytea[], %b::text[], %b::bigint[]) on conflict (ballot_id, event_id) do nothing",
)
"""A second delivery of an event changes nothing: the first row, with its salt and receipt, stands."""


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """What recording needs to know of a ballot that has been opened; it never changes."""

    id: int
    slug: str
    key: bytes


class Cast(msgspec.Struct, frozen=True):
    """An operation as it arrives: who (an account in a channel), what, and when (ms since 1970 UTC)."""

    channel: str
    account: str
    op: str
    choices: tuple[str, ...]
    event_id: str
    at_ms: int


class Step(msgspec.Struct, frozen=True):
    """An operation without the account: of a form, which knows its voter by the pseudonym alone."""

    channel: str
    op: str
    choices: tuple[str, ...]
    event_id: str
    at_ms: int


def log_row(ballot: OpenBallot, cast: Cast) -> Row:
    """The row of an account's operation, all but the receive time, which the commit adds."""
    return voter_row(ballot.id, ballot.slug, pseudonym(ballot.key, cast.channel, cast.account), cast)


def voter_row(ballot_id: int, ballot: str, voter: bytes, step: Cast | Step) -> Row:
    """The row of a voter's operation, all but the receive time; the voter is given as the pseudonym."""
    salt = os.urandom(SALT_BYTES)
    record = operation_record(ballot, voter, step, salt)
    return (
        ballot_id,
        step.event_id,
        voter,
        step.at_ms,
        step.channel,
        step.op,
        " ".join(step.choices),
        record,
        salt,
        receipt_of(salt, record),
    )


def operation_record(ballot: str, voter: bytes, step: Cast | Step, salt: bytes) -> bytes:
    """The canonical JSON of an operation: its keys sorted, around what thousands of operations have in common."""
    head, middle = _frame(ballot, step.channel, step.op, step.choices)
    committed = hashlib.sha256(salt + f"{step.at_ms}:{step.event_id}".encode()).hexdigest()
    hour = _hour(step.at_ms // _HOUR_MS)
    return f'{head}{hour}{middle}{voter.hex()}","tc":"{committed}","type":"vote","v":1}}'.encode()


@lru_cache(maxsize=4096)
def _frame(ballot: str, channel: str, op: str, choices: tuple[str, ...]) -> tuple[str, str]:
    """A record up to its hour, and from there to the pseudonym."""
    head = f'{{"ballot":{_json(ballot)},"channel":{_json(channel)},"choices":{_json(choices)},"h":"'
    return head, f'","op":{_json(op)},"p":"'


def _json(value: str | tuple[str, ...]) -> str:
    return orjson.dumps(value).decode()


def receipt_of(salt: bytes, record: bytes) -> str:
    """The code a voter keeps."""
    return receipt_code(hashlib.sha256(salt + record).digest())


@lru_cache(maxsize=4096)
def _hour(hours: int) -> str:
    return from_ms(hours * _HOUR_MS).strftime("%Y-%m-%dT%HZ")
