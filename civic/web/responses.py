"""Pages from templates: everything escaped, every name in a template known, the reader's language bound."""

from functools import partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from civic.kernel.canonical import sha256_hex
from civic.kernel.i18n import frontend_dir, translate
from civic.kernel.settings import Settings
from civic.web.language import reader_of


class Pages:
    """Renders templates. A page's context is one frozen dataclass, ``page`` in its template.

    Beside it a template knows ``_`` (translate into the reader's language), ``reader``, ``link`` (a path of ours
    that keeps the language), ``organiser``, ``base_url`` and ``stylesheet``.
    """

    def __init__(self, settings: Settings) -> None:
        frontend = frontend_dir()
        self._environment = Environment(
            loader=FileSystemLoader(frontend / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        version = sha256_hex((frontend / "styles" / "civic.css").read_bytes())[:12]
        self._environment.globals |= {
            "organiser": settings.organiser,
            "base_url": settings.base_url,
            "stylesheet": f"/static/civic.css?v={version}",
        }

    def response(self, request: Request, template: str, page: Any, status: int = 200) -> HTMLResponse:
        """The page in the reader's language. Raises jinja2.UndefinedError when the template asks for too much."""
        reader = reader_of(request)
        names = {"page": page, "reader": reader, "link": reader.link, "_": partial(translate, reader.lang)}
        body = self._environment.get_template(template).render(names)
        headers = {"content-language": reader.lang, "vary": "accept-language"}
        return HTMLResponse(body, status, headers)
