"""Reading request bodies without trusting their length."""

import json
from typing import Any

from starlette.requests import Request

from webhooks.line.simulator.errors import Refused


async def read_capped(request: Request, limit: int) -> bytes:
    """The whole body; Refused (413) as soon as it is longer than ``limit`` bytes."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise Refused.too_large(limit)
    return bytes(body)


async def read_json(request: Request, limit: int) -> dict[str, Any]:
    """The body as a JSON object, {} when it is empty; Refused (400) when it is anything else."""
    raw = await read_capped(request, limit)
    try:
        body = json.loads(raw) if raw else {}
    except (ValueError, RecursionError) as problem:
        raise Refused.bad_request("本文を JSON として読めません。", "The body is not JSON.") from problem
    if not isinstance(body, dict):
        raise Refused.bad_request("本文は JSON のオブジェクトにしてください。", "The body must be a JSON object.")
    return body
