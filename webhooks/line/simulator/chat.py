"""The chat page: one resident's phone, drawn by the server; a script only makes it livelier."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from webhooks.line.chatview import STYLESHEET
from webhooks.line.chatview import TEMPLATES as SHARED
from webhooks.line.chatview.actions import tappables
from webhooks.line.chatview.cards import EntryView, entry_view
from webhooks.line.simulator.bodies import read_capped
from webhooks.line.simulator.errors import Refused
from webhooks.line.simulator.menu_page import MenuView, menu_key, menu_routes, menu_view
from webhooks.line.simulator.simulator import Simulator
from webhooks.line.simulator.state import JsonObject, Resident
from webhooks.line.simulator.texts import TEXTS, WORDS, language_of

HERE = Path(__file__).parent
MAX_FORM_BYTES = 64 * 1024
ANSWER_WITHIN_S = 2.0
NEWS_WITHIN_S = 25.0
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}

TEMPLATES = Environment(
    loader=FileSystemLoader([HERE / "templates", SHARED]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PersonView:
    """One of the people whose phone can be looked at."""

    index: int
    name: str
    about: str
    initial: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ChatPage:
    """All that the template needs; ``base`` is the path the simulator is mounted under."""

    base: str
    lang: str
    texts: Mapping[str, str]
    product_name: str
    script_url: str
    frame: str
    people: list[PersonView]
    resident: Resident | None
    entries: list[EntryView]
    words: Mapping[str, str]
    menu: MenuView | None
    trouble: str | None

    @property
    def tap_path(self) -> str:
        """Where a tap goes."""
        return f"{self.base}/chat/{self.resident.index}/tap" if self.resident is not None else ""


class Chat:
    """GET shows, POST acts, waits up to two seconds for the answer and leads back (303)."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.channel = simulator.channel
        self._template = TEMPLATES.get_template("chat.html")

    def routes(self) -> list[Route]:
        """Routes below the simulator's own URL."""
        person = "/chat/{index:int}"
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/chat.css", self.stylesheet, methods=["GET"]),
            Route(f"{person}/news", self.news, methods=["GET"]),
            self._post(f"{person}/follow", lambda index, form: self.simulator.follow(index)),
            self._post(f"{person}/block", lambda index, form: self.simulator.unfollow(index)),
            self._post(f"{person}/say", lambda index, form: self.simulator.say(index, form.get("text", ""))),
            self._post(f"{person}/tap", self._tap),
            self._post(f"{person}/menu", self._tap_menu),
            *menu_routes(self.channel.menus, HEADERS),
        ]

    def _post(self, path: str, act: Callable[[int, Form], Awaitable[object]]) -> Route:
        async def endpoint(request: Request) -> Response:
            index: int = request.path_params["index"]
            form: Form = {}
            try:
                form = await read_form(request)
                resident = self.channel.resident(index)
                received = resident.received
                await act(index, form)
            except Refused as refusal:
                return self._page(request, index, form.get("lang"), refusal)
            if not path.endswith("block"):
                await resident.wait_beyond(received, ANSWER_WITHIN_S)
            return back_to_chat(request, index, language_of(form.get("lang")))

        return Route(path, endpoint, methods=["POST"])

    async def _tap(self, index: int, form: Form) -> object:
        return await self.simulator.tap(index, self._action(self.channel.resident(index), form))

    async def _tap_menu(self, index: int, form: Form) -> object:
        """The area of the menu that was pressed, also when another menu has taken its place by now."""
        menu = self.channel.menus.menus.get(form.get("menu", ""))
        position = form.get("position", "")
        areas = menu.areas if menu is not None else []
        if not (position.isascii() and position.isdigit() and int(position) < len(areas)):
            raise Refused.nothing_to_tap(f"{form.get('menu')}/{position}")
        return await self.simulator.tap(index, areas[int(position)]["action"])

    def _action(self, resident: Resident, form: Form) -> JsonObject:
        """The action of the button that was pressed; Refused (404) when its card has left the chat."""
        for entry in resident.chat:
            if str(entry.id) == form.get("entry"):
                actions = tappables(entry.message)
                position = form.get("position", "")
                if position.isascii() and position.isdigit() and int(position) < len(actions):
                    return actions[int(position)].action
        raise Refused.nothing_to_tap(f"{form.get('entry')}/{form.get('position')}")

    async def show(self, request: Request) -> Response:
        """One resident's page (``?resident=0``); with none named, the first who speaks the page's language."""
        lang = request.query_params.get("lang")
        wish = request.query_params.get("resident")
        if wish is None:
            return self._page(request, self._first_speaker(language_of(lang)), lang, None)
        index = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 9 else -1
        return self._page(request, index, lang, None)

    def _first_speaker(self, lang: str) -> int:
        return next((r.index for r in self.channel.residents if r.language == lang), 0)

    async def news(self, request: Request) -> Response:
        """200 once something is another than was seen, 204 after 25 seconds, 503 at the end.

        ``?seen=`` is the key of the newest entry, ``&menu=`` that of the menu.
        """
        seen = request.query_params.get("seen", ""), request.query_params.get("menu", "")
        try:
            resident = self.channel.resident(request.path_params["index"])
        except Refused as refusal:
            return Response(status_code=refusal.status, headers=HEADERS)
        is_new = await self._arrives(resident, seen)
        if self.simulator.closing.is_set():
            return Response(status_code=503, headers=HEADERS)
        return Response(status_code=200 if is_new else 204, headers=HEADERS)

    def _keys(self, resident: Resident) -> tuple[str, str]:
        newest = entry_view(resident.chat[-1], "").key if resident.chat else ""
        return newest, menu_key(self.channel.menus.seen_by(resident.user_id))

    async def _arrives(self, resident: Resident, seen: tuple[str, str]) -> bool:
        """Whether there is news in time; False at once when the simulator ends."""
        news = resident.wait_until(lambda: self._keys(resident) != seen, NEWS_WITHIN_S)
        arrival = asyncio.ensure_future(news)
        end = asyncio.ensure_future(self.simulator.closing.wait())
        try:
            await asyncio.wait({arrival, end}, return_when=asyncio.FIRST_COMPLETED)
            return arrival.done() and arrival.result()
        finally:
            arrival.cancel()
            end.cancel()

    async def stylesheet(self, request: Request) -> Response:
        """The page's one stylesheet."""
        return FileResponse(STYLESHEET, media_type="text/css", headers=HEADERS)

    def _page(self, request: Request, index: int, lang_wish: str | None, refusal: Refused | None) -> Response:
        lang = language_of(lang_wish)
        residents = self.channel.residents
        resident = residents[index] if 0 <= index < len(residents) else None
        if refusal is None and resident is None and residents:
            refusal = Refused.no_such_resident(index)
        settings = self.channel.settings
        page = ChatPage(
            base=base_path(request),
            lang=lang,
            texts=TEXTS[lang],
            product_name=settings.product_name,
            script_url=settings.script_url,
            frame=settings.frame,
            people=[person_view(r, lang, r is resident) for r in self._shown(resident)],
            resident=resident,
            entries=[] if resident is None else [entry_view(e, settings.public_url) for e in resident.chat],
            words=WORDS[language_of(resident.language if resident else None)],
            menu=None if resident is None else menu_view(self.channel.menus.seen_by(resident.user_id)),
            trouble=trouble_text(resident, lang, refusal),
        )
        html = self._template.render(page=page).encode("utf-8", "replace")
        status = 200 if refusal is None else refusal.status
        return Response(html, status, HEADERS, "text/html")

    def _shown(self, current: Resident | None) -> list[Resident]:
        """The people offered for choice: those who were there first, and whoever is shown now."""
        first = self.channel.residents[: self.channel.at_start]
        return first if current is None or current in first else [*first, current]


def person_view(resident: Resident, lang: str, is_shown: bool) -> PersonView:
    """A person in the page's language."""
    name = resident.person.name[lang]
    return PersonView(resident.index, name, resident.person.about[lang], name[:1], is_shown)


def trouble_text(resident: Resident | None, lang: str, refusal: Refused | None) -> str | None:
    """What went wrong last, and what to do."""
    if refusal is not None:
        return refusal.en if lang == "en" else refusal.ja
    if resident is not None and resident.trouble is not None:
        return f"{TEXTS[lang]['unanswered']} ({resident.trouble})"
    return None


def base_path(request: Request) -> str:
    """Where the simulator is mounted, without a slash at the end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def back_to_chat(request: Request, index: int, lang: str) -> Response:
    """303 to the chat."""
    query = urlencode({"resident": index, "lang": lang})
    return RedirectResponse(f"{base_path(request)}/?{query}", 303, HEADERS)


async def read_form(request: Request) -> Form:
    """The last value of each field; Refused (413) beyond 64 KB."""
    raw = await read_capped(request, MAX_FORM_BYTES)
    fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}
