"""A site for tests: the tiny programme loaded, the pages and the API served on 127.0.0.1, the time held still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.types import ASGIApp, Receive, Scope, Send
from support.databases import DIALECTS, Installed, new_sqlite
from support.freezing import freeze
from support.serving import serving
from support.tiny_programme import BALLOT, load_programme, write_tiny_programme

import civic.admin
import civic.api.v1
import civic.public
import civic.web
from civic.ballots.actions import close_ballot, open_ballot, seal_ballot
from civic.ballots.queries import ballot_by_slug
from civic.kernel.clock import to_ms
from civic.kernel.context import Context, open_context
from civic.kernel.errors import NotFound
from civic.kernel.settings import Settings
from civic.main import open_messaging
from civic.votes.actions import log_late
from civic.votes.operations import Cast, OpenBallot
from civic.votes.queries import receipts_of

BASE_URL = "https://vote.example.jp"
OPENS = datetime(2026, 10, 14, 0, 0, tzinfo=UTC)
"""Wednesday, 09:00 in Japan; the tiny ballot closes a day later."""


class HeldClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@dataclass
class Aside:
    """An event in quarantine, as the webhook keeps it."""

    event_key: bytes
    reason: str | None
    body: bytes | None
    received_ms: int


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    body: bytes


@dataclass
class Site:
    """The served site, and what tests do to it behind its back."""

    context: Context
    clock: HeldClock
    app: FastAPI
    aside: list[Aside] = field(default_factory=list)
    http: aiohttp.ClientSession | None = None

    async def get(self, path: str, lang: str | None = None, **headers: str) -> Answer:
        """GET without following redirects; ``headers`` with underscores for hyphens."""
        return await self.ask("GET", path, lang=lang, **headers)

    async def post(self, path: str, fields: Any = None, **headers: str) -> Answer:
        """POST a form, as the site's own page would."""
        return await self.ask("POST", path, data=fields or {}, **{"sec_fetch_site": "same-origin", **headers})

    async def ask(
        self, method: str, path: str, *, lang: str | None = None, data: Any = None, **headers: str
    ) -> Answer:
        assert self.http is not None
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        params = {"lang": lang} if lang else {}
        async with self.http.request(
            method, path, params=params, data=data, headers=sent, allow_redirects=False
        ) as response:
            body = await response.read()
            text = body.decode("utf-8", "replace")
            found = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, found, text, body)

    async def open_ballot(self, slug: str = BALLOT) -> None:
        async with self.context.database.writing() as session:
            await open_ballot(session, "test", slug, self.clock(), self.context.keys, at_once=False)

    async def vote(self, account: str, *choices: str, op: str = "add", slug: str = BALLOT) -> list[str]:
        """One operation a choice (or one without), a second after the other; returns the receipts."""
        return await self.vote_all([(account, choice) for choice in choices or ("",)], op, slug)

    async def vote_all(
        self, taps: Sequence[tuple[str, str]], op: str = "add", slug: str = BALLOT, at: datetime | None = None
    ) -> list[str]:
        """Many operations (account, choice) received now, tapped ``at`` or a second after the other."""
        async with self.context.database.writing() as session:
            ballot = await ballot_by_slug(session, slug)
            opened = OpenBallot(ballot.id or 0, slug, self.context.keys.get(slug))
            casts = [self._cast(account, op, choice, at) for account, choice in taps]
            await log_late(session, opened, dict.fromkeys(casts, to_ms(self.clock())))
            receipts = await receipts_of(session, opened.id, [cast.event_id for cast in casts])
        return [receipts[cast.event_id] for cast in casts]

    def _cast(self, account: str, op: str, choice: str, at: datetime | None) -> Cast:
        self.clock.pass_by(timedelta(seconds=1))
        event = f"{account}-{to_ms(self.clock())}"
        return Cast("line", account, op, (choice,) if choice else (), event, to_ms(at or self.clock()))

    async def close(self, slug: str = BALLOT) -> None:
        self.clock.pass_by(timedelta(seconds=1))
        async with self.context.database.writing() as session:
            await close_ballot(session, "test", slug, self.clock(), at_once=True)

    async def seal(self, slug: str = BALLOT) -> None:
        """Close, wait for the grace, seal and count."""
        await self.close(slug)
        self.clock.pass_by(timedelta(minutes=5))
        await self.seal_only(slug)

    async def seal_only(self, slug: str = BALLOT) -> None:
        """Seal a closed ballot whose grace is over, and count it."""
        async with self.context.database.writing() as session:
            assert await seal_ballot(session, "test", slug, self.clock())
        await freeze(self.context, slug, self.clock())

    @asynccontextmanager
    async def served_as(self, *, client: str | None = None, **settings: Any) -> AsyncIterator[Site]:
        """The same site with other settings, or seen from another address."""
        context = replace(self.context, settings=self.context.settings.model_copy(update=settings))
        other = replace(self, context=context, app=build_app(context, self.aside))
        app = FromAddress(other.app, client) if client else other.app
        async with serving(app) as url, aiohttp.ClientSession(url) as other.http:
            yield other


