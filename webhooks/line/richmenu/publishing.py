"""Let LINE have our menus as they are now: create what is missing, name and show it, remove what is out of date.

May end anywhere and be begun again: what is there is recognised by its name, which carries the hash of all it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.logging import logger
from webhooks.line.client import LineClient
from webhooks.line.duty import Duty
from webhooks.line.richmenu.api import MenuApi, MenuCallFailed
from webhooks.line.richmenu.definition import (
    ALIASES,
    DEFAULT_LANGUAGE,
    MENU_LANGUAGES,
    language_in,
    menu,
    menus,
)
from webhooks.line.richmenu.queries import published_menus
from webhooks.line.richmenu.tables import PublishedMenu
from webhooks.line.verdicts import pause_after

_LOOK_AGAIN = timedelta(minutes=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Situation:
    """The menus that LINE has: ids of the present ones and of those out of date, each with its language."""

    present: Mapping[str, str]
    outdated: Mapping[str, str]

    @property
    def missing(self) -> Sequence[str]:
        """The languages whose menu has to be created."""
        return [lang for lang in MENU_LANGUAGES if lang not in self.present]


async def look(client: LineClient) -> Situation:
    """What LINE has of our menus; those of others are none of our business."""
    wanted = {one.name: one.lang for one in menus()}
    present: dict[str, str] = {}
    outdated: dict[str, str] = {}
    for menu_id, name in await MenuApi(client).listed():
        lang = wanted.get(name)
        if lang is not None and lang not in present:
            present[lang] = menu_id
        elif (former := language_in(name)) is not None:
            outdated[menu_id] = former
    return Situation(present, outdated)


async def publish(database: Database, client: LineClient) -> Situation:
    """Do all that is left to be done; gives how it was before. MenuCallFailed when LINE does not play along."""
    api = MenuApi(client)
    before = await look(client)
    ids = {lang: before.present.get(lang) or await api.create(menu(lang)) for lang in MENU_LANGUAGES}
    for lang, menu_id in ids.items():
        await api.complete(menu_id, menu(lang))
    await api.name({ALIASES[lang]: menu_id for lang, menu_id in ids.items()})
    await api.show_to_all(ids[DEFAULT_LANGUAGE])
    # From here on people are given the new menus; only then those who had an earlier one are moved.
    await _keep(database, ids, done=False)
    moves = [(old, ids[lang]) for old, lang in before.outdated.items() if lang != DEFAULT_LANGUAGE]
    if moves:
        await api.move_people(moves)
    for old in before.outdated:
        await api.remove(old)
    await _keep(database, ids, done=True)
    return before


async def forget_published(database: Database, *languages: str) -> None:
    """LINE no longer has the menus of some languages, or none at all when none is named."""
    gone = col(PublishedMenu.language).in_(languages or MENU_LANGUAGES)
    async with database.writing(shown=False) as session:
        await session.exec(delete(PublishedMenu).where(gone))


async def _keep(database: Database, ids: Mapping[str, str], *, done: bool) -> None:
    async with database.writing(shown=False) as session:
        for lang, menu_id in ids.items():
            name = menu(lang).name if done else ""
            await session.merge(PublishedMenu(language=lang, menu_id=menu_id, name=name))


@dataclass
class MenuKeeper:
    """Publishes when what is kept of the menus is not what they should be; asks LINE nothing otherwise."""

    database: Database
    client: LineClient
    clock: Clock
    duty: Duty
    _failures: int = 0
    _again: datetime = _LONG_AGO

    async def run_batch(self) -> bool:
        """Publish when it is time to; always False, since there is never more to do at once."""
        if self.clock() < self._again:
            return False
        self._again = self.clock() + _LOOK_AGAIN
        async with self.database.reading() as session:
            known = await published_menus(session)
        wanted = {one.lang: one.name for one in menus()}
        if {lang: row.name for lang, row in known.items()} != wanted and await self.duty.hold():
            await self._publish()
        return False

    def look_soon(self) -> None:
        """Something is known to be wrong: do not wait for the next look."""
        self._again = min(self._again, self.clock())

    async def _publish(self) -> None:
        try:
            before = await publish(self.database, self.client)
        except MenuCallFailed as failed:
            pause = pause_after(self._failures, failed.answer)
            self._failures += 1
            self._again = self.clock() + pause
            logger("richmenu").warning("not_published", status=failed.answer.status)
            return
        self._failures = 0
        logger("richmenu").info("published", created=len(before.missing), removed=len(before.outdated))
