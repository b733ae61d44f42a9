"""Version 1 of the JSON API: published objects only, read only, no account."""

from fastapi import APIRouter

from civic.api.v1 import ballots, placements, programmes, sites, tiles
from civic.kernel.context import Context
from civic.web import Shared

PREFIX = "/api/v1"

SHARED = (
    Shared(f"{PREFIX}/programmes"),
    Shared(f"{PREFIX}/programmes/{{programme}}"),
    Shared(f"{PREFIX}/programmes/{{programme}}/proposals/{{proposal}}"),
    Shared(f"{PREFIX}/programmes/{{programme}}/tileset.json"),
    Shared(f"{PREFIX}/sites.geojson", parameter="programme"),
    Shared(f"{PREFIX}/layers.geojson", parameter="programme"),
    Shared(f"{PREFIX}/placements.geojson", parameter="programme"),
    Shared(f"{PREFIX}/checks.geojson", parameter="programme"),
    Shared(f"{PREFIX}/ballots/{{ballot}}"),
    Shared(f"{PREFIX}/ballots/{{ballot}}/results"),
)
"""All of it is published, so all of it is the same for everybody; GLB files are too large to be kept in memory."""


def router(context: Context) -> APIRouter:
    """All operations of the API."""
    routes = APIRouter(prefix=PREFIX)
    for part in (tiles, programmes, sites, placements, ballots):  # tiles first: a name with .glb is no proposal's
        routes.include_router(part.router(context))
    return routes
