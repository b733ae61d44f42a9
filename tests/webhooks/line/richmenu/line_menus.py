"""The product's publisher and link sender, and the simulated LINE that they speak to."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

from support.line import TOKEN, Place
from support.servers import Recorder, simulated_line

from webhooks.line.client import LineClient
from webhooks.line.duty import Duty
from webhooks.line.richmenu.definition import ALIASES, menus
from webhooks.line.richmenu.links import LinkSender
from webhooks.line.richmenu.publishing import MenuKeeper, publish
from webhooks.line.simulator import Simulator
from webhooks.line.simulator.faults import Fault


@dataclass
class Line:
    """Both sides of the menus."""

    place: Place
    simulator: Simulator
    recorder: Recorder
    client: LineClient
    keeper: MenuKeeper
    links: LinkSender

    @property
    def menus(self):
        return self.simulator.channel.menus

    @property
    def calls(self):
        """Paths of the calls that change something, or ask."""
        return [sent.path for sent in self.recorder.sent]

    def account(self, index):
        return self.simulator.channel.residents[index].user_id

    def seen_by(self, index):
        """The name of the menu below somebody's chat."""
        found = self.menus.seen_by(self.account(index))
        return None if found is None else found.content["name"]

    def fault(self, kind, endpoint, **how):
        self.simulator.channel.faults.set(Fault(kind, endpoints=(f"richmenu_{endpoint}",), **how))

    async def publish(self):
        return await publish(self.place.context.database, self.client)

    async def owed(self):
        return [row["language"] for row in await self.place.rows("select language from rich_menu_owed")]


@asynccontextmanager
async def joined(place):
    context, clock = place.context, place.clock
    async with simulated_line() as (simulator, recorder, url):
        client = LineClient(url, TOKEN, timeout_s=2.0)
        keeper = MenuKeeper(context.database, client, clock, Duty(context.database, clock, "line-menus"))
        duty = Duty(context.database, clock, "line-menu-links")
        links = LinkSender(context.database, client, context.vault, clock, duty, keeper)
        try:
            yield Line(place, simulator, recorder, client, keeper, links)
        finally:
            await client.close()


def assert_complete(line):
    """Just our three menus with their pictures, named, and the Japanese one for all."""
    by_name = {menu.content["name"]: menu for menu in line.menus.menus.values()}
    assert sorted(by_name) == sorted(one.name for one in menus())
    assert len(line.menus.menus) == 3
    for one in menus():
        found = by_name[one.name]
        assert found.picture == one.picture
        assert line.menus.aliases[ALIASES[one.lang]] == found.id
        if one.lang == "ja":
            assert line.menus.default == found.id
