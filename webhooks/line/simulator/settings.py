"""What one simulated LINE channel is given at its start."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Clock = Callable[[], int]
"""Tells the present as whole milliseconds since 1970-01-01 UTC, the unit of LINE's event timestamps."""


def wall_clock() -> int:
    """The present by this machine's clock, in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: the name and a few words about them in ja and en, and the language of their phone."""

    name: Mapping[str, str]
    about: Mapping[str, str]
    language: str = "ja"


@dataclass(frozen=True, slots=True)
class SimulatorSettings:
    """One channel: where its webhooks go, its secrets, its plan, and the people in it.

    ``quota`` is the plan's number of messages (None: unlimited). ``redeliver_after_s`` is None while the
    console's redelivery switch is off, as it is on a new channel. Ids of residents follow from ``seed``.
    The first residents are ``people``; without any there are ``residents`` nameless ones. ``script_url`` is the
    chat page's script on this very origin, empty for a page without one; ``frame`` names the browsing context in
    which its links open.
    """

    webhook_url: str
    channel_secret: str
    access_token: str
    public_url: str
    quota: int | None = None
    seed: int = 2023
    product_name: str = "Attara"
    residents: int = 3
    people: tuple[Person, ...] = ()
    script_url: str = ""
    frame: str = "site"
    max_residents: int = 10_000
    answer_within_s: float = 2.0
    redeliver_after_s: float | None = None
