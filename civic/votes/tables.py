"""The vote log (the truth) and the folded votes (a disposable cache of it)."""

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, append_only, choice
from civic.votes.channels import CHANNELS

OPERATIONS = ("add", "remove", "none", "withdraw", "set")


class Operation(SQLModel, table=True):
    """One tap or form, as recorded. ``record`` is the canonical JSON behind the receipt, ``salt`` opens it.

    ``event_id`` is LINE's webhookEventId (or our ULID), ``at_ms`` the time of the event, ``received_ms`` when we
    committed it; ``choices`` is the proposal of an add or remove, or the space-separated set of a paper sheet.
    ``ballot_id`` is no foreign key: PostgreSQL would lock the ballot's row for every vote, in every process.
    """

    __tablename__ = "vote_log"
    __table_args__ = (Index("vote_log_voter", "ballot_id", "voter"),)

    ballot_id: int = Field(primary_key=True, sa_type=BigInt)
    event_id: str = Field(sa_type=CleanText, primary_key=True)
    voter: bytes = Field(sa_type=LargeBinary)
    at_ms: int = Field(sa_type=BigInt)
    channel: str = Field(sa_type=choice("vote_log_channel", *CHANNELS))
    op: str = Field(sa_type=choice("vote_log_op", *OPERATIONS))
    choices: str = Field(sa_type=CleanText)
    record: bytes = Field(sa_type=LargeBinary)
    salt: bytes = Field(sa_type=LargeBinary)
    receipt: str = Field(sa_type=CleanText, unique=True)
    received_ms: int = Field(sa_type=BigInt)


append_only(Operation.__table__)  # type: ignore[attr-defined]


class Vote(SQLModel, table=True):
    """The fold of one voter's operations. It can be thrown away and made again from the log.

    ``choices`` are places on the ballot (from 0), oldest first, joined by spaces; none at all is a blank vote. So
    numpy counts them without looking at each vote, and SQLite, keeping the rows by their key, reads them in a row.
    """

    __tablename__ = "vote"
    __table_args__ = {"sqlite_with_rowid": False}

    ballot_id: int = Field(foreign_key="ballot.id", primary_key=True, sa_type=BigInt)
    voter: bytes = Field(sa_type=LargeBinary, primary_key=True)
    choices: str = Field(sa_type=Text)
