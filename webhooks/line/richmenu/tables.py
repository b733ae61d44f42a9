"""What LINE has of our menus, and who is still to be shown which."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from civic.kernel.db import CleanText, UtcDateTime
from civic.kernel.ids import new_ulid


class PublishedMenu(SQLModel, table=True):
    """The menu of a language as LINE knows it. ``name`` is empty until everything about it is done."""

    __tablename__ = "rich_menu"

    language: str = Field(primary_key=True, sa_type=CleanText)
    menu_id: str = Field(sa_type=CleanText)
    name: str = Field(sa_type=CleanText)


class OwedMenu(SQLModel, table=True):
    """Somebody is to see the menu of a language; gone as soon as LINE has been told.

    The key is a hash for this alone and the account is sealed here, not in the row of the resident: somebody whose
    data has been deleted loses the menu too. ``wish`` tells a newer wish from the one that is being sent.
    """

    __tablename__ = "rich_menu_owed"

    account_key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    wish: str = Field(default_factory=new_ulid, sa_type=CleanText)
    account: bytes = Field(sa_type=LargeBinary)
    language: str = Field(sa_type=CleanText)
    not_before: datetime = Field(sa_type=UtcDateTime, index=True)
    attempts: int = 0
