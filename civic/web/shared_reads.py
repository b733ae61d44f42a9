"""Addresses whose answer is the same for everybody, built once and given to all (docs/adr/0015-public-reads.md).

An answer stands for a second at most, and never past a change made by this process. It is built from its question
alone, the path and what the address declares, so nothing of the person who asked first can be in it.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civic.kernel.clock import Clock
from civic.kernel.db import Database
from civic.kernel.i18n import LANGUAGES
from civic.kernel.ids import SLUG, is_slug
from civic.web.language import preferred_language
from civic.web.representations import Answer, Finished, finish

STANDS = timedelta(seconds=1)
"""How old an answer may be, since other processes change the database too."""

MOST_BYTES = 32 * 2**20
"""All kept answers of a process together."""

_READS = ("GET", "HEAD")
_PARAMETER = re.compile(r"{\w+}")
_PLAIN = re.compile(rb"[a-z0-9@-]*")


@dataclass(frozen=True)
class Shared:
    """An address of which everybody gets the same answer.

    ``path`` as in its route, each parameter a slug. What else the answer depends on: ``parameter``, a slug in the
    query that has to be there; of a page (``is_page``) the language, as ``reader_of`` finds it. The rest of the
    query changes nothing.
    """

    path: str
    parameter: str = ""
    is_page: bool = False


class Question(NamedTuple):
    """All that an answer may depend on."""

    path: str
    query: bytes = b""
    language: bytes = b""


class Since(NamedTuple):
    """When an answer was begun: after which changes of this process, and at what time."""

    changes: int
    at: datetime


class SharedReads:
    """Gives finished answers; the application is asked only for what is not there or may have changed."""

    def __init__(self, app: ASGIApp, database: Database, clock: Clock, shared: Iterable[Shared]) -> None:
        self._app = app
        self._database = database
        self._clock = clock
        self._shared = tuple(shared)
        self._pattern = re.compile("|".join(f"({_pattern(address.path)})" for address in self._shared))
        self._kept = Shelf(MOST_BYTES)
        self._building: dict[Question, tuple[Since, asyncio.Task[Answer | Finished]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is shared; pass everything else on."""
        if scope["type"] != "http" or scope["method"] not in _READS:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        question = self._question(scope, headers)
        if question is None:
            await self._app(scope, receive, send)
            return
        answer = self._standing(question) or await self._built(question, scope)
        with_body = scope["method"] == "GET"
        if isinstance(answer, Finished):
            chosen = answer.accepted(headers.get(b"accept-encoding", b""))
            await chosen.send(send, headers.get(b"if-none-match"), with_body=with_body)
        else:
            await answer.send(send, with_body=with_body)

    def _question(self, scope: Scope, headers: dict[bytes, bytes]) -> Question | None:
        found = self._pattern.fullmatch(scope["path"])
        if found is None:
            return None
        address = self._shared[(found.lastindex or 0) - 1]
        return _question(address, scope["path"], scope["query_string"], headers)

    def _standing(self, question: Question) -> Finished | None:
        kept = self._kept.get(question)
        return kept[1] if kept is not None and self._stands(kept[0]) else None

    def _stands(self, since: Since) -> bool:
        """Also when the clock was set back an answer does not stand for longer."""
        return since.changes == self._database.changes and timedelta(0) <= self._clock() - since.at < STANDS

    async def _built(self, question: Question, scope: Scope) -> Answer | Finished:
        """Build an answer, or wait for whoever builds it, unless something changed after they began."""
        since, task = self._building.get(question, (None, None))
        if since is None or task is None or not self._stands(since):
            since = Since(self._database.changes, self._clock())
            task = asyncio.create_task(self._build(question, scope, since))
            self._building[question] = since, task
            task.add_done_callback(lambda done: self._forget(question, done))
        return await asyncio.shield(task)

    def _forget(self, question: Question, task: asyncio.Task[Answer | Finished]) -> None:
        if question in self._building and self._building[question][1] is task:
            del self._building[question]

    async def _build(self, question: Question, scope: Scope, since: Since) -> Answer | Finished:
        """Only a 200 is kept; unchanged content is not compressed again and keeps its entity tag."""
        answer = await _ask(self._app, question, scope)
        if not answer.is_for_everybody:
            return answer
        before = self._kept.get(question)
        if before is not None and before[1].answer == answer:
            finished = before[1]
        else:
            finished = await asyncio.to_thread(finish, answer)
        self._kept.put(question, since, finished)
        return finished


class Shelf:
    """Finished answers up to a number of bytes; the one that was asked for longest ago goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: OrderedDict[Question, tuple[Since, Finished]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, question: Question) -> tuple[Since, Finished] | None:
        """The answer to a question, and since when it is there."""
        found = self._answers.get(question)
        if found is not None:
            self._answers.move_to_end(question)
        return found

    def put(self, question: Question, since: Since, finished: Finished) -> None:
        """Keep an answer in the place of an older one."""
        replaced = self._answers.pop(question, None)
        self._bytes += finished.size - (replaced[1].size if replaced else 0)
        self._answers[question] = since, finished
        while self._bytes > self._most_bytes:
            _, (_, dropped) = self._answers.popitem(last=False)
            self._bytes -= dropped.size


def _pattern(path: str) -> str:
    return f"(?:{SLUG.pattern})".join(map(re.escape, _PARAMETER.split(path)))


def _question(address: Shared, path: str, query: bytes, headers: dict[bytes, bytes]) -> Question | None:
    """What a request asks; None when it lacks what the address needs, which the application refuses."""
    if address.is_page:
        return _page_question(path, query, headers)
    if not address.parameter:
        return Question(path)
    wanted = _parameter(query, address.parameter)
    return Question(path, f"{address.parameter}={wanted}".encode()) if is_slug(wanted) else None


def _page_question(path: str, query: bytes, headers: dict[bytes, bytes]) -> Question:
    """A language that was chosen stands in the links of the page, one that the browser wishes does not."""
    chosen = _parameter(query, "lang")
    if chosen in LANGUAGES:
        return Question(path, f"lang={chosen}".encode())
    wished = headers.get(b"accept-language", b"").decode("latin-1")
    return Question(path, language=preferred_language(wished).encode())


def _parameter(query: bytes, name: str) -> str:
    """A parameter of a query, "" without it. One that stands alone, as in our own links, is not worth parsing."""
    first, _, value = query.partition(b"=")
    if first == name.encode() and _PLAIN.fullmatch(value):
        return value.decode()
    return QueryParams(query).get(name, "") if query else ""


async def _ask(app: ASGIApp, question: Question, scope: Scope) -> Answer:
    """What the application says to a question, and to nothing else that came with the request."""
    sent: list[Message] = []

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def keep(message: Message) -> None:
        sent.append(message)

    of_the_question: Scope = {
        "method": "GET",
        "path": question.path,
        "raw_path": question.path.encode(),
        "query_string": question.query,
        "headers": [(b"accept-language", question.language)] if question.language else [],
        "client": None,
        "state": {},
    }
    await app({**scope, **of_the_question}, nothing, keep)
    start, *parts = sent
    return Answer(start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts))
