"""Who may do what, how long links and sessions last, and what a name may be. Pure."""

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta

from civic.kernel.errors import InvalidInput

ROLES = ("planner", "facilitator", "owner")
OWNER = "owner"

INVITATION_LASTS = timedelta(hours=72)
SESSION_IDLE = timedelta(hours=8)
"""How long after its last change a session still opens pages; reading alone does not prolong it."""
SESSION_LASTS = timedelta(hours=12)
"""The longest that one sign-in can last, however busy: a working day."""
USE_NOTED_EVERY = timedelta(minutes=5)
"""A session's last use is written at most this often."""

LONGEST_NAME = 60


def may(role: str, allowed: Collection[str]) -> bool:
    """Whether a role is among the allowed ones; an owner may do everything."""
    return role == OWNER or role in allowed


def session_lives(created_at: datetime, used_at: datetime, now: datetime) -> bool:
    """Whether a session still opens pages: neither idle for too long nor older than a working day."""
    return now < used_at + SESSION_IDLE and now < created_at + SESSION_LASTS


def normal_name(typed: str) -> str:
    """A name as it is kept: NFC, single spaces. InvalidInput when it is empty, too long or not all visible."""
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(char) in _UNSEEN for char in name):
        raise InvalidInput(
            "staff_name_invalid",
            "職員の名前は、見える文字で 1〜{longest} 文字にしてください。",
            longest=LONGEST_NAME,
        )
    return name


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Control, format (invisible, right-to-left marks), private, surrogate: two names must not look alike."""


def known_role(typed: str) -> str:
    """The role. InvalidInput when there is none of that name."""
    if typed not in ROLES:
        raise InvalidInput(
            "staff_role_unknown",
            "役割「{role}」はありません。planner、facilitator、owner のどれかにしてください。",
            role=typed,
        )
    return typed
