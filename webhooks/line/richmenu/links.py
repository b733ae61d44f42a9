"""Who sees which menu: written down when somebody chooses a language, told to LINE a moment later.

Whoever reads Japanese has no menu of their own and sees the one for all.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.ids import first_ulid
from civic.kernel.logging import logger
from civic.kernel.security import Vault
from webhooks.line.client import NO_ANSWER, Answer, LineClient
from webhooks.line.duty import Duty
from webhooks.line.richmenu.api import menu_path
from webhooks.line.richmenu.definition import DEFAULT_LANGUAGE
from webhooks.line.richmenu.publishing import MenuKeeper, forget_published
from webhooks.line.richmenu.queries import menus_due, published_menus
from webhooks.line.richmenu.tables import OwedMenu, PublishedMenu
from webhooks.line.verdicts import pause_after

BATCH = 100
KEPT_FOR = timedelta(days=1)
"""The menu in another language is a help, not a duty: what LINE does not take in this time is given up."""

_SEALED_AS = "rich-menu"
_UNPUBLISHED = timedelta(seconds=2)


async def owe_menu(session: AsyncSession, vault: Vault, account: str, language: str, now: datetime) -> None:
    """Somebody is to see the menu of a language; what was owed to them before no longer counts."""
    mine = col(OwedMenu.account_key).in_(vault.keyed_hashes(account, _SEALED_AS))
    await session.exec(delete(OwedMenu).where(mine))
    key, sealed = vault.keyed_hash(account, _SEALED_AS), vault.seal(account.encode(), _SEALED_AS)
    session.add(OwedMenu(account_key=key, account=sealed, language=language, not_before=now))
    await session.flush()


async def owe_default_menu(session: AsyncSession, vault: Vault, account: str, now: datetime) -> None:
    """Somebody has left: nothing of ours is linked to the account any more."""
    await owe_menu(session, vault, account, DEFAULT_LANGUAGE, now)


async def expire_owed_menus(session: AsyncSession, now: datetime) -> None:
    """Forget what has been owed for a day, whether or not anything could tell LINE."""
    await session.exec(delete(OwedMenu).where(col(OwedMenu.wish) < first_ulid(now - KEPT_FOR)))


@dataclass
class LinkSender:
    """Tells LINE which menu people are to see; one process at a time for a channel."""

    database: Database
    client: LineClient
    vault: Vault
    clock: Clock
    duty: Duty
    keeper: MenuKeeper

    async def run_batch(self) -> bool:
        """Send what is due; True when there may be more."""
        async with self.database.reading() as session:
            owed, menus = await menus_due(session, self.clock(), BATCH), await published_menus(session)
        if not owed or not await self.duty.hold():
            return False
        answers = await asyncio.gather(*(self._tell(one, menus) for one in owed))
        await self._settle(list(zip(owed, answers, strict=True)))
        return len(owed) == BATCH

    async def _tell(self, owed: OwedMenu, menus: Mapping[str, PublishedMenu]) -> Answer | None:
        """LINE's answer; None when the menu of this language is not published yet."""
        account = self.vault.open(owed.account, _SEALED_AS).decode()
        if owed.language == DEFAULT_LANGUAGE:
            return await self.client.call("DELETE", menu_path(account))
        if owed.language not in menus:
            return None
        return await self.client.call("POST", menu_path(account, menus[owed.language].menu_id))

    async def _settle(self, answered: Sequence[tuple[OwedMenu, Answer | None]]) -> None:
        lost = {
            owed.language
            for owed, answer in answered
            if answer is not None and answer.status == 404 and owed.language != DEFAULT_LANGUAGE
        }
        if lost:
            # Removed by somebody else: the keeper publishes it anew, and what is owed waits for it.
            await forget_published(self.database, *lost)
            self.keeper.look_soon()
        async with self.database.writing(shown=False) as session:
            for owed, answer in answered:
                await self._note(session, owed, answer)

    async def _note(self, session: AsyncSession, sent: OwedMenu, answer: Answer | None) -> None:
        """Over: the row goes. Else it is tried again. A newer wish that has replaced it stays as it is."""
        owed = await session.get(OwedMenu, sent.account_key)
        if owed is None or owed.wish != sent.wish:
            return
        if answer is None:
            owed.not_before = self.clock() + _UNPUBLISHED
        elif _is_over(answer, sent):
            await session.delete(owed)
        else:
            owed.attempts += 1
            owed.not_before = self.clock() + pause_after(sent.attempts, answer)


def _is_over(answer: Answer, owed: OwedMenu) -> bool:
    """Done, or refused for good. A menu that LINE no longer has (404) comes again; whoever has none needs none."""
    if answer.status == NO_ANSWER or answer.status in {401, 403, 429} or answer.status >= 500:
        return False
    if answer.status == 404:
        return owed.language == DEFAULT_LANGUAGE
    if answer.status != 200:
        logger("richmenu").warning("link_refused", status=answer.status, request_id=answer.request_id)
    return True
