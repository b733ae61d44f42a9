"""The container files as data, for the tests that compare them with the code."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import yaml
from support.source import ROOT

VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def read(name: str) -> str:
    """The text of one file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def services() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml, with the shared part merged in."""
    return yaml.safe_load(read("compose.yaml"))["services"]


def words(command: str | list[str]) -> list[str]:
    """A command as its words, however it is written; Compose's CMD marker is not part of it."""
    parts = shlex.split(command) if isinstance(command, str) else list(command)
    return parts[1:] if parts[:1] == ["CMD"] else parts


def instructions(name: str) -> list[tuple[str, str]]:
    """The instructions of the Containerfile with that name: stage number, arguments."""
    joined = re.sub(r"\\\n\s*", " ", read("Containerfile"))
    stage, found = 0, []
    for line in joined.splitlines():
        word, _, rest = line.partition(" ")
        stage += word == "FROM"
        if word == name:
            found.append((str(stage), rest.strip()))
    return found


def commands() -> Iterator[list[str]]:
    """Every command line that compose.yaml and the Containerfile start, health checks included."""
    for service in services().values():
        if "command" in service:
            yield words(service["command"])
        if "healthcheck" in service:
            yield words(service["healthcheck"]["test"])
    for _, arguments in instructions("CMD"):
        yield json.loads(arguments)
