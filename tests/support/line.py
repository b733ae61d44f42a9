"""An installation with open ballots, and LINE's side of it: signed calls, events, what was answered.

People and ids are invented: ``person(7)`` is the LINE user id of nobody.
"""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.types import ASGIApp, Message
from support.databases import give_schema
from support.source import ROOT

from civic.ballots.actions import open_ballot
from civic.kernel.clock import iso, to_ms
from civic.kernel.clock import now as wall_clock
from civic.kernel.context import Context, open_context
from civic.kernel.queue import Job
from civic.kernel.settings import Settings
from civic.programme_files.checking import Checked, check_document
from civic.programme_files.loading import Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import parse_document
from civic.proposals.actions import DRAW
from webhooks.line.channel import open_drain, open_webhook
from webhooks.line.drain import Drain
from webhooks.line.router import Webhook

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "an-access-token-of-the-tests"
DESTINATION = "U8e742f61d673b39c7fff3cecb7536ef0"
BALLOT = "park-2026"
EXAMPLE = ROOT / "geodata" / "west_shinjuku" / "programmes" / "nishi-shinjuku-2026"
ASGI = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "scheme": "https",
    "server": ("vote.example.jp", 443),
    "path": "/webhooks/line",
    "query_string": b"",
}

_ids = itertools.count(1)
_run = os.urandom(4).hex().upper()


