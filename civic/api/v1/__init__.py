"""Version 1 of the JSON API: published objects only, read only, no account."""

from fastapi import APIRouter

from civic.api.v1 import ballots, programmes, sites
from civic.kernel.context import Context

PREFIX = "/api/v1"


def router(context: Context) -> APIRouter:
    """All operations of the API."""
    routes = APIRouter(prefix=PREFIX)
    for part in (programmes, sites, ballots):
        routes.include_router(part.router(context))
    return routes
