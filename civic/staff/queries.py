"""Reads of staff accounts, links and sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import NotFound
from civic.staff.rules import session_lives
from civic.staff.tables import StaffAccount, StaffInvitation, StaffSession
from civic.staff.tokens import fingerprint


@dataclass(frozen=True)
class SignedIn:
    """A living session and whose it is."""

    account: StaffAccount
    used_at: datetime


@dataclass(frozen=True)
class Present:
    """An account in use: until when its open link lasts (None without one), whether somebody is signed in."""

    account: StaffAccount
    link_until: datetime | None
    signed_in: bool


def actor_of(account: StaffAccount) -> str:
    """How the audit trail names an account, such as ``staff:3``."""
    return f"staff:{account.id}"


async def signed_in(session: AsyncSession, token: str, now: datetime) -> SignedIn | None:
    """Whose session this token opens at ``now``; None when it opens none."""
    found = (
        await session.exec(
            select(StaffSession, StaffAccount)
            .join(StaffAccount, col(StaffAccount.id) == col(StaffSession.account_id))
            .where(col(StaffSession.token_sha256) == fingerprint(token))
        )
    ).one_or_none()
    if found is None or not session_lives(found[0].created_at, found[0].used_at, now):
        return None
    return SignedIn(found[1], found[0].used_at)


async def invited(session: AsyncSession, token: str, now: datetime) -> StaffAccount:
    """Whom a sign-in link is for. NotFound, always with the same words, when it opens nothing at ``now``."""
    found = (
        await session.exec(
            select(StaffAccount)
            .join(StaffInvitation, col(StaffInvitation.account_id) == col(StaffAccount.id))
            .where(col(StaffInvitation.token_sha256) == fingerprint(token), col(StaffInvitation.expires_at) > now)
        )
    ).one_or_none()
    if found is None:
        raise unusable_link()
    return found


async def present_staff(session: AsyncSession, now: datetime) -> Sequence[Present]:
    """Every account in use, by name."""
    accounts = await session.exec(
        select(StaffAccount).where(col(StaffAccount.removed_at).is_(None)).order_by(col(StaffAccount.name))
    )
    links = {link.account_id: link.expires_at for link in await session.exec(select(StaffInvitation))}
    here = {
        held.account_id
        for held in await session.exec(select(StaffSession))
        if session_lives(held.created_at, held.used_at, now)
    }
    return [
        Present(
            account, until if (until := links.get(account.id or 0)) and until > now else None, account.id in here
        )
        for account in accounts
    ]


async def account_named(session: AsyncSession, name: str) -> StaffAccount:
    """The account in use under a name, locked until the transaction ends. NotFound without one."""
    statement = select(StaffAccount).where(col(StaffAccount.name) == name, col(StaffAccount.removed_at).is_(None))
    found = (await session.exec(statement.with_for_update())).one_or_none()
    if found is None:
        raise NotFound(
            "staff_unknown",
            "「{name}」という名前の職員はいません。職員の一覧で名前を確かめてください。",
            name=name,
        )
    return found


async def names_by_actor(session: AsyncSession) -> Mapping[str, str]:
    """The names behind ``staff:3`` and the like, of people who have left too."""
    return {actor_of(account): account.name for account in await session.exec(select(StaffAccount))}


def unusable_link() -> NotFound:
    """One refusal for a link that was used, replaced, timed out or never made: it tells a guesser nothing."""
    return NotFound(
        "staff_link_unusable",
        "このリンクは使えません。サインインのリンクは、一度だけ、3日のあいだ使えます。"
        "管理者に、新しいリンクを作ってもらってください。",
    )
