"""Tell friends something, from a staff page or a command: LINE's quota, then a draft, then one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.context import Context
from civic.kernel.errors import NotFound, Unavailable
from civic.outbox.about import About
from civic.outbox.queries import tried_chunks
from civic.outbox.tables import DeliveryChunk
from webhooks.line.broadcasts import (
    Announcement,
    EvaluationRequest,
    InstallationNotice,
    LastChance,
    ResultNotice,
)
from webhooks.line.channel import open_client
from webhooks.line.client import LineClient, Quota
from webhooks.line.planning import Broadcast, Draft, Plan
from webhooks.line.trials import Trial, send_trial

KINDS: Mapping[str, type[Broadcast]] = {
    kind.kind: kind for kind in (Announcement, LastChance, ResultNotice, InstallationNotice, EvaluationRequest)
}
"""What friends can be told, by its name."""


def broadcast_about(context: Context, about: About, quota: Quota | None = None) -> Broadcast:
    """The message that friends can be told. NotFound for a kind that is none."""
    kind = KINDS.get(about.kind)
    if kind is None:
        raise NotFound("message_unknown", "このお知らせはありません。投票のページから選んでください。")
    return kind(context, quota, about)


@dataclass(frozen=True)
class Announcer:
    """Plans what friends are told, knowing what LINE still allows; ``quota`` is None when LINE did not say."""

    context: Context
    quota: Quota | None

    async def preview(self, session: AsyncSession, about: About) -> Plan:
        """What planning would do now, or how far it is; see ``Broadcast.preview``."""
        return await self._broadcast(about).preview(session)

    async def draft(self, session: AsyncSession, about: About) -> Draft:
        """Find and freeze the recipients, with a session that only reads; ``plan`` of the draft writes it down."""
        return await self._broadcast(about).draft(session)

    async def requests(self, session: AsyncSession, about: About, limit: int) -> Sequence[DeliveryChunk]:
        """The requests that were made to LINE, those without a good end first."""
        planned = await self._broadcast(about).campaign(session)
        return await tried_chunks(session, planned.id, limit) if planned is not None else ()

    async def give_up(self, session: AsyncSession, about: About, actor: str) -> None:
        """Give up what a used-up month has stopped; see ``Broadcast.give_up``."""
        await self._broadcast(about).give_up(session, actor, self.context.clock())

    async def try_out(self, about: About, actor: str) -> Trial:
        """Send it to the testers now; see ``send_trial``. Outside of any transaction."""
        client = _connected(self.context)
        try:
            return await send_trial(self.context, client, self._broadcast(about), actor)
        finally:
            await client.close()

    def _broadcast(self, about: About) -> Broadcast:
        return broadcast_about(self.context, about, self.quota)


async def ask_line(context: Context) -> Announcer:
    """An announcer after a look at this month's quota. Unavailable when LINE is not connected."""
    client = _connected(context)
    try:
        return Announcer(context, await client.quota())
    finally:
        await client.close()


def _connected(context: Context) -> LineClient:
    client = open_client(context)
    if client is None:
        raise Unavailable(
            "line_not_connected",
            "LINE につながっていません。CIVIC_LINE_CHANNEL_ACCESS_TOKEN を設定してください。",
        )
    return client
