"""LINE's side of the calls about rich menus."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from webhooks.line.simulator.answers import RATE_LIMITED, Answer, Call, Handler, error, invalid
from webhooks.line.simulator.menu_checks import ALIAS, menu_problems, picture_trouble
from webhooks.line.simulator.menus import MAX_ALIASES, MAX_MENUS, Rate, RichMenu
from webhooks.line.simulator.state import Channel
from webhooks.line.simulator.validation import Problem

NO_MENU = "richmenu not found"
NO_ALIAS = "richmenu alias not found"
NO_PICTURE = "must upload richmenu image before applying it to user"
MAX_OPERATIONS = 1000

MenuHandler = Callable[[Channel, Call, RichMenu], Answer]


def limited(rate: Callable[[Channel], Rate], handler: Handler) -> Handler:
    """A call that LINE takes only so often."""

    def within(channel: Channel, call: Call) -> Answer:
        return handler(channel, call) if rate(channel).allows() else error(429, RATE_LIMITED)

    return within


def of_menu(handler: MenuHandler) -> Handler:
    """A call about the menu that its path names; 404 without one."""

    def found(channel: Channel, call: Call) -> Answer:
        menu = channel.menus.menus.get(call.path["menu_id"])
        return error(404, NO_MENU) if menu is None else handler(channel, call, menu)

    return found


def create(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/richmenu: a menu, still without a picture."""
    problems = menu_problems(call.body)
    if problems:
        return invalid(problems)
    if len(channel.menus.menus) >= MAX_MENUS:
        return error(400, f"At most {MAX_MENUS} rich menus")
    menu_id = "richmenu-" + hashlib.sha256(call.request_id.encode()).hexdigest()[:32]
    kept = {name: call.body[name] for name in ("size", "selected", "name", "chatBarText", "areas")}
    channel.menus.menus[menu_id] = RichMenu(menu_id, kept)
    return Answer(body={"richMenuId": menu_id})


