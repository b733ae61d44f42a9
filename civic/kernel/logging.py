"""Logs without personal data: one JSON line an event, and no field that could hold a person.

Uvicorn's access log stays off: it would print the addresses of residents and their links.
"""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any

import structlog

PRIVATE_FIELDS = frozenset(
    {"account", "body", "data", "display_name", "line_id", "message", "reply_token", "text", "token", "user_id"}
)


def configure_logging(level: str = "INFO") -> None:
    """JSON lines on stderr for our own events; warnings and worse of other libraries as plain text."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_private_fields,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


class _Printed(structlog.PrintLogger):
    """Prints lines; one that cannot be written (the disk is full) is lost, and never the work it tells of."""

    def msg(self, message: str) -> None:
        """Print a line, if that can be done."""
        with suppress(OSError):
            super().msg(message)

    debug = info = warning = error = critical = msg


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    """A logger on what stderr is now: a program that embeds us may have replaced it since."""
    return _Printed(sys.stderr)


def drop_private_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove every field that could identify a person, whoever logged it."""
    for field in PRIVATE_FIELDS & event.keys():
        del event[field]
    return event


def logger(name: str) -> Any:
    """A logger that names its package."""
    return structlog.get_logger().bind(at=name)
