"""The cards of a ballot. No vote can be found from here: a voter's pseudonym needs the code itself."""

from datetime import date

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, choice

STATES = ("ok", "test", "void")


class VotingCode(SQLModel, table=True):
    """A card. ``code_hash`` is the keyed hash of its code; ``used_on`` the day in Japan of its first vote.

    ``test``: it opens the form, and nothing of it is recorded. ``place`` is where the batch is handed out.
    """

    __tablename__ = "voting_code"
    __table_args__ = (Index("voting_code_batch", "ballot_id", "batch"),)

    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    ballot_id: int = Field(foreign_key="ballot.id", sa_type=BigInt)
    batch: int
    place: str = Field(sa_type=CleanText)
    state: str = Field(sa_type=choice("voting_code_state", *STATES))
    used_on: date | None = None
