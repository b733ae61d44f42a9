"""Reads of code cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.tables import Ballot
from civic.codes.tables import VotingCode
from civic.kernel.security import Vault

PURPOSE = "voting code"
"""What keeps the keyed hash of a code apart from all others."""


@dataclass(frozen=True)
class Batch:
    """A batch in numbers: cards that were made, of them used for a vote, and void ones."""

    number: int
    place: str
    is_test: bool
    cards: int
    used: int
    void: int


async def card_by_code(session: AsyncSession, vault: Vault, code: str) -> tuple[VotingCode, Ballot] | None:
    """The card of a code with its ballot, whichever secret hashed it; None when there is none.

    The code is never compared, only its hash looked up: how long that takes tells nothing.
    """
    hashes = vault.keyed_hashes(code, PURPOSE)
    found = select(VotingCode, Ballot).join(Ballot).where(col(VotingCode.code_hash).in_(hashes))
    return (await session.exec(found)).one_or_none()


async def batches_of(session: AsyncSession, ballot_id: int) -> Sequence[Batch]:
    """The batches of a ballot, oldest first. A test batch all of whose cards are void no longer says so."""
    state = col(VotingCode.state)
    numbers = (
        func.sum(case((state == "test", 1), else_=0)),
        func.count(),
        func.count(col(VotingCode.used_on)),
        func.sum(case((state == "void", 1), else_=0)),
    )
    grouped = (
        select(VotingCode.batch, VotingCode.place, *numbers)  # type: ignore[call-overload]
        .where(col(VotingCode.ballot_id) == ballot_id)
        .group_by(col(VotingCode.batch), col(VotingCode.place))
        .order_by(col(VotingCode.batch))
    )
    rows = (await session.exec(grouped)).all()
    return [Batch(batch, place, bool(test), cards, used, void) for batch, place, test, cards, used, void in rows]
