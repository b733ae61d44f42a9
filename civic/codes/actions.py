"""Make batches of code cards, take a card for a vote, and make cards void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.ballots.queries import ballot_by_slug
from civic.ballots.tables import Ballot
from civic.codes.queries import PURPOSE, batches_of, card_by_code
from civic.codes.refusals import code_is_test, code_unknown, code_void
from civic.codes.rules import check_batch, new_code, read_code
from civic.codes.tables import VotingCode
from civic.kernel.clock import JST
from civic.kernel.errors import Conflict, NotFound
from civic.kernel.public_text import public_reason
from civic.kernel.security import Vault

_BEFORE_CLOSE = frozenset({"draft", "scheduled", "open"})


@dataclass(frozen=True)
class Wanted:
    """A batch that staff ask for. ``number`` is the one that their page offered: sent twice, it is made once."""

    number: int
    cards: int
    place: str
    is_test: bool


async def make_batch(
    session: AsyncSession, actor: str, vault: Vault, slug: str, wanted: Wanted, now: datetime
) -> Sequence[str]:
    """Make the cards of a batch and return their codes, which nobody can read again.

    Conflict after the close, or when the batch is there already; InvalidInput like ``check_batch``.
    """
    ballot = await ballot_by_slug(session, slug, lock=True)
    check_batch(wanted.cards, wanted.place)
    _require_before_close(ballot, now)
    batches = await batches_of(session, ballot.id or 0)
    if wanted.number != len(batches) + 1:
        raise Conflict(
            "batch_made",
            "この束は、もう作ってあります。カードは作ったときに一度だけ表示します。印刷できなかったときは、"
            "その束を無効にしてから、新しい束を作ってください。",
        )
    codes = sorted({new_code() for _ in range(wanted.cards)})
    session.add_all(_card(ballot, vault, code, wanted) for code in codes)
    data = {"batch": wanted.number, "cards": len(codes), "place": wanted.place, "test": wanted.is_test}
    record(session, actor, "codes.made", slug, now, **data)
    await session.flush()
    return codes


async def take_card(session: AsyncSession, ballot: str, card: bytes, now: datetime) -> None:
    """Before a vote with a card: note the day of its first one.

    Gone when the card was made void, Conflict for a test card, NotFound for one of another ballot: no vote then.
    """
    asked = select(VotingCode).join(Ballot).where(col(VotingCode.code_hash) == card, col(Ballot.slug) == ballot)
    found = (await session.exec(asked.with_for_update(of=VotingCode))).one_or_none()
    if found is None:
        raise code_unknown()
    require_valid(found)
    if found.state == "test":
        raise code_is_test()
    found.used_on = found.used_on or now.astimezone(JST).date()
    await session.flush()


async def void_batch(
    session: AsyncSession, actor: str, slug: str, number: int, reason: str, now: datetime
) -> None:
    """Make all cards of a batch void, with a public reason; what was voted stays. NotFound without the batch."""
    ballot = await ballot_by_slug(session, slug, lock=True)
    said = public_reason(reason)
    mine = col(VotingCode.ballot_id) == ballot.id, col(VotingCode.batch) == number
    if not (await session.exec(select(VotingCode.batch).where(*mine).limit(1))).all():
        raise NotFound("batch_unknown", "この束はありません。ページを開き直して、選び直してください。")
    await session.exec(update(VotingCode).where(*mine).values(state="void"))
    record(session, actor, "codes.voided", slug, now, batch=number, reason=said)


async def void_code(
    session: AsyncSession, actor: str, vault: Vault, slug: str, typed: str, reason: str, now: datetime
) -> None:
    """Make one card void, with a public reason; what was voted with it stays. NotFound for another ballot's."""
    said = public_reason(reason)
    code = read_code(typed)
    found = await card_by_code(session, vault, code) if code else None
    if found is None or found[1].slug != slug:
        raise code_unknown()
    card, _ = found
    card.state = "void"
    record(session, actor, "codes.voided", slug, now, batch=card.batch, cards=1, reason=said)
    await session.flush()


def is_before_close(ballot: Ballot, now: datetime) -> bool:
    """Whether cards may still be made."""
    return ballot.state in _BEFORE_CLOSE and now < ballot.closes_at


def require_valid(card: VotingCode) -> None:
    """Gone when a card was made void."""
    if card.state == "void":
        raise code_void()


def _require_before_close(ballot: Ballot, now: datetime) -> None:
    if not is_before_close(ballot, now):
        raise Conflict(
            "batch_too_late",
            "この投票は締め切りを過ぎたか、中止されました。カードは、締め切りの前に作ってください。",
        )


def _card(ballot: Ballot, vault: Vault, code: str, wanted: Wanted) -> VotingCode:
    return VotingCode(
        code_hash=vault.keyed_hash(code, PURPOSE),
        ballot_id=ballot.id or 0,
        batch=wanted.number,
        place=wanted.place,
        state="test" if wanted.is_test else "ok",
    )
