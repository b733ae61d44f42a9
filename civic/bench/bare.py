"""The limit of the machine: a FastAPI function that reads the body and says ok, and one that only says ok."""

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


@app.post("/bare")
async def bare_post(request: Request) -> PlainTextResponse:
    """Read the body, do nothing with it."""
    await request.body()
    return PlainTextResponse("ok")


@app.get("/bare")
async def bare_get() -> PlainTextResponse:
    """Do nothing."""
    return PlainTextResponse("ok")