def sign(body: bytes, secret: str = SECRET) -> str:
    """``x-line-signature``: base64 of HMAC-SHA256 over the raw body (line-platform.md 1.1)."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def call(*events: Any) -> bytes:
    """The body of one webhook call."""
    return json.dumps({"destination": DESTINATION, "events": list(events)}, ensure_ascii=False).encode()


def person(number: int) -> str:
    """The LINE user id of an invented person."""
    return "U" + hashlib.sha256(f"person {number}".encode()).hexdigest()[:32]


def new_id() -> str:
    """A webhookEventId nobody has used: 26 characters, as long as a ULID, in the order of making."""
    return f"01J{_run}{next(_ids):015d}"


def event(user: str, kind: str, *, at_ms: int | None = None, **fields: Any) -> dict[str, Any]:
    """An event of any kind in a 1:1 chat; a field given as None is left out."""
    event_id = new_id()
    whole = {
        "type": kind,
        "mode": "active",
        "timestamp": to_ms(wall_clock()) if at_ms is None else at_ms,
        "source": {"type": "user", "userId": user},
        "webhookEventId": event_id,
        "deliveryContext": {"isRedelivery": False},
        "replyToken": hashlib.sha256(event_id.encode()).hexdigest()[:32],
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not None}


def follow(user: str, **fields: Any) -> dict[str, Any]:
    """Somebody adds the account as a friend."""
    return event(user, "follow", **{"follow": {"isUnblocked": False}, **fields})


def unfollow(user: str, **fields: Any) -> dict[str, Any]:
    """Somebody blocks the account; LINE gives no reply token for it."""
    return event(user, "unfollow", **{"replyToken": None, **fields})


def text(user: str, words: str, **fields: Any) -> dict[str, Any]:
    """Somebody writes."""
    message = {"id": "1", "type": "text", "quoteToken": "q", "text": words}
    return event(user, "message", **{"message": message, **fields})


def postback(user: str, data: str, **fields: Any) -> dict[str, Any]:
    """Somebody taps a button that carries ``data``."""
    return event(user, "postback", **{"postback": {"data": data}, **fields})


def tap(
    user: str, proposal: str, *, ballot: str = BALLOT, lang: str = "ja", op: str = "add", **fields: Any
) -> dict[str, Any]:
    """Somebody taps a vote button, written out as the card has it."""
    about = f"&p={proposal}" if proposal else ""
    return postback(user, f"v={op}&b={ballot}{about}&l={lang}", **fields)


def command(user: str, name: str, *, ballot: str = "", page: int = 0, lang: str = "ja") -> dict[str, Any]:
    """Somebody taps a button that asks for something."""
    about = (f"&b={ballot}" if ballot else "") + (f"&n={page}" if page else "")
    return postback(user, f"c={name}{about}&l={lang}")


@dataclass
class MovableClock:
    """The present, moved as the test wants."""

    shift: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return wall_clock() + self.shift

    def advance(self, **amount: float) -> None:
        """Let time pass: ``advance(seconds=56)``."""
        self.shift += timedelta(**amount)


@dataclass(frozen=True)
class Answer:
    """What came back from the webhook."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def post(
    app: ASGIApp, body: bytes, headers: Sequence[tuple[bytes, bytes]], parts: int = 1, method: str = "POST"
) -> Answer:
    """POST some bytes to an ASGI application, in ``parts`` pieces, with exactly these raw headers."""
    size = max(1, -(-len(body) // parts))
    pieces = [body[i : i + size] for i in range(0, len(body), size)] or [b""]
    incoming = iter(
        {"type": "http.request", "body": piece, "more_body": i < len(pieces)} for i, piece in enumerate(pieces, 1)
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return next(incoming)

    async def send(message: Message) -> None:
        sent.append(message)

    await app({**ASGI, "method": method, "headers": list(headers)}, receive, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))


@dataclass
class Place:
    """One installation without a web server: its context, the webhook endpoint, the inbox worker."""

    context: Context
    clock: MovableClock
    webhook: Webhook
    drain: Drain
    arrivals: list[None] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.context.settings.resolved_database_url

    async def post(self, body: bytes, signature: str | None = None) -> Answer:
        """One webhook call with these bytes, signed unless told otherwise."""
        header = sign(body) if signature is None else signature
        return await post(self.webhook, body, [(b"x-line-signature", header.encode())])

    async def send(self, *events: Any) -> None:
        """One signed call with these events, which must be taken."""
        answer = await self.post(call(*events))
        assert answer.status == 200, answer

    async def handle(self, *events: Any) -> list[list[Any]]:
        """Send events in one call, work through the inbox; the messages of each reply owed by that, in order."""
        before = {row["id"] for row in await self.rows("select id from outbox_reply")}
        await self.send(*events)
        await self.drain.run_dry()
        after = await self.rows("select id, messages from outbox_reply order by id")
        return [json.loads(row["messages"]) for row in after if row["id"] not in before]

    async def rows(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        """What a plain SQL query finds."""
        async with self.context.database.engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(sa.text(statement), values)).mappings()]

    async def execute(self, statement: str, **values: Any) -> None:
        """Run one plain SQL statement in a transaction of its own."""
        async with self.context.database.writing() as session:
            await (await session.connection()).execute(sa.text(statement), values)

    async def inbox(self) -> list[tuple[str, str | None]]:
        """(state, reason) of every inbox row, in order of arrival."""
        found = await self.rows("select state, reason from line_inbox order by received_ms, event_key")
        return [(row["state"], row["reason"]) for row in found]

    async def log(self) -> list[tuple[str, str, str]]:
        """(event id, operation, choices) of the vote log, sorted."""
        found = await self.rows("select event_id, op, choices from vote_log order by event_id")
        return [(row["event_id"], row["op"], row["choices"]) for row in found]

    async def refuse_inserts(self, table: str, when: str) -> None:
        """From now on the database refuses rows of a table for which ``when`` (on ``new``) holds."""
        if self.context.database.is_sqlite:
            body = "begin select raise(abort, 'refused by the test'); end"
            await self.execute(f"create trigger refusal before insert on {table} when {when} {body}")
            return
        raising = "begin raise exception 'refused by the test'; end"
        await self.execute(f"create function refusal() returns trigger language plpgsql as $$ {raising} $$")
        each = "for each row when"
        await self.execute(
            f"create trigger refusal before insert on {table} {each} ({when}) execute function refusal()"
        )

    async def refuse_no_more(self, table: str) -> None:
        """End what ``refuse_inserts`` began."""
        on = "" if self.context.database.is_sqlite else f" on {table}"
        await self.execute(f"drop trigger refusal{on}")

    def literal(self, value: bytes) -> str:
        """Bytes as SQL."""
        return f"x'{value.hex()}'" if self.context.database.is_sqlite else f"'\\x{value.hex()}'::bytea"


def words(messages: Any) -> str:
    """Everything that stands in some messages, as text."""
    return json.dumps(messages, ensure_ascii=False)


def buttons(messages: Any) -> list[dict[str, Any]]:
    """Every action in some messages, in order."""
    if isinstance(messages, list):
        return [button for part in messages for button in buttons(part)]
    if not isinstance(messages, dict):
        return []
    own = [messages["action"]] if "action" in messages else []
    return own + [button for name, part in messages.items() if name != "action" for button in buttons(part)]


def offered(messages: Any) -> list[str]:
    """The postback data of every button, in order."""
    return [button["data"] for button in buttons(messages) if button["type"] == "postback"]


def settings_for(folder: Path, database_url: str, **more: Any) -> Settings:
    """Settings of an installation in a folder, with LINE connected; the environment has no say in them."""
    values: dict[str, Any] = {
        "mode": "development",
        "data_dir": folder,
        "database_url": database_url,
        "base_url": "https://vote.example.jp",
        "line_channel_secret": (SecretStr(SECRET),),
        "line_channel_access_token": SecretStr(TOKEN),
        **more,
    }
    return Settings(_env_file=None, **values)


@asynccontextmanager
async def prepared(
    settings: Settings, checked: Checked | None = None, opened: Sequence[str] | None = None
) -> AsyncIterator[tuple[Context, MovableClock]]:
    """An installation with its schema, the programme loaded and its ballots (or just ``opened``) open."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    give_schema(settings.resolved_database_url)
    clock = MovableClock()
    context = open_context(settings, clock)
    try:
        if checked is not None:
            await load(context, checked, opened)
        yield context, clock
    finally:
        await context.database.close()


async def load(context: Context, checked: Checked, opened: Sequence[str] | None = None) -> None:
    """Load a programme and open its ballots, all or just those named."""
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, context.clock()).reports()
    async with context.database.writing() as session:
        await Loader(session, "test", checked, reports, context.store, context.clock()).load()
        await leave_undrawn(session)
    for slug in [ballot.slug for ballot in checked.content.ballots] if opened is None else opened:
        await open_now(context, slug)


async def leave_undrawn(session: AsyncSession) -> None:
    """Give up the queued pictures: nobody looks at them here, and a worker would draw for seconds."""
    await session.exec(sa.update(Job).values(state="done").where(sa.column("name") == DRAW))


async def open_now(context: Context, slug: str) -> None:
    """Open a ballot at its own times."""
    async with context.database.writing() as session:
        await open_ballot(session, "test", slug, context.clock(), context.keys, at_once=False)


@asynccontextmanager
async def standing(context: Context, clock: MovableClock) -> AsyncIterator[Place]:
    """The webhook with its group commit running, and the inbox worker."""
    arrivals: list[None] = []
    webhook = open_webhook(context, lambda: arrivals.append(None))
    place = Place(context, clock, webhook, open_drain(context), arrivals)
    async with committing(webhook):
        yield place


@asynccontextmanager
async def committing(webhook: Webhook) -> AsyncIterator[None]:
    """The group commit of a webhook, running."""
    task = asyncio.create_task(webhook.commits.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def proposal_slug(number: int) -> str:
    """The slug of an option of the programme below."""
    return f"idea-{number:02d}"


def programme(
    options: int = 4,
    *,
    ballots: Sequence[str] = (BALLOT,),
    max_approvals: int = 2,
    opens_in: timedelta = timedelta(days=-1),
    closes_in: timedelta = timedelta(days=1),
    grace_s: int = 600,
) -> Checked:
    """A small invented programme on one real site, checked as ``civic programme load`` checks it."""
    now = wall_clock().replace(microsecond=0)
    window = {"opens_at": iso(now + opens_in), "closes_at": iso(now + closes_in)}
    place = {"site": "mizu", "lon": 139.6905, "lat": 35.6896, "cost_yen": 1_000_000}
    document = {
        "programme": {"slug": "park", "title": {"ja": "公園", "en": "Park"}, "area": "area.geojson"},
        "stages": [{"kind": "ballot", **window}],
        "sites": [
            {
                "slug": "mizu",
                "title": {"ja": "水の広場", "en": "Water plaza"},
                "level": "ground",
                "boundary": "chuo-mizu.geojson",
                "ground_m": 33.0,
            },
        ],
        "proposals": [
            {
                "slug": proposal_slug(number),
                "title": {"ja": f"案{number}の広場", "en": f"Plaza no. {number}"},
                "summary": {"ja": "例", "en": "An example"},
                "model": "piano-and-books.glb",
                "alt": {"ja": "ベンチ", "en": "A bench"},
                "licence": "CC0-1.0",
                "consent": {"publish": True},
                "placements": [place],
            }
            for number in range(1, options + 1)
        ],
        "ballots": [
            {
                "slug": slug,
                "title": {"ja": f"{slug} の投票", "en": f"Vote {slug}"},
                "method": "site_winner",
                "max_approvals": max_approvals,
                "options": [proposal_slug(number) for number in range(1, options + 1)],
                "late_grace_s": grace_s,
                **window,
            }
            for slug in ballots
        ],
    }
    return check_document(parse_document(EXAMPLE / "tests.yaml", json.dumps(document).encode()))
