"""LINE's side of the Messaging API, as far as a voting bot uses it.

Every answer has ``x-line-request-id``; errors are ``{"message", "details"}``. A request goes through one
gate (fault, token, size, JSON) and then to a plain function of channel and call.
"""

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeGuard
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from webhooks.line.simulator.answers import RATE_LIMITED, Answer, Call, Handler, error, invalid
from webhooks.line.simulator.bodies import read_capped
from webhooks.line.simulator.errors import Refused
from webhooks.line.simulator.faults import Fault, FaultKind
from webhooks.line.simulator.menu_api import ROUTES as MENU_ROUTES
from webhooks.line.simulator.simulator import Simulator
from webhooks.line.simulator.state import AcceptedRequest, Channel, JsonObject, RequestRecord, Resident
from webhooks.line.simulator.validation import Problem, message_problems

MAX_REQUEST_BYTES = 2 * 1024 * 1024
MAX_RECIPIENTS = 500
USER_ID = re.compile(r"U[0-9a-f]{32}")
BAD_TOKEN = "Authentication failed. Confirm that the access token in the authorization header is valid."  # noqa: S105
OVER_QUOTA = "You have reached your monthly limit."


Work = Callable[[Call], Awaitable[Answer]]


class LostAnswer(Response):
    """The connection ends before any final answer: an interim status line, then nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start, and never finish; the server then closes the connection."""
        headers = [(b"content-length", b"0"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 103, "headers": headers})


