"""The inbox: every event LINE hands over, until it is finished."""

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, choice

INBOX_STATES = ("pending", "done", "quarantined")


class InboxEvent(SQLModel, table=True):
    """One event. The key is a keyed hash of its id; the sealed body is erased when the event is finished."""

    __tablename__ = "line_inbox"
    __table_args__ = (
        Index(
            "line_inbox_pending",
            "attempts",
            "received_ms",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "line_inbox_aside",
            "received_ms",
            sqlite_where=text("state = 'quarantined'"),
            postgresql_where=text("state = 'quarantined'"),
        ),
    )

    event_key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    state: str = Field(sa_type=choice("line_inbox_state", *INBOX_STATES))
    reason: str | None = Field(default=None, sa_type=CleanText)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    attempts: int = 0
    received_ms: int = Field(sa_type=BigInt)
