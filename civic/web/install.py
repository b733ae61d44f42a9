"""Put everything that pages share into an application."""

from collections.abc import Iterable

from fastapi import FastAPI

from civic.kernel.context import Context
from civic.kernel.i18n import frontend_dir
from civic.web.assets import mount_assets
from civic.web.cross_origin import CrossOriginReads
from civic.web.errors import ErrorAnswers
from civic.web.headers import SecurityHeaders
from civic.web.responses import Pages
from civic.web.shared_reads import Shared, SharedReads


def install(app: FastAPI, context: Context, shared: Iterable[Shared]) -> None:
    """Headers on every answer, leave to read open data, answers built once, error pages, styles and islands."""
    app.add_middleware(CrossOriginReads)
    app.add_middleware(SecurityHeaders)
    # Around the headers, which are then part of what is kept.
    app.add_middleware(SharedReads, database=context.database, clock=context.clock, shared=tuple(shared))
    ErrorAnswers(Pages(context.settings)).install(app)
    mount_assets(app, frontend_dir())