def reply(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/message/reply: free, once a token, never with a retry key."""
    if call.retry_key is not None:
        return error(400, "The retry key is not supported by this endpoint")
    problems = message_problems(call.body.get("messages"))
    if problems:
        return invalid(problems)
    resident = channel.use_reply_token(str(call.body.get("replyToken")))
    if resident is None:
        return error(400, "Invalid reply token")
    sent = channel.deliver(resident, call.body["messages"], call.request_id)
    return Answer(body={"sentMessages": sent}, recipients=1)


def push(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/message/push: 200 also for one who blocked the account; 400 for an unknown id."""
    to = call.body.get("to")
    if not is_user_id(to):
        return invalid([Problem("to", "The property, 'to', in the request body is invalid")])
    resident = channel.find(to)
    if resident is None:
        return error(400, "Failed to send messages")
    return send_counted(channel, call, "push", [resident])


def multicast(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/message/multicast: up to 500 ids; unknown ones are passed over, malformed ones refused.

    The documentation does not say what a repeated id does; here it is delivered as often as it stands in
    the list, so that a planning mistake shows in the counts.
    """
    to = call.body.get("to")
    if not isinstance(to, list) or not 1 <= len(to) <= MAX_RECIPIENTS:
        return invalid([Problem("to", f"Size must be between 1 and {MAX_RECIPIENTS}")])
    malformed = [Problem(f"to[{i}]", "Invalid user ID") for i, user in enumerate(to) if not is_user_id(user)]
    if malformed:
        return invalid(malformed)
    known = [resident for user in to if (resident := channel.find(user)) is not None]
    return send_counted(channel, call, "multicast", known)


def broadcast(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/message/broadcast: all friends."""
    return send_counted(channel, call, "broadcast", channel.friends())


def is_user_id(value: object) -> TypeGuard[str]:
    """Whether it has the form of a LINE user id."""
    return isinstance(value, str) and USER_ID.fullmatch(value) is not None


def send_counted(channel: Channel, call: Call, endpoint: str, residents: list[Resident]) -> Answer:
    """Deliver to those who follow, all or nobody, counting each person against the quota."""
    problems = message_problems(call.body.get("messages"))
    if problems:
        return invalid(problems)
    friends = [r for r in residents if r.friendship == "friend"]
    if channel.over_quota(len(friends)):
        return error(429, OVER_QUOTA)
    channel.used_quota += len(friends)
    messages = call.body["messages"]
    shown = [channel.deliver(resident, messages, call.request_id) for resident in friends]
    sent = shown[0] if shown else [{"id": str(uuid4().int)[:18]} for _ in messages]
    if call.retry_key is not None:
        taken = AcceptedRequest(call.request_id, endpoint, channel.clock(), len(friends), sent)
        channel.retry_keys[call.retry_key] = taken
    return Answer(body={"sentMessages": sent} if endpoint == "push" else {}, recipients=len(friends))


def with_retry_key(handler: Handler) -> Handler:
    """Take a request once: the same key again within 24 hours gets 409 and the first request's id."""

    def guarded(channel: Channel, call: Call) -> Answer:
        if call.retry_key is None:
            return handler(channel, call)
        if not is_uuid(call.retry_key):
            return error(400, "The retry key must be a UUID in hexadecimal format")
        taken = channel.accepted(call.retry_key)
        return handler(channel, call) if taken is None else repeated(taken)

    return guarded


def is_uuid(text: str) -> bool:
    """Whether it is a UUID in hexadecimal format."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def repeated(taken: AcceptedRequest) -> Answer:
    """409: the work was done the first time."""
    taken.repeats += 1
    body: JsonObject = {"message": "The retry key is already accepted"}
    if taken.endpoint == "push":
        body["sentMessages"] = taken.sent_messages
    return Answer(409, body, {"x-line-accepted-request-id": taken.request_id})


def validate(channel: Channel, call: Call) -> Answer:
    """POST /v2/bot/message/validate/{kind}: the checks alone."""
    if call.path["kind"] not in ("reply", "push", "multicast", "narrowcast", "broadcast"):
        return error(404, "Not found")
    problems = message_problems(call.body.get("messages"))
    return invalid(problems) if problems else Answer()


def quota(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/message/quota."""
    return Answer(body={"type": "none"} if channel.quota is None else {"type": "limited", "value": channel.quota})


def consumption(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/message/quota/consumption."""
    return Answer(body={"totalUsage": channel.used_quota})


def profile(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/profile/{userId}: friends, and strangers who have written; else 404."""
    resident = channel.find(call.path["user_id"])
    if resident is None or not resident.knows_account:
        return error(404, "Not found")
    return Answer(
        body={
            "userId": resident.user_id,
            "displayName": resident.display_name,
            "language": resident.language,
        }
    )


def info(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/info."""
    return Answer(
        body={
            "userId": channel.bot_user_id,
            "basicId": f"@{channel.bot_user_id[1:9]}",
            "displayName": channel.settings.product_name,
            "chatMode": "bot",
            "markAsReadMode": "auto",
        }
    )


def followers(channel: Channel, call: Call) -> Answer:
    """GET /v2/bot/followers/ids: only verified accounts may, and this one is not."""
    return error(403, "Access to this API is not available for your account")


def unknown(channel: Channel, call: Call) -> Answer:
    """Anything the simulator does not know."""
    return error(404, "Not found")


class LineApi:
    """The gate before the functions above."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.channel = simulator.channel

    def routes(self) -> list[Route]:
        """Routes below the base URL that stands for api.line.me and api-data.line.me."""
        message = "/v2/bot/message"
        return [
            self._route("POST", f"{message}/reply", "reply", reply),
            self._route("POST", f"{message}/push", "push", with_retry_key(push)),
            self._route("POST", f"{message}/multicast", "multicast", with_retry_key(multicast)),
            self._route("POST", f"{message}/broadcast", "broadcast", with_retry_key(broadcast)),
            self._route("POST", message + "/validate/{kind}", "validate", validate),
            self._route("GET", f"{message}/quota", "quota", quota),
            self._route("GET", f"{message}/quota/consumption", "consumption", consumption),
            self._route("GET", "/v2/bot/profile/{user_id}", "profile", profile),
            self._route("GET", "/v2/bot/info", "info", info),
            self._route("GET", "/v2/bot/followers/ids", "followers", followers),
            self._route_to("POST", "/v2/bot/channel/webhook/test", "webhook_test", self._test_webhook),
            *(self._route(method, path, f"richmenu_{name}", work) for method, path, name, work in MENU_ROUTES),
            self._route("*", "/v2/{rest:path}", "unknown", unknown),
        ]

    def _route(self, method: str, path: str, name: str, handler: Handler) -> Route:
        async def work(call: Call) -> Answer:
            return handler(self.channel, call)

        return self._route_to(method, path, name, work)

    def _route_to(self, method: str, path: str, name: str, work: Work) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._serve(request, name, work)

        methods = ["GET", "POST", "PUT", "DELETE"] if method == "*" else [method]
        return Route(path, endpoint, methods=methods, name=f"line:{name}")

    async def _serve(self, request: Request, name: str, work: Work) -> Response:
        """Answer one call. Slowness comes after the work, so a client that gives up was served all the same."""
        request_id = str(uuid4())
        fault = self.channel.faults.draw(name)
        answer = await self._gate(request, request_id, fault, work)
        self._log(request, request_id, answer, fault)
        if fault is not None and fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind in {FaultKind.DROP, FaultKind.RESET}:
            return LostAnswer()
        headers = {"x-line-request-id": request_id, **answer.headers}
        if answer.file:
            return Response(answer.file, answer.status, headers)
        return JSONResponse(answer.body, answer.status, headers)

    async def _gate(self, request: Request, request_id: str, fault: Fault | None, work: Work) -> Answer:
        if fault is not None and fault.kind is FaultKind.ERROR:
            return error(500, "Internal server error")
        if fault is not None and fault.kind is FaultKind.RATE_LIMIT:
            return error(429, RATE_LIMITED)
        if fault is not None and fault.kind is FaultKind.RESET:
            return Answer(0)
        if not self._has_token(request):
            return error(401, BAD_TOKEN)
        try:
            content = await read_capped(request, MAX_REQUEST_BYTES)
            is_file = request.headers.get("content-type", "").startswith("image/")
            body = {} if is_file else parse_object(content)
        except Refused:
            return error(413, "The request body is too large")
        except ValueError as problem:
            return error(400, str(problem))
        file = content if is_file else b""
        return await work(
            Call(request_id, body, retry_key(request), request.path_params, request.query_params, file)
        )

    async def _test_webhook(self, call: Call) -> Answer:
        """An empty signed call to the URL the simulator was started with; it calls no other."""
        if call.body.get("endpoint", self.channel.settings.webhook_url) != self.channel.settings.webhook_url:
            return invalid([Problem("endpoint", "Only the webhook URL of the settings is called")])
        result = await self.simulator.sender.send([])
        now = datetime.fromtimestamp(self.channel.clock() / 1000, UTC)
        return Answer(
            body={
                "success": result.ok,
                "timestamp": now.isoformat(timespec="milliseconds"),
                "statusCode": result.status or 0,
                "reason": (result.reason or "ok").upper(),
                "detail": str(result.status or result.reason),
            }
        )

    def _has_token(self, request: Request) -> bool:
        wanted = f"Bearer {self.channel.settings.access_token}".encode()
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted)

    def _log(self, request: Request, request_id: str, answer: Answer, fault: Fault | None) -> None:
        path = "/v2/" + request.url.path.partition("/v2/")[2]
        self.channel.requests.append(
            RequestRecord(
                self.channel.clock(),
                request.method,
                path,
                answer.status,
                request_id,
                retry_key(request),
                answer.recipients,
                None if fault is None else fault.kind.value,
            )
        )


def retry_key(request: Request) -> str | None:
    """The ``X-Line-Retry-Key`` header."""
    return request.headers.get("x-line-retry-key")


def parse_object(raw: bytes) -> JsonObject:
    """The JSON object of a request body, {} for none; ValueError with LINE's words otherwise."""
    if not raw:
        return {}
    try:
        body = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()  # lone surrogates are no text
    except (ValueError, RecursionError) as problem:
        raise ValueError("The request body could not be parsed as JSON") from problem
    if not isinstance(body, dict):
        raise ValueError("The request body must be a JSON object")
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
