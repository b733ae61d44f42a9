"""The channel's rich menus: which there are, with their pictures and aliases, and who sees which."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from webhooks.line.simulator.settings import Clock

JsonObject = dict[str, Any]

MAX_MENUS = 1000
MAX_ALIASES = 1000
HOUR_MS = 3_600_000


@dataclass(slots=True)
class RichMenu:
    """One menu as it was created, and its picture once that was uploaded."""

    id: str
    content: JsonObject
    picture: bytes = b""

    @property
    def media_type(self) -> str:
        """What kind of picture it is."""
        return "image/png" if self.picture.startswith(b"\x89PNG") else "image/jpeg"

    @property
    def areas(self) -> list[JsonObject]:
        """What can be tapped: ``bounds`` in pixels of the picture, and ``action``."""
        areas: list[JsonObject] = self.content["areas"]
        return areas

    def summary(self) -> JsonObject:
        """As LINE gives it back."""
        return {"richMenuId": self.id, **self.content}


@dataclass
class Rate:
    """At most ``most`` calls within ``within_ms``, counted back from each call."""

    clock: Clock
    most: int
    within_ms: int
    _at: deque[int] = field(default_factory=deque)

    def allows(self) -> bool:
        """Whether one more call is allowed now; if so it counts."""
        now = self.clock()
        while self._at and self._at[0] <= now - self.within_ms:
            self._at.popleft()
        if len(self._at) >= self.most:
            return False
        self._at.append(now)
        return True


class RichMenus:
    """All menus of a channel. People are named by their user ids."""

    def __init__(self, clock: Clock) -> None:
        self.menus: dict[str, RichMenu] = {}
        self.aliases: dict[str, str] = {}
        self.linked: dict[str, str] = {}
        self.batches: set[str] = set()
        self.default: str | None = None
        self.creating = Rate(clock, 100, HOUR_MS)
        self.deleting = Rate(clock, 100, HOUR_MS)
        self.listing = Rate(clock, 10, 1000)
        self.moving = Rate(clock, 3, HOUR_MS)

    def remove(self, menu_id: str) -> None:
        """Remove a menu; whoever was given it sees the one for all again."""
        del self.menus[menu_id]
        self.linked = {person: linked for person, linked in self.linked.items() if linked != menu_id}
        if self.default == menu_id:
            self.default = None

    def move(self, old: str | None, new: str | None) -> None:
        """Whoever was given ``old`` (None: any) gets ``new`` (None: the one for all)."""
        movers = [person for person, linked in self.linked.items() if old in (None, linked)]
        for person in movers:
            if new is None:
                del self.linked[person]
            else:
                self.linked[person] = new

    def seen_by(self, user_id: str) -> RichMenu | None:
        """The menu below somebody's chat: their own, else the one for all, else none."""
        return self.menus.get(self.linked.get(user_id, self.default or ""))
