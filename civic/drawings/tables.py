"""What was drawn of a placement."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from civic.kernel.db import BigInt, CleanText, Json, UtcDateTime


class Drawing(SQLModel, table=True):
    """The scene of one placement as it was first drawn: a newer renderer does not change what people saw.

    ``document`` is the scene for a 3D view without addresses (metres; geodata.scene); ``surroundings`` is the
    SHA-256 of the stored GLB of everything around the proposal.
    """

    __tablename__ = "drawing"

    placement_id: int = Field(
        foreign_key="placement.id",
        ondelete="CASCADE",
        primary_key=True,
        sa_type=BigInt,
        sa_column_kwargs={"autoincrement": False},
    )
    inputs_sha256: str = Field(sa_type=CleanText, index=True)
    surroundings: str = Field(sa_type=CleanText, index=True)
    document: dict[str, Any] = Field(sa_type=Json)
    drawn_at: datetime = Field(sa_type=UtcDateTime)


class Picture(SQLModel, table=True):
    """A picture from one camera, 4:3 and square, each by the SHA-256 of the stored JPEG."""

    __tablename__ = "picture"
    __table_args__ = (UniqueConstraint("placement_id", "camera", name="picture_camera"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInt)
    placement_id: int = Field(foreign_key="drawing.placement_id", ondelete="CASCADE", sa_type=BigInt)
    camera: str = Field(sa_type=CleanText)
    wide: str = Field(sa_type=CleanText, index=True)
    square: str = Field(sa_type=CleanText, index=True)


class SunPicture(SQLModel, table=True):
    """A placement in the sun of an instant, for the staff; ``wide`` is the SHA-256 of the stored JPEG once drawn.

    Unlike what people vote on it may be drawn again: each time shows what is known then.
    """

    __tablename__ = "sun_picture"

    placement_id: int = Field(
        foreign_key="placement.id",
        ondelete="CASCADE",
        primary_key=True,
        sa_type=BigInt,
        sa_column_kwargs={"autoincrement": False},
    )
    shows: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    drawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wide: str | None = Field(default=None, sa_type=CleanText, index=True)
