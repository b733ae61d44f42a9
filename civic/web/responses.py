"""Pages from templates: everything escaped, every name in a template known, the reader's language bound."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from civic.kernel.i18n import EASY_JAPANESE, frontend_dir, translate
from civic.kernel.settings import Settings
from civic.web.assets import read_assets
from civic.web.headers import content_security_policy
from civic.web.language import is_japanese, reader_of
from civic.web.ruby import with_ruby


class Pages:
    """Renders templates. A page's context is one frozen dataclass, ``page`` in its template.

    Beside it a template knows ``_`` (translate into the reader's language), ``reader``, ``link`` (a path of ours
    that keeps the language), ``staff`` (who is signed in; None on public pages), ``organiser``, ``base_url``,
    ``stylesheet`` and ``asset`` (the script of an island, "" when the front end is not built).
    """

    def __init__(self, settings: Settings) -> None:
        frontend = frontend_dir()
        assets = read_assets(frontend)
        self._environment = _environment(frontend / "templates")
        self._framed = settings.mode == "demo"
        self._names = {
            "organiser": settings.organiser,
            "base_url": settings.base_url,
            "stylesheet": assets.stylesheet,
            "asset": assets.url,
        }

    def response(
        self,
        request: Request,
        template: str,
        page: Any,
        status: int = 200,
        *,
        scenes: bool = False,
        frames: bool = False,
        line: bool = False,
    ) -> HTMLResponse:
        """The page in the reader's language; the flags are those of ``content_security_policy``.

        Raises jinja2.UndefinedError when the template asks for too much.
        """
        reader = reader_of(request)
        names = {
            **self._names,
            "page": page,
            "reader": reader,
            "staff": getattr(request.state, "staff", None),
            "link": reader.link,
            "_": partial(translate, reader.lang),
        }
        html = self._environment.get_template(template).render(names)
        body = with_ruby(html) if reader.lang == EASY_JAPANESE else html
        policy = content_security_policy(scenes=scenes, frames=frames, framed=self._framed, line=line)
        headers = {
            "content-language": reader.html_lang,
            "content-security-policy": policy,
            "vary": "accept-language",
        }
        return HTMLResponse(body, status, headers)


@cache
def _environment(templates: Path) -> Environment:
    """One for all parts of the process, so that each template is compiled once."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["japanese"] = is_japanese
    return environment
