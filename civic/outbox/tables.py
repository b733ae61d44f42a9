"""Replies and campaigns waiting to be sent. No row holds a LINE id."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, UtcDateTime, choice
from civic.kernel.ids import new_ulid

REPLY_STATES = ("pending", "sent", "refused", "expired", "failed")
CHUNK_STATES = ("pending", "sent", "already", "refused", "quota", "unknown", "expired", "given_up")
CAMPAIGN_STATES = ("running", "stopped", "done")


class Reply(SQLModel, table=True):
    """An answer to one event. Body and token are erased as soon as it is sent or its minute has passed."""

    __tablename__ = "outbox_reply"

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    state: str = Field(default="pending", sa_type=choice("outbox_reply_state", *REPLY_STATES), index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    token: bytes | None = Field(default=None, sa_type=LargeBinary)
    messages: bytes | None = Field(default=None, sa_type=LargeBinary)


class Campaign(SQLModel, table=True):
    """One message to many people, sent once: unique by kind and subject.

    ``running`` until nobody waits any more (``done``); ``stopped`` at a used-up month, until a planner resumes it.
    """

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("kind", "subject", name="campaign_once"),)

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    kind: str = Field(sa_type=CleanText)
    subject: str = Field(sa_type=CleanText)
    state: str = Field(default="running", sa_type=choice("campaign_state", *CAMPAIGN_STATES))
    planned_at: datetime = Field(sa_type=UtcDateTime)
    planned_by: str = Field(sa_type=CleanText)
    recipients: int


class CampaignLetter(SQLModel, table=True):
    """What a campaign says in one language: the messages of the request as JSON, byte for byte.

    Erased when the campaign is done.
    """

    __tablename__ = "campaign_letter"

    campaign_id: str = Field(foreign_key="campaign.id", primary_key=True, sa_type=CleanText)
    language: str = Field(primary_key=True, sa_type=CleanText)
    messages: bytes = Field(sa_type=LargeBinary)


class DeliveryChunk(SQLModel, table=True):
    """At most 500 residents who get the same bytes under one retry key.

    ``residents`` are their numbers in the order of the request (see ``rules.pack``), erased once the chunk is
    settled. ``body_sha256`` is the hash of the whole request body, LINE ids included, so a retry can prove that
    it sends exactly what was sent before although the ids themselves are not kept here. Of those who were planned
    ``gone`` had left before the first attempt and LINE ``refused`` some one by one; ``people`` are left.

    ``expired``: what it says was over before LINE took it; ``given_up``: a planner gave up what a used-up month
    had stopped. Of neither has anybody heard.
    """

    __tablename__ = "delivery_chunk"
    __table_args__ = (
        UniqueConstraint("campaign_id", "seq", name="delivery_chunk_seq"),
        Index("delivery_chunk_due", "state", "campaign_id", "seq"),
    )

    id: str = Field(default_factory=new_ulid, primary_key=True, sa_type=CleanText)
    campaign_id: str = Field(foreign_key="campaign.id", sa_type=CleanText)
    seq: int
    language: str = Field(sa_type=CleanText)
    retry_key: str = Field(sa_type=CleanText, unique=True)
    residents: bytes | None = Field(default=None, sa_type=LargeBinary)
    people: int
    gone: int = 0
    refused: int = 0
    body_sha256: str = Field(sa_type=CleanText)
    state: str = Field(default="pending", sa_type=choice("delivery_chunk_state", *CHUNK_STATES))
    not_before: datetime = Field(sa_type=UtcDateTime)
    first_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    http_status: int | None = None
    request_id: str | None = Field(default=None, sa_type=CleanText)
    accepted_request_id: str | None = Field(default=None, sa_type=CleanText)


class ScheduledMessage(SQLModel, table=True):
    """A message that becomes a campaign at a time: who hears it and what it says is decided then.

    ``refused`` is the code of the refusal that kept it from being sent at its time, empty before.
    """

    __tablename__ = "scheduled_message"

    kind: str = Field(primary_key=True, sa_type=CleanText)
    ballot: str = Field(primary_key=True, sa_type=CleanText)
    installation: int = Field(primary_key=True, sa_type=BigInt)
    at: datetime = Field(sa_type=UtcDateTime)
    scheduled_by: str = Field(sa_type=CleanText)
    refused: str = Field(default="", sa_type=CleanText)