class FromAddress:
    """Pretends that every request comes from another machine."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self.app, self.address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "client": (self.address, 4711)}, receive, send)


def build_app(context: Context, aside: list[Aside]) -> FastAPI:
    """Pages and API as the composition puts them together, without LINE."""

    async def listed(_session: AsyncSession) -> list[Aside]:
        return aside

    async def run_again(_session: AsyncSession, key: bytes) -> None:
        found = [event for event in aside if event.event_key == key and event.body is not None]
        if not found:
            raise NotFound("event_unknown", "この記録はもう一度処理できません。一覧を開き直してください。")
        aside.remove(found[0])

    app = FastAPI(title="Attara", docs_url=None, redoc_url=None)
    civic.web.install(app, context, [*civic.public.SHARED, *civic.api.v1.SHARED])
    app.include_router(civic.public.router(context))
    quarantine = civic.admin.Quarantine(listed, run_again)
    app.include_router(civic.admin.router(context, quarantine, open_messaging(context)))
    app.include_router(civic.api.v1.router(context))
    return app


def make_context(folder: Path, database_url: str, clock: HeldClock) -> Context:
    """A context in demo mode that reads no ``.env``."""
    settings = Settings(
        _env_file=None,
        mode="demo",
        data_dir=folder,
        database_url=database_url,
        base_url=BASE_URL,
        secret_key=(SecretStr("0123456789abcdef0123456789abcdef"),),
    )
    return open_context(settings, clock)


async def prepare_site(database_url: str, folder: Path, **programme: Any) -> None:
    """Load the tiny programme into a database with the schema; ``programme`` as for ``write_tiny_programme``."""
    context = make_context(folder, database_url, HeldClock(OPENS))
    await load_programme(context, write_tiny_programme(folder / "programme", now=OPENS, **programme))
    await context.database.close()


@asynccontextmanager
async def running_site(folder: Path, database_url: str) -> AsyncIterator[Site]:
    """A served site over what ``prepare_site`` made."""
    clock = HeldClock(OPENS)
    context = make_context(folder, database_url, clock)
    aside: list[Aside] = []
    site = Site(context, clock, build_app(context, aside), aside)
    try:
        async with serving(site.app) as url, aiohttp.ClientSession(url) as site.http:
            yield site
    finally:
        await context.database.close()


@asynccontextmanager
async def site_of(folder: Path, **programme: Any) -> AsyncIterator[Site]:
    """A served site on SQLite in a folder, its tiny programme as ``programme`` bends it."""
    url = await asyncio.to_thread(new_sqlite, folder)
    await prepare_site(url, folder, **programme)
    async with running_site(folder, url) as running:
        yield running


@pytest.fixture
async def site(installed: Installed, tmp_path: Path) -> AsyncIterator[Site]:
    """The tiny programme, its ballot not yet open."""
    async with running_site(tmp_path, installed(prepare_site, "sqlite", tmp_path)) as running:
        yield running


@pytest.fixture
async def open_site(site: Site) -> Site:
    """The same with the ballot open."""
    await site.open_ballot()
    return site


@pytest.fixture
async def voted_site(open_site: Site) -> Site:
    """With three voters: bench 2, tree 1, stage 2, one blank vote of a fourth."""
    await open_site.vote("U1", "bench", "stage")
    await open_site.vote("U2", "bench")
    await open_site.vote("U3", "tree", "stage")
    await open_site.vote("U4", op="none")
    return open_site


@pytest.fixture(params=DIALECTS)
def site_url(request: pytest.FixtureRequest, installed: Installed, tmp_path: Path) -> str:
    """The database of a prepared site, once on SQLite and once on PostgreSQL."""
    return installed(prepare_site, request.param, tmp_path)


@pytest.fixture
async def both_site(site_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """Like ``site``, once on SQLite and once on PostgreSQL."""
    async with running_site(tmp_path, site_url) as running:
        yield running
