"""The same vote as tutorials write it: a FastAPI function, a SQLModel session, one commit a vote.

It keeps what a vote needs to be right: LINE's signature over the raw body, one row an event, the newest choice of
a voter. ``TUTORIAL_DATABASE_URL`` names its database (an async SQLAlchemy URL), ``TUTORIAL_SECRET`` the channel's
secret.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import parse_qs

import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Request
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import BigInteger, Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

SECRET = os.environ["TUTORIAL_SECRET"].encode()
engine = create_async_engine(os.environ["TUTORIAL_DATABASE_URL"])

if engine.dialect.name == "sqlite":

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _durable(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("busy_timeout = 15000", "journal_mode = wal", "synchronous = full"):
            cursor.execute(f"pragma {pragma}")
        cursor.close()


class TutorialEvent(SQLModel, table=True):
    """Each event once."""

    id: str = Field(primary_key=True)
    body: str


class TutorialVote(SQLModel, table=True):
    """A voter's newest choice in a ballot."""

    ballot: str = Field(primary_key=True)
    voter: str = Field(primary_key=True)
    proposal: str
    at_ms: int = Field(sa_type=BigInteger)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Make the two tables."""
    async with engine.begin() as connection:
        await connection.run_sync(
            lambda sync: SQLModel.metadata.create_all(
                sync, tables=[SQLModel.metadata.tables[name] for name in ("tutorialevent", "tutorialvote")]
            )
        )
    yield
    await engine.dispose()


async def session_of_request() -> AsyncIterator[AsyncSession]:
    """One session a request."""
    async with AsyncSession(engine) as session:
        yield session


app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)


@app.post("/tutorial")
async def vote(request: Request, session: Annotated[AsyncSession, Depends(session_of_request)]) -> dict[str, str]:
    """Check the signature, keep the event, keep the vote, commit."""
    body = await request.body()
    signature = base64.b64encode(hmac.new(SECRET, body, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(signature, request.headers.get("x-line-signature", "")):
        raise HTTPException(401)
    for event in json.loads(body)["events"]:
        if await session.get(TutorialEvent, event["webhookEventId"]) is not None:
            continue
        session.add(TutorialEvent(id=event["webhookEventId"], body=json.dumps(event)))
        button = {name: values[0] for name, values in parse_qs(event["postback"]["data"]).items()}
        voter = event["source"]["userId"]
        present = await session.get(TutorialVote, (button["b"], voter))
        if present is None:
            session.add(
                TutorialVote(ballot=button["b"], voter=voter, proposal=button["p"], at_ms=event["timestamp"])
            )
        elif present.at_ms <= event["timestamp"]:
            present.proposal, present.at_ms = button["p"], event["timestamp"]
    await session.commit()
    return {"status": "ok"}