def validate(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/richmenu/validate."""
    problems = menu_problems(call.body)
    return invalid(problems) if problems else Answer()


def list_all(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/richmenu/list."""
    return Answer(body={"richmenus": [menu.summary() for menu in channel.menus.menus.values()]})


def get(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """GET /v2/bot/richmenu/{richMenuId}."""
    return Answer(body=menu.summary())


def delete(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """DELETE /v2/bot/richmenu/{richMenuId}."""
    channel.menus.remove(menu.id)
    return Answer()


def upload(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """POST /v2/bot/richmenu/{richMenuId}/content: once; another picture needs another menu."""
    if menu.picture:
        return error(400, "An image has already been uploaded to the richmenu")
    trouble = picture_trouble(call.file, menu.content["size"])
    if trouble:
        return error(400, trouble)
    menu.picture = call.file
    return Answer()


def download(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """GET /v2/bot/richmenu/{richMenuId}/content."""
    if not menu.picture:
        return error(404, "Not found")
    return Answer(headers={"content-type": menu.media_type}, file=menu.picture)


def show_to_all(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """POST /v2/bot/user/all/richmenu/{richMenuId}."""
    if not menu.picture:
        return error(400, NO_PICTURE)
    channel.menus.default = menu.id
    for resident in channel.residents:
        resident.wake()
    return Answer()


def get_default(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/user/all/richmenu."""
    default = channel.menus.default
    return error(404, "no default richmenu") if default is None else Answer(body={"richMenuId": default})


def cancel_default(channel: Channel, call: Call) -> Answer:
    """DELETE /v2/bot/user/all/richmenu."""
    channel.menus.default = None
    return Answer()


def link(channel: Channel, call: Call, menu: RichMenu) -> Answer:
    """POST /v2/bot/user/{userId}/richmenu/{richMenuId}."""
    resident = channel.find(call.path["user_id"])
    if resident is None:
        return error(400, "The user ID is invalid")
    if not menu.picture:
        return error(400, NO_PICTURE)
    channel.menus.linked[resident.user_id] = menu.id
    resident.wake()
    return Answer()


def unlink(channel: Channel, call: Call) -> Answer:
    """DELETE /v2/bot/user/{userId}/richmenu; fine for whoever has none."""
    resident = channel.find(call.path["user_id"])
    if resident is None:
        return error(400, "The user ID is invalid")
    channel.menus.linked.pop(resident.user_id, None)
    resident.wake()
    return Answer()


def linked(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/user/{userId}/richmenu: only the person's own, never the one for all."""
    menu_id = channel.menus.linked.get(call.path["user_id"])
    return error(404, "the user has no richmenu") if menu_id is None else Answer(body={"richMenuId": menu_id})


def create_alias(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/richmenu/alias."""
    alias = call.body.get("richMenuAliasId")
    if not isinstance(alias, str) or not ALIAS.fullmatch(alias):
        return invalid([Problem("richMenuAliasId", "Must be 1 to 32 of a-z, 0-9, _ and -")])
    if alias in channel.menus.aliases:
        return error(400, "conflict richmenu alias id")
    if len(channel.menus.aliases) >= MAX_ALIASES:
        return error(400, f"At most {MAX_ALIASES} aliases")
    return _point(channel, call, alias)


def update_alias(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/richmenu/alias/{richMenuAliasId}."""
    alias = call.path["alias"]
    return _point(channel, call, alias) if alias in channel.menus.aliases else error(404, NO_ALIAS)


def _point(channel: Channel, call: Call, alias: str) -> Answer:
    menu = channel.menus.menus.get(str(call.body.get("richMenuId")))
    if menu is None:
        return error(400, NO_MENU)
    if not menu.picture:
        return error(400, NO_PICTURE)
    channel.menus.aliases[alias] = menu.id
    return Answer()


def get_alias(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/richmenu/alias/{richMenuAliasId}."""
    alias = call.path["alias"]
    menu_id = channel.menus.aliases.get(alias)
    if menu_id is None:
        return error(404, NO_ALIAS)
    return Answer(body={"richMenuAliasId": alias, "richMenuId": menu_id})


def delete_alias(channel: Channel, call: Call) -> Answer:
    """DELETE /v2/bot/richmenu/alias/{richMenuAliasId}."""
    return Answer() if channel.menus.aliases.pop(call.path["alias"], None) else error(404, NO_ALIAS)


def list_aliases(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/richmenu/alias/list."""
    known = channel.menus.aliases.items()
    return Answer(body={"aliases": [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in known]})


def move_people(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/richmenu/batch: 202. LINE does it by and by; here it is done at once."""
    operations = call.body.get("operations")
    if not isinstance(operations, list) or not 1 <= len(operations) <= MAX_OPERATIONS:
        return invalid([Problem("operations", f"Size must be between 1 and {MAX_OPERATIONS}")])
    for i, operation in enumerate(operations):
        new = operation.get("to") if operation.get("type") == "link" else None
        if new is not None and new not in channel.menus.menus:
            return invalid([Problem(f"operations[{i}].to", NO_MENU)])
    for operation in operations:
        channel.menus.move(operation.get("from"), operation.get("to"))
    channel.menus.batches.add(call.request_id)
    return Answer(202)


def progress(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/richmenu/progress/batch?requestId=…."""
    if call.query.get("requestId") not in channel.menus.batches:
        return error(404, "Not found")
    at = datetime.fromtimestamp(channel.clock() / 1000, UTC).isoformat(timespec="milliseconds")
    return Answer(body={"phase": "succeeded", "acceptedTime": at, "completedTime": at})


_MENU, _ALL, _USER = "/v2/bot/richmenu", "/v2/bot/user/all/richmenu", "/v2/bot/user/{user_id}/richmenu"

ROUTES: Sequence[tuple[str, str, str, Handler]] = (
    ("POST", _MENU, "create", limited(lambda channel: channel.menus.creating, create)),
    ("POST", f"{_MENU}/validate", "validate", validate),
    ("GET", f"{_MENU}/list", "list", limited(lambda channel: channel.menus.listing, list_all)),
    ("POST", f"{_MENU}/alias", "alias", create_alias),
    ("GET", f"{_MENU}/alias/list", "aliases", list_aliases),
    ("GET", _MENU + "/alias/{alias}", "alias_of", get_alias),
    ("POST", _MENU + "/alias/{alias}", "alias_update", update_alias),
    ("DELETE", _MENU + "/alias/{alias}", "alias_delete", delete_alias),
    ("POST", f"{_MENU}/batch", "batch", limited(lambda channel: channel.menus.moving, move_people)),
    ("GET", f"{_MENU}/progress/batch", "progress", progress),
    ("GET", _MENU + "/{menu_id}", "get", of_menu(get)),
    ("DELETE", _MENU + "/{menu_id}", "delete", limited(lambda channel: channel.menus.deleting, of_menu(delete))),
    ("POST", _MENU + "/{menu_id}/content", "upload", of_menu(upload)),
    ("GET", _MENU + "/{menu_id}/content", "download", of_menu(download)),
    ("GET", _ALL, "default", get_default),
    ("DELETE", _ALL, "cancel_default", cancel_default),
    ("POST", _ALL + "/{menu_id}", "show_to_all", of_menu(show_to_all)),
    ("GET", _USER, "linked", linked),
    ("DELETE", _USER, "unlink", unlink),
    ("POST", _USER + "/{menu_id}", "link", of_menu(link)),
)
"""Method, path, name for faults and logs, and function; what stands earlier is looked for first."""
