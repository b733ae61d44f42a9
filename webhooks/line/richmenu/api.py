"""LINE's calls about rich menus, each with the answers that are expected of it."""

import asyncio
from collections.abc import Mapping, Sequence

import orjson

from civic.kernel.errors import Unavailable
from webhooks.line.client import Answer, LineClient
from webhooks.line.richmenu.definition import Menu

_MENU = "/v2/bot/richmenu"
_DEFAULT = "/v2/bot/user/all/richmenu"
_LOOKS, _LOOK_EVERY_S = 30, 1.0


class MenuCallFailed(Unavailable):
    """LINE has not done what was asked of it; ``answer`` is what it said."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            "rich_menu_call_failed",
            "LINE がメニューの操作を受け付けませんでした（{status} {reason}）。"
            "少し待って、もう一度実行してください。",
            status=answer.status or "-",
            reason=answer.reason,
        )
        self.answer = answer


class MenuApi:
    """The menus of a channel. Every method raises MenuCallFailed when LINE says something else than expected."""

    def __init__(self, client: LineClient) -> None:
        self._client = client

    async def listed(self) -> Sequence[tuple[str, str]]:
        """Id and name of every menu of the channel, in the order of LINE; 10 calls a second at most."""
        body = (await self._call("GET", f"{_MENU}/list")).body
        return [(menu["richMenuId"], menu["name"]) for menu in body["richmenus"]]

    async def create(self, menu: Menu) -> str:
        """The id of a new menu, still without its picture; 100 an hour at most."""
        menu_id: str = (await self._call("POST", _MENU, menu.body)).body["richMenuId"]
        return menu_id

    async def complete(self, menu_id: str, menu: Menu) -> None:
        """Give a menu its picture, unless it has one."""
        path = f"{_MENU}/{menu_id}/content"
        if expected(await self._client.picture(path), 404).status == 404:
            expected(await self._client.upload(path, menu.picture))

    async def remove(self, menu_id: str) -> None:
        """Remove a menu; one that is gone already is fine."""
        await self._call("DELETE", f"{_MENU}/{menu_id}", None, 404)

    async def show_to_all(self, menu_id: str) -> None:
        """Whoever has no menu of their own sees this one."""
        shown = await self._call("GET", _DEFAULT, None, 404)
        if shown.status == 404 or shown.body["richMenuId"] != menu_id:
            await self._call("POST", f"{_DEFAULT}/{menu_id}")

    async def name(self, aliases: Mapping[str, str]) -> None:
        """Let aliases stand for these menus."""
        known = (await self._call("GET", f"{_MENU}/alias/list")).body["aliases"]
        present = {alias["richMenuAliasId"]: alias["richMenuId"] for alias in known}
        for alias, menu_id in aliases.items():
            if alias not in present:
                body = {"richMenuAliasId": alias, "richMenuId": menu_id}
                await self._call("POST", f"{_MENU}/alias", orjson.dumps(body))
            elif present[alias] != menu_id:
                await self._call("POST", f"{_MENU}/alias/{alias}", orjson.dumps({"richMenuId": menu_id}))

    async def move_people(self, moves: Sequence[tuple[str, str]]) -> None:
        """Whoever has been given one menu gets another: pairs of ids, from and to; 3 calls an hour at most.

        LINE does it by and by; waits until it is done.
        """
        operations = [{"type": "link", "from": old, "to": new} for old, new in moves]
        begun = await self._call("POST", f"{_MENU}/batch", orjson.dumps({"operations": operations}))
        for _ in range(_LOOKS):
            progress = await self._call("GET", f"/v2/bot/richmenu/progress/batch?requestId={begun.request_id}")
            if progress.body["phase"] != "ongoing":
                break
            await asyncio.sleep(_LOOK_EVERY_S)
        if progress.body["phase"] != "succeeded":
            raise MenuCallFailed(progress)

    async def _call(self, method: str, path: str, body: bytes | None = None, *also: int) -> Answer:
        return expected(await self._client.call(method, path, body), *also)


def expected(answer: Answer, *also: int) -> Answer:
    """The answer itself when it is 200, 202 or one of ``also``; MenuCallFailed for any other."""
    if answer.status not in (200, 202, *also):
        raise MenuCallFailed(answer)
    return answer


def menu_path(account: str, menu_id: str = "") -> str:
    """The path under which somebody is given a menu (POST, with its id) or loses it (DELETE)."""
    return f"/v2/bot/user/{account}/richmenu{'/' if menu_id else ''}{menu_id}"
