"""Version 1 of the JSON API: published objects only, read only, no account."""

from fastapi import APIRouter

from civic.api.v1 import ballots, programmes, sites
from civic.kernel.context import Context
from civic.web import Shared

PREFIX = "/api/v1"

SHARED = (
    Shared(f"{PREFIX}/programmes"),
    Shared(f"{PREFIX}/programmes/{{programme}}"),
    Shared(f"{PREFIX}/programmes/{{programme}}/proposals/{{proposal}}"),
    Shared(f"{PREFIX}/sites.geojson", parameter="programme"),
    Shared(f"{PREFIX}/ballots/{{ballot}}"),
    Shared(f"{PREFIX}/ballots/{{ballot}}/results"),
)
"""Every operation: all of it is published, so all of it is the same for everybody."""


def router(context: Context) -> APIRouter:
    """All operations of the API."""
    routes = APIRouter(prefix=PREFIX)
    for part in (programmes, sites, ballots):
        routes.include_router(part.router(context))
    return routes
