"""Put everything that pages share into an application."""

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from civic.kernel.context import Context
from civic.kernel.i18n import frontend_dir
from civic.web.errors import ErrorAnswers
from civic.web.headers import SecurityHeaders
from civic.web.responses import Pages


def install(app: FastAPI, context: Context) -> None:
    """Headers on every answer, error pages, and the stylesheet under /static."""
    app.add_middleware(SecurityHeaders)
    ErrorAnswers(Pages(context.settings)).install(app)
    app.mount("/static", StaticFiles(directory=frontend_dir() / "styles"), name="static")
