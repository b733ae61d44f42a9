"""A call of the Messaging API as its functions see it, and what they answer."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from webhooks.line.simulator.state import Channel, JsonObject
from webhooks.line.simulator.validation import Problem

RATE_LIMITED = "The API rate limit has been exceeded. Try again later."


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request: its JSON (empty for GET and files), retry key, path and query, its file."""

    request_id: str
    body: JsonObject
    retry_key: str | None
    path: dict[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    file: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE says, and how many people it reached; a ``file`` goes out instead of the body."""

    status: int = 200
    body: JsonObject = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    recipients: int = 0
    file: bytes = b""


Handler = Callable[[Channel, Call], Answer]


def error(status: int, message: str, problems: list[Problem] | None = None) -> Answer:
    """An error as LINE words it; ``details`` only when there are some."""
    body: JsonObject = {"message": message}
    if problems:
        body["details"] = [asdict(problem) for problem in problems]
    return Answer(status, body)


def invalid(problems: list[Problem]) -> Answer:
    """400 with the violated properties."""
    return error(400, f"The request body has {len(problems)} error(s)", problems)
