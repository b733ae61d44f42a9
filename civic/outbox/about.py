"""What all friends can be told. Each is told once: a campaign is unique by its kind and subject."""

from dataclasses import dataclass

ANNOUNCEMENT = "announcement"
LAST_CHANCE = "last_chance"
RESULT = "result"
INSTALLATION = "installation"
EVALUATION = "evaluation"
KINDS = (ANNOUNCEMENT, LAST_CHANCE, RESULT, INSTALLATION, EVALUATION)
OF_BALLOT = frozenset({ANNOUNCEMENT, LAST_CHANCE, RESULT})
"""Kinds about a ballot as a whole; the others are about one of its installations."""

UNTIL_THE_CLOSE = frozenset({ANNOUNCEMENT, LAST_CHANCE})
"""Kinds that ask people to vote: once their ballot has closed they would be untrue."""


@dataclass(frozen=True)
class About:
    """A ballot, by slug, or one of the installations it led to, by number."""

    kind: str
    ballot: str
    installation: int = 0
