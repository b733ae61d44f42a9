"""Put everything that pages share into an application."""

from fastapi import FastAPI

from civic.kernel.context import Context
from civic.kernel.i18n import frontend_dir
from civic.web.assets import mount_assets
from civic.web.errors import ErrorAnswers
from civic.web.headers import SecurityHeaders
from civic.web.responses import Pages


def install(app: FastAPI, context: Context) -> None:
    """Headers on every answer, error pages, styles and islands under /static."""
    app.add_middleware(SecurityHeaders)
    ErrorAnswers(Pages(context.settings)).install(app)
    mount_assets(app, frontend_dir())
