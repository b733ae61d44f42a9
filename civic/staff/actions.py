"""What happens to accounts and sessions. The account's row is locked first, so ends and beginnings queue up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.kernel.errors import Conflict
from civic.staff.queries import account_named, actor_of, invited, unusable_link
from civic.staff.rules import INVITATION_LASTS, SESSION_IDLE, SESSION_LASTS, known_role, normal_name
from civic.staff.tables import StaffAccount, StaffInvitation, StaffSession
from civic.staff.tokens import fingerprint, new_token


@dataclass(frozen=True)
class Invitation:
    """A sign-in link as its maker sees it, once: the token is kept nowhere."""

    token: str
    name: str
    role: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """Where the link leads, on our own address."""
        return f"/admin/invitations/{self.token}"


async def invite_staff(session: AsyncSession, actor: str, name: str, role: str, now: datetime) -> Invitation:
    """Make a sign-in link for a name, and the account when there is none yet; an older open link ends.

    The account has ``role`` from now on. InvalidInput on a bad name or role; Conflict when somebody tries to
    change their own role.
    """
    name, role = normal_name(name), known_role(role)
    await _make_account(session, name, role, now)
    account = await account_named(session, name)
    if account.role != role:
        _refuse_own(actor, account)
        account.role = role
    invitation = Invitation(new_token(), name, role, now + INVITATION_LASTS)
    await _replace_link(session, account, invitation)
    record(session, actor, "staff.invited", actor_of(account), now, name=name, role=role)
    await session.flush()
    return invitation


async def accept_invitation(session: AsyncSession, token: str, now: datetime) -> str:
    """Use up a sign-in link and begin a session; returns the session's token. NotFound when it opens nothing."""
    account = await _locked(session, (await invited(session, token, now)).id or 0)
    used = delete(StaffInvitation).where(col(StaffInvitation.token_sha256) == fingerprint(token))
    if account.removed_at is not None or (await session.exec(used)).rowcount == 0:
        raise unusable_link()
    await _forget_dead_sessions(session, now)
    begun = new_token()
    session.add(
        StaffSession(token_sha256=fingerprint(begun), account_id=account.id or 0, created_at=now, used_at=now)
    )
    record(session, actor_of(account), "staff.signed_in", actor_of(account), now)
    await session.flush()
    return begun


async def note_use(session: AsyncSession, token: str, now: datetime) -> None:
    """The session has just been used: its idle time begins again."""
    mine = col(StaffSession.token_sha256) == fingerprint(token)
    await session.exec(update(StaffSession).where(mine).values(used_at=now))


async def sign_out(session: AsyncSession, token: str, now: datetime) -> None:
    """End a session; an unknown token changes nothing."""
    mine = col(StaffSession.token_sha256) == fingerprint(token)
    ended = (await session.exec(delete(StaffSession).where(mine).returning(col(StaffSession.account_id)))).first()
    if ended is not None:
        actor = f"staff:{ended[0]}"
        record(session, actor, "staff.signed_out", actor, now)


async def remove_staff(session: AsyncSession, actor: str, name: str, now: datetime) -> None:
    """End an account with its link and all its sessions. NotFound, or Conflict when it is one's own."""
    account = await account_named(session, normal_name(name))
    _refuse_own(actor, account)
    account.removed_at = now
    await session.exec(delete(StaffInvitation).where(col(StaffInvitation.account_id) == account.id))
    await session.exec(delete(StaffSession).where(col(StaffSession.account_id) == account.id))
    record(session, actor, "staff.removed", actor_of(account), now, name=account.name, role=account.role)
    await session.flush()


async def _make_account(session: AsyncSession, name: str, role: str, now: datetime) -> None:
    """An account of that name, unless there is one; two at once make one."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    made = insert(StaffAccount).values(name=name, role=role, created_at=now)
    await session.exec(
        made.on_conflict_do_nothing(index_elements=["name"], index_where=col(StaffAccount.removed_at).is_(None))
    )


async def _replace_link(session: AsyncSession, account: StaffAccount, invitation: Invitation) -> None:
    await session.exec(delete(StaffInvitation).where(col(StaffInvitation.account_id) == account.id))
    session.add(
        StaffInvitation(
            token_sha256=fingerprint(invitation.token),
            account_id=account.id or 0,
            expires_at=invitation.expires_at,
        )
    )


async def _locked(session: AsyncSession, account_id: int) -> StaffAccount:
    statement = select(StaffAccount).where(col(StaffAccount.id) == account_id).with_for_update()
    return (await session.exec(statement.execution_options(populate_existing=True))).one()


async def remove_expired(session: AsyncSession, now: datetime) -> None:
    """Remove sign-in links and sessions that open nothing any more."""
    await session.exec(delete(StaffInvitation).where(col(StaffInvitation.expires_at) <= now))
    await _forget_dead_sessions(session, now)


async def _forget_dead_sessions(session: AsyncSession, now: datetime) -> None:
    idle = col(StaffSession.used_at) <= now - SESSION_IDLE
    old = col(StaffSession.created_at) <= now - SESSION_LASTS
    await session.exec(delete(StaffSession).where(or_(idle, old)))


def _refuse_own(actor: str, account: StaffAccount) -> None:
    """Nobody ends or changes their own account: so an owner who acts is always followed by one who can."""
    if actor == actor_of(account):
        raise Conflict(
            "staff_own_account",
            "自分の役割を変えたり、自分のアカウントを終えたりすることはできません。ほかの管理者に頼んでください。",
        )
