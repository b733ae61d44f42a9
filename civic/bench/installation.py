"""An installation to be measured: an invented ballot, open now, and the calls that LINE makes for its votes."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from civic.ballots.actions import open_ballot
from civic.bench.load import post
from civic.kernel.clock import iso, now, to_ms
from civic.kernel.context import open_context
from civic.kernel.db import open_database
from civic.kernel.db.migrate import upgrade
from civic.kernel.settings import Settings
from civic.programme_files.checking import Checked, check_document
from civic.programme_files.loading import Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import parse_document
from geodata.west_shinjuku import PROGRAMMES

BALLOT = "bench"
ACTOR = "bench"
WEBHOOK = "/webhooks/line"


@dataclass(frozen=True)
class Installation:
    """A folder, a database and an open ballot; ``env`` is for the servers over it."""

    folder: Path
    database_url: str
    secret: str
    options: int

    @property
    def env(self) -> dict[str, str]:
        """The variables of a server over this installation; it has no access to LINE, so nothing is sent."""
        return {
            "CIVIC_MODE": "development",
            "CIVIC_DATA_DIR": str(self.folder),
            "CIVIC_DATABASE_URL": self.database_url,
            "CIVIC_LINE_CHANNEL_SECRET": self.secret,
        }

    @property
    def settings(self) -> Settings:
        """The same for work in this process."""
        return settings_for(self.folder, self.database_url, self.secret)


def settings_for(folder: Path, database_url: str, *channel_secrets: str) -> Settings:
    """Settings that keep everything in a folder: the caller's environment may be that of a real installation."""
    return Settings(
        _env_file=None,
        mode="development",
        data_dir=folder,
        keys_dir=folder / "keys",
        database_url=database_url,
        secret_key=(),
        line_channel_secret=tuple(SecretStr(secret) for secret in channel_secrets),
    )


def make_installation(folder: Path, database_url: str, options: int = 12) -> Installation:
    """A new installation in an empty database: schema, one programme, the ballot ``bench`` open for a day."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Installation(folder, database_url, secrets.token_hex(16), options)
    upgrade(database_url)
    asyncio.run(_load(made, _programme(options)))
    return made


def sqlite_url(folder: Path) -> str:
    """The URL of a SQLite file in a folder."""
    return f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}"


def proposal_slug(number: int) -> str:
    """The slug of an option, counted from 0."""
    return f"idea-{number:02d}"


def signed_votes(
    installation: Installation, number: int, voters: int, first: int = 0, path: str = WEBHOOK
) -> Iterator[bytes]:
    """HTTP requests with one signed vote each: a new event every time, voters in turn, options as if at random.

    ``first`` numbers the first event: calls with numbers that do not overlap make events that are all different.
    """
    at_ms = to_ms(now())
    for event in range(first, first + number):
        body = json.dumps(_call(installation, event, voters, at_ms), ensure_ascii=False).encode()
        signature = base64.b64encode(hmac.digest(installation.secret.encode(), body, "sha256")).decode()
        yield post(path, body, f"X-Line-Signature: {signature}\r\n")


def count_rows(database_url: str, table: str, where: str = "") -> int:
    """How many rows of a table there are, counted by the database itself."""
    statement = f"select count(*) from {table}{f' where {where}' if where else ''}"  # noqa: S608 - our own words
    return int(asyncio.run(_scalar(database_url, statement)))


async def _scalar(database_url: str, statement: str) -> Any:
    database = open_database(database_url)
    try:
        async with database.engine.connect() as connection:
            return await connection.scalar(sa.text(statement))
    finally:
        await database.close()


def _call(installation: Installation, event: int, voters: int, at_ms: int) -> dict[str, Any]:
    """One webhook call as LINE makes it: a tap on a vote button in a chat."""
    voter = hashlib.sha256(f"voter {event % voters}".encode()).hexdigest()[:32]
    reply_token = hashlib.sha256(f"reply {event}".encode()).hexdigest()[:32]
    choice = proposal_slug(int(reply_token[:8], 16) % installation.options)
    return {
        "destination": "U" + "0" * 32,
        "events": [
            {
                "type": "postback",
                "postback": {"data": f"v=add&b={BALLOT}&p={choice}&l=ja"},
                "webhookEventId": f"01JBENCH{event:018d}",
                "deliveryContext": {"isRedelivery": False},
                "timestamp": at_ms,
                "source": {"type": "user", "userId": f"U{voter}"},
                "replyToken": reply_token,
                "mode": "active",
            }
        ],
    }


async def _load(installation: Installation, checked: Checked) -> None:
    context = open_context(installation.settings)
    try:
        async with context.database.reading() as session:
            reports = await Placing(session, checked, context.store, context.clock()).reports()
        async with context.database.writing() as session:
            await Loader(session, ACTOR, checked, reports, context.store, context.clock()).load()
            await open_ballot(session, ACTOR, BALLOT, context.clock(), context.keys, at_once=False)
            # Pictures would be drawn in the middle of a measurement.
            await (await session.connection()).execute(sa.text("update job set state = 'done'"))
    finally:
        await context.database.close()


def _programme(options: int) -> Checked:
    """One real site of the example programme, and as many invented proposals as wanted."""
    window = {"opens_at": iso(now() - timedelta(hours=1)), "closes_at": iso(now() + timedelta(days=1))}
    site = {"slug": "mizu", "title": {"ja": "水の広場"}, "level": "ground", "boundary": "chuo-mizu.geojson"}
    document = {
        "programme": {"slug": "bench", "title": {"ja": "測定", "en": "Measurement"}, "area": "area.geojson"},
        "stages": [{"kind": "ballot", **window}],
        "sites": [{**site, "ground_m": 33.0}],
        "proposals": [_proposal(number) for number in range(options)],
        "ballots": [
            {
                "slug": BALLOT,
                "title": {"ja": "測定の投票", "en": "A measured ballot"},
                "method": "site_winner",
                "max_approvals": 3,
                "options": [proposal_slug(number) for number in range(options)],
                **window,
            }
        ],
    }
    folder = next(path for path in PROGRAMMES if (path / "chuo-mizu.geojson").exists())
    return check_document(parse_document(folder / "bench.yaml", json.dumps(document).encode()))


def _proposal(number: int) -> dict[str, Any]:
    return {
        "slug": proposal_slug(number),
        "title": {"ja": f"測定の案 {number}", "en": f"Measured idea {number}"},
        "summary": {"ja": "測定のための、架空の案です。", "en": "An invented idea, for measuring."},
        "model": "lawn-stage.glb",
        "alt": {"ja": "ベンチ", "en": "A bench"},
        "licence": "CC0-1.0",
        "consent": {"publish": True},
        "placements": [{"site": "mizu", "lon": 139.6905, "lat": 35.6896, "cost_yen": 1_000_000}],
    }
