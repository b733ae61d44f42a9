"""The menu below a chat as the chat page draws it: the picture, and a button over each area.

The page allows no inline styles, so a stylesheet of its own says where the areas of a menu are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from webhooks.line.simulator.menus import JsonObject, RichMenu, RichMenus

CAN_TAP = frozenset({"postback", "message"})


@dataclass(frozen=True, slots=True)
class AreaView:
    """A button over a part of the picture; ``says`` is what the chat will show as said."""

    position: int
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class MenuView:
    """A menu; ``key`` names its picture and stylesheet, ``title`` stands above it."""

    key: str
    title: str
    is_open: bool
    areas: Sequence[AreaView]


def menu_view(menu: RichMenu | None) -> MenuView | None:
    """A menu as it is drawn; None when there is none."""
    if menu is None:
        return None
    actions = [(i, area["action"]) for i, area in enumerate(menu.areas) if area["action"]["type"] in CAN_TAP]
    areas = [
        AreaView(i, action["label"], str(action.get("displayText") or action.get("text") or ""))
        for i, action in actions
    ]
    return MenuView(menu.id, menu.content["chatBarText"], menu.content["selected"], areas)


def menu_key(menu: RichMenu | None) -> str:
    """What tells one menu from another; empty for none."""
    return "" if menu is None else menu.id


def menu_routes(menus: RichMenus, headers: Mapping[str, str]) -> list[Route]:
    """Picture and stylesheet of each menu, below the simulator's own URL."""

    async def picture(request: Request) -> Response:
        menu = menus.menus.get(request.path_params["key"])
        if menu is None or not menu.picture:
            return Response(status_code=404, headers=headers)
        return Response(menu.picture, headers=headers, media_type=menu.media_type)

    async def stylesheet(request: Request) -> Response:
        menu = menus.menus.get(request.path_params["key"])
        if menu is None:
            return Response(status_code=404, headers=headers)
        return Response(stylesheet_of(menu.content), headers=headers, media_type="text/css")

    return [Route("/menus/{key}/picture", picture), Route("/menus/{key}/areas.css", stylesheet)]


def stylesheet_of(content: JsonObject) -> str:
    """Where the areas are, in percent of the picture, whatever its size on the screen."""
    size = content["size"]
    lines = [f".rich-menu {{ aspect-ratio: {size['width']} / {size['height']}; }}"]
    for i, area in enumerate(content["areas"]):
        bounds = area["bounds"]
        across = {"left": bounds["x"] / size["width"], "width": bounds["width"] / size["width"]}
        down = {"top": bounds["y"] / size["height"], "height": bounds["height"] / size["height"]}
        places = " ".join(f"{name}: {share:.4%};" for name, share in (across | down).items())
        lines.append(f".rich-menu .area-{i} {{ {places} }}")
    return "\n".join(lines) + "\n"
