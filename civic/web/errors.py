"""Refusals as answers: a page for people, one JSON shape under /api; never a stack trace."""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from civic.kernel.errors import CivicError, InvalidInput, NotFound, Unavailable
from civic.kernel.i18n import translate
from civic.kernel.logging import logger
from civic.web.headers import secure
from civic.web.language import reader_of
from civic.web.responses import Pages

RETRY_AFTER_S = "5"
_SIGN_IN = 401


class Refusal(BaseModel):
    """Every error of the API: a stable code, and what happened and what to do next in both languages."""

    code: str
    message_ja: str
    message_en: str


class _NoSuchMethod(CivicError):
    """The address exists, but not for this verb."""

    status = 405


class _Unexpected(CivicError):
    """A fault of ours."""

    status = 500


@dataclass(frozen=True)
class ErrorPage:
    """What an error page says."""

    title: str
    code: str
    sentence: str
    next_path: str
    next_words: str


class ErrorAnswers:
    """Turns every exception into an answer that the reader can use."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def install(self, app: FastAPI) -> None:
        """Answer all exceptions of this application."""
        app.add_exception_handler(CivicError, self.refused)
        app.add_exception_handler(HTTPException, self.no_route)
        app.add_exception_handler(RequestValidationError, self.bad_parameters)
        app.add_exception_handler(OperationalError, self.database_away)
        app.add_exception_handler(PoolTimeout, self.database_away)
        app.add_exception_handler(StatementError, self.refused_value)
        app.add_exception_handler(Exception, self.fault)

    async def refused(self, request: Request, error: Exception) -> Response:
        """A refusal of our own."""
        assert isinstance(error, CivicError)
        return self.answer(request, error)

    async def no_route(self, request: Request, error: Exception) -> Response:
        """No such address, or not for this verb."""
        assert isinstance(error, HTTPException)
        if error.status_code == _NoSuchMethod.status:
            refusal: CivicError = _NoSuchMethod(
                "method_not_allowed",
                "このアドレスでは、その操作はできません。ページを開き直して、画面のボタンを使ってください。",
            )
        else:
            refusal = NotFound(
                "page_unknown",
                "このページはありません。アドレスを確かめるか、はじめのページから探してください。",
            )
        response = self.answer(request, refusal)
        response.headers.update(error.headers or {})
        return response

    async def bad_parameters(self, request: Request, error: Exception) -> Response:
        """A parameter of the API that cannot be used; names it."""
        assert isinstance(error, RequestValidationError)
        names = ", ".join(sorted({".".join(map(str, found["loc"][1:])) for found in error.errors()}))
        refusal = InvalidInput(
            "parameter_invalid",
            "{names} の値を使えません。API の説明（/openapi.json）にある形で書いてください。",
            names=names,
        )
        return self.answer(request, refusal)

    async def refused_value(self, request: Request, error: Exception) -> Response:
        """A value that a column refused (NUL in a path): the database library wraps our own refusal."""
        if isinstance(error, StatementError) and isinstance(error.orig, CivicError):
            return self.answer(request, error.orig)
        raise error

    async def database_away(self, request: Request, error: Exception) -> Response:
        """The database does not answer; nothing was written."""
        logger("web").error("database_unavailable", error=type(error).__name__)
        refusal = Unavailable(
            "database_unavailable",
            "いまデータベースにつながりません。何も変わっていません。少し待ってから、もう一度ためしてください。",
        )
        return self.answer(request, refusal)

    async def fault(self, request: Request, error: Exception) -> Response:
        """A fault of ours; the server's outermost layer logs it, beyond the middleware that sets headers."""
        refusal = _Unexpected(
            "unexpected",
            "思いがけない不具合が起きました。少し待ってから、もう一度ためしてください。続くときは運営にお知らせください。",
        )
        response = self.answer(request, refusal)
        secure(response.headers, request.scope["path"])
        return response

    def answer(self, request: Request, refusal: CivicError) -> Response:
        """The refusal as JSON under /api, else as a page."""
        if request.scope["path"].startswith("/api/"):
            body = Refusal(code=refusal.code, message_ja=refusal.sentence("ja"), message_en=refusal.sentence("en"))
            response: Response = JSONResponse(body.model_dump(), refusal.status)
        else:
            lang = reader_of(request).lang
            title, onward = title_of(refusal.status, lang), next_step(request, refusal.status)
            page = ErrorPage(title, refusal.code, refusal.sentence(lang), *onward)
            response = self._pages.response(request, "error.html", page, refusal.status)
        if refusal.status == Unavailable.status:
            response.headers["retry-after"] = RETRY_AFTER_S
        return response


def title_of(status: int, lang: str) -> str:
    """What kind of trouble it is, in a few words."""
    titles = {
        401: translate(lang, "サインインが必要です"),
        403: translate(lang, "この操作はできません"),
        404: translate(lang, "見つかりません"),
        409: translate(lang, "いまの状態ではできません"),
        410: translate(lang, "期限が過ぎました"),
        413: translate(lang, "内容が大きすぎます"),
        422: translate(lang, "内容を確かめてください"),
        429: translate(lang, "少し待ってください"),
        503: translate(lang, "いまは使えません"),
    }
    return titles.get(status) or translate(lang, "うまくいきませんでした")


def next_step(request: Request, status: int) -> tuple[str, str]:
    """Where to go from an error page: the path, and the words on its button."""
    lang = reader_of(request).lang
    if status == _SIGN_IN:
        return "/admin/sign-in", translate(lang, "サインインのしかた")
    if getattr(request.state, "staff", None) is not None:
        return "/admin", translate(lang, "職員の画面へ")
    return "/", translate(lang, "はじめのページへ")
