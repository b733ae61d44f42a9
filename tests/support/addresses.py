"""Every address that an application answers to, so that a test can walk them all and a new one cannot hide."""

from __future__ import annotations

import re

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


def addresses(app: FastAPI, values: dict[str, str], method: str = "GET", under: str = "/") -> list[str]:
    """The paths of all routes of a method below a path, with their parameters filled in.

    KeyError for a parameter that ``values`` does not know: a new route has to be walked too.
    """
    found = []
    for route in iter_route_contexts(app.routes):
        if route.path and route.path.startswith(under) and method in (route.methods or ()):
            found.append(PARAMETER.sub(lambda match: values[match[1]], route.path))
    return found
