"""Tell all friends something, from a staff page or a command: LINE's quota first, then a plan in a transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.context import Context
from civic.kernel.errors import NotFound, Unavailable
from civic.outbox.about import ANNOUNCEMENT, INSTALLATION, RESULT, About
from webhooks.line.broadcasts import Announcement, Broadcast, InstallationNotice, Plan, ResultNotice
from webhooks.line.channel import open_client
from webhooks.line.client import Quota


@dataclass(frozen=True)
class Announcer:
    """Plans what all friends are told, knowing what LINE still allows; ``quota`` is None when LINE did not say."""

    context: Context
    quota: Quota | None

    async def preview(self, session: AsyncSession, about: About) -> Plan:
        """What planning would do now, or has done; see ``Broadcast.preview``."""
        return await self._broadcast(about).preview(session)

    async def plan(self, session: AsyncSession, actor: str, about: About, now: datetime) -> Plan:
        """Plan it; the worker sends. A second call plans nothing new; see ``Broadcast.plan``."""
        return await self._broadcast(about).plan(session, actor, now)

    def _broadcast(self, about: About) -> Broadcast:
        vault, base_url = self.context.vault, self.context.settings.base_url
        if about.kind == ANNOUNCEMENT:
            return Announcement(about.ballot, vault, base_url, self.quota)
        if about.kind == RESULT:
            return ResultNotice(about.ballot, vault, base_url, self.quota)
        if about.kind == INSTALLATION:
            return InstallationNotice(about.ballot, vault, base_url, self.quota, about.installation)
        raise NotFound("message_unknown", "このお知らせはありません。投票のページから選んでください。")


async def ask_line(context: Context) -> Announcer:
    """An announcer after a look at this month's quota. Unavailable when LINE is not connected."""
    client = open_client(context)
    if client is None:
        raise Unavailable(
            "line_not_connected",
            "LINE につながっていません。CIVIC_LINE_CHANNEL_ACCESS_TOKEN を設定してください。",
        )
    try:
        return Announcer(context, await client.quota())
    finally:
        await client.close()
