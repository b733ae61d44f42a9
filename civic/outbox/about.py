"""What all friends can be told. Each is told once: a campaign is unique by its kind and subject."""

from dataclasses import dataclass

ANNOUNCEMENT = "announcement"
RESULT = "result"
INSTALLATION = "installation"
KINDS = (ANNOUNCEMENT, RESULT, INSTALLATION)


@dataclass(frozen=True)
class About:
    """A ballot that opened or was decided, by slug, or one of the installations it led to, by number."""

    kind: str
    ballot: str
    installation: int = 0
