"""The seam to what the webhook put aside: the composition hands in how to list it and how to run it again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession


class AsideEvent(Protocol):
    """An event that was put aside. The body stays sealed; only whether it is still there matters here."""

    event_key: bytes
    reason: str | None
    body: bytes | None
    received_ms: int


@dataclass(frozen=True)
class Quarantine:
    """How to read the quarantine, and how to put an event back in the line (NotFound when it cannot be)."""

    list: Callable[[AsyncSession], Awaitable[Sequence[AsideEvent]]]
    run_again: Callable[[AsyncSession, bytes], Awaitable[None]]
