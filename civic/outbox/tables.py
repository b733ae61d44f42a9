"""Replies and campaigns waiting to be sent. No row holds a LINE id."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import CleanText, Json, UtcDateTime, choice
from civic.kernel.ids import new_ulid

REPLY_STATES = ("pending", "sent", "refused", "expired", "failed")
CHUNK_STATES = ("pending", "sent", "already", "refused", "quota", "unknown")


class Reply(SQLModel, table=True):
    """An answer to one event. Body and token are erased as soon as it is sent or its minute has passed."""

    __tablename__ = "outbox_reply"

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    state: str = Field(default="pending", sa_type=choice("outbox_reply_state", *REPLY_STATES), index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    token: bytes | None = Field(default=None, sa_type=LargeBinary)
    messages: bytes | None = Field(default=None, sa_type=LargeBinary)


class Campaign(SQLModel, table=True):
    """One message to many people, sent once: unique by kind and subject."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("kind", "subject", name="campaign_once"),)

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    kind: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText)
    planned_at: datetime = Field(sa_type=UtcDateTime)
    recipients: int


class DeliveryChunk(SQLModel, table=True):
    """At most 500 residents who get the same bytes under one retry key; fixed when planned.

    ``body_sha256`` is the hash of the whole request body, LINE ids included, so a retry can prove that it sends
    exactly what was sent before although the ids themselves are not kept here.
    """

    __tablename__ = "delivery_chunk"
    __table_args__ = (UniqueConstraint("campaign_id", "seq", name="delivery_chunk_seq"),)

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    campaign_id: str = Field(foreign_key="campaign.id", sa_type=CleanText)
    seq: int
    retry_key: str = Field(sa_type=CleanText, unique=True)
    messages: bytes = Field(sa_type=LargeBinary)
    residents: list[int] = Field(sa_type=Json)
    body_sha256: str = Field(sa_type=CleanText)
    state: str = Field(default="pending", sa_type=choice("delivery_chunk_state", *CHUNK_STATES), index=True)
    not_before: datetime = Field(sa_type=UtcDateTime)
    first_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    http_status: int | None = None
    request_id: str | None = Field(default=None, sa_type=CleanText)
