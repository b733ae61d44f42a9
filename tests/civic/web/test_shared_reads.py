"""Answers that are built once: never another than the application would give, never older than a second."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from support.site import OPENS, HeldClock
from support.staff import sign_in
from support.tiny_programme import BALLOT, PROGRAMME

import civic.api.v1
import civic.public
import civic.web
from civic.ballots.actions import close_ballot, open_ballot
from civic.kernel.context import open_context
from civic.kernel.db import open_database
from civic.web import Shared
from civic.web.headers import SecurityHeaders
from civic.web.representations import Answer, finish
from civic.web.shared_reads import Question, SharedReads, Shelf, Since

SHARED = [*civic.public.SHARED, *civic.api.v1.SHARED]
BALLOT_JSON = f"/api/v1/ballots/{BALLOT}"
RESULTS_JSON = f"{BALLOT_JSON}/results"
ADDRESSES = [
    "/",
    f"/p/{PROGRAMME}",
    f"/p/{PROGRAMME}/bench",
    f"/b/{BALLOT}",
    f"/b/{BALLOT}/results",
    "/privacy",
    "/api/v1/programmes",
    f"/api/v1/programmes/{PROGRAMME}",
    f"/api/v1/programmes/{PROGRAMME}/proposals/bench",
    f"/api/v1/programmes/{PROGRAMME}/tileset.json",
    f"/api/v1/sites.geojson?programme={PROGRAMME}",
    f"/api/v1/layers.geojson?programme={PROGRAMME}",
    f"/api/v1/placements.geojson?programme={PROGRAMME}",
    f"/api/v1/checks.geojson?programme={PROGRAMME}",
    BALLOT_JSON,
    RESULTS_JSON,
]
ADDED = {"etag", "content-length", "vary", "cache-control"}


@dataclass
class Given:
    """An answer as the application gives it to the server."""

    status: int
    headers: dict[str, str]
    body: bytes


async def ask(app, path, method="GET", **headers):
    """Ask an application without a server between, so that the bytes are seen as they are."""
    path, _, query = path.partition("?")
    sent = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": sent}
    messages = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        messages.append(message)

    await app(scope, receive, send)
    start, *parts = messages
    found = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Given(start["status"], found, b"".join(part["body"] for part in parts))


@dataclass
class Counter:
    """An application that tells how often it was asked, and with what."""

    text: str = "one"
    status: int = 200
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    scopes: list[dict] = field(default_factory=list)
    slow: asyncio.Event | None = None

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        text = self.text
        if self.slow is not None:
            await self.slow.wait()
        if text == "fault":
            raise ZeroDivisionError
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": text.encode()})


@pytest.fixture
async def database(tmp_path):
    opened = open_database(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite3'}")
    yield opened
    await opened.close()


@pytest.fixture
def counter():
    return Counter()


@pytest.fixture
def clock():
    return HeldClock(OPENS)


@pytest.fixture
def reads(counter, database, clock):
    shared = [Shared("/list"), Shared("/page/{name}", is_page=True), Shared("/sites", parameter="of")]
    return SharedReads(counter, database, clock, shared)


def without_sharing(site):
    """The same application, each answer made for who asks."""
    app = FastAPI(docs_url=None, redoc_url=None)
    civic.web.install(app, site.context, [])
    app.include_router(civic.public.router(site.context))
    app.include_router(civic.api.v1.router(site.context))
    return app


@pytest.mark.parametrize("wish", ["ja", "en"])
async def test_a_kept_answer_is_what_the_application_would_say(voted_site, wish):
    await voted_site.seal()
    plain = without_sharing(voted_site)
    for address in ADDRESSES:
        chosen = f"{address}{'&' if '?' in address else '?'}lang={wish}"
        for path in (address, chosen):
            expected = await ask(plain, path, accept_language=wish)
            first = await ask(voted_site.app, path, accept_language=wish)
            again = await ask(voted_site.app, path, accept_language=wish)
            assert first == again
            assert (again.status, again.body) == (200, expected.body), path
            same = {name: value for name, value in again.headers.items() if name not in ADDED}
            assert same == {name: value for name, value in expected.headers.items() if name not in ADDED}, path


async def test_the_entity_tag_saves_the_body(open_site):
    for path in ADDRESSES[:-1]:
        first = await open_site.get(path)
        again = await open_site.get(path, if_none_match=first.headers["etag"])
        assert (again.status, again.body) == (304, b""), path
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["x-content-type-options"] == "nosniff"
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


async def test_codings_and_head_over_a_real_connection(open_site):
    """The client decompresses by itself."""
    plain = await open_site.get(BALLOT_JSON, accept_encoding="identity")
    for coding in ("gzip", "br"):
        answer = await open_site.get(BALLOT_JSON, accept_encoding=coding)
        assert answer.headers["content-encoding"] == coding
        assert answer.body == plain.body
        assert int(answer.headers["content-length"]) < len(plain.body)
    head = await open_site.ask("HEAD", BALLOT_JSON, accept_encoding="identity")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.body))


async def test_a_change_in_this_process_shows_at_once(site):
    states = [json.loads((await site.get(BALLOT_JSON)).text)["state"]]
    pages = [(await site.get(f"/b/{BALLOT}")).text]
    for step in (site.open_ballot, site.close):
        await step()
        states.append(json.loads((await site.get(BALLOT_JSON)).text)["state"])
        pages.append((await site.get(f"/b/{BALLOT}")).text)
    assert states == ["scheduled", "open", "closed"]
    assert len(set(pages)) == 3


async def test_a_form_of_the_staff_shows_at_once(voted_site):
    await voted_site.seal()
    before = await voted_site.get(f"/b/{BALLOT}/results", "en")
    await voted_site.post(f"/admin/ballots/{BALLOT}/decision", {"proposals": "bench", "reason": "more shade"})
    after = await voted_site.get(f"/b/{BALLOT}/results", "en")
    assert "more shade" not in before.text
    assert "more shade" in after.text


async def test_a_change_of_another_process_shows_within_a_second(both_site):
    site = both_site
    other = open_context(site.context.settings, site.clock)
    await site.get(BALLOT_JSON)
    async with other.database.writing() as session:
        await open_ballot(session, "cli", BALLOT, site.clock(), other.keys, at_once=False)
    site.clock.pass_by(timedelta(seconds=1))
    assert json.loads((await site.get(BALLOT_JSON)).text)["state"] == "open"
    async with other.database.writing() as session:
        await close_ballot(session, "cli", BALLOT, site.clock(), at_once=True)
    site.clock.pass_by(timedelta(seconds=1))
    assert json.loads((await site.get(BALLOT_JSON)).text)["state"] == "closed"
    await other.database.close()


async def test_results_are_there_with_the_seal_and_not_before(voted_site):
    for _ in range(2):
        assert (await voted_site.get(RESULTS_JSON)).status == 404
    await voted_site.close()
    assert (await voted_site.get(RESULTS_JSON)).status == 404
    voted_site.clock.pass_by(timedelta(minutes=5))
    await voted_site.seal_only()
    assert json.loads((await voted_site.get(RESULTS_JSON)).text)["approvals"]["bench"] == 2


async def test_what_the_clock_changes_shows_too(site):
    before = await site.get(f"/p/{PROGRAMME}")
    site.clock.pass_by(timedelta(days=60))
    assert (await site.get(f"/p/{PROGRAMME}")).body != before.body


async def test_the_database_being_away_is_not_hidden(site):
    await site.get(BALLOT_JSON)
    site.context.settings.data_dir.joinpath("civic.sqlite3").unlink()
    await site.context.database.engine.dispose()
    site.clock.pass_by(timedelta(seconds=1))
    assert (await site.get(BALLOT_JSON)).status == 503


async def test_who_is_signed_in_gets_the_page_of_everybody(open_site):
    stranger = await open_site.get(f"/b/{BALLOT}")
    cookie = await sign_in(open_site, "みほん", "owner")
    staff = await open_site.get(f"/b/{BALLOT}", cookie=cookie)
    assert staff.body == stranger.body
    assert "set-cookie" not in stranger.headers


async def test_private_addresses_are_never_shared(open_site):
    [receipt] = await open_site.vote("U1", "bench")
    for path in ("/admin", f"/admin/ballots/{BALLOT}", "/r", f"/r/{receipt}", f"/b/{BALLOT}/vote/unknown"):
        answer = await open_site.get(path)
        assert "etag" not in answer.headers, path
        assert answer.headers["cache-control"] == "no-store", path


async def test_every_shared_address_is_a_route_and_none_is_private(site):
    routes = {route.path for route in iter_route_contexts(site.app.routes)}
    for address in SHARED:
        assert address.path in routes
        assert not address.path.startswith(("/admin", "/r", "/demo", "/webhooks"))
        assert "vote" not in address.path


async def test_many_who_ask_at_once_are_answered_by_one_build(reads, counter):
    counter.slow = asyncio.Event()
    asked = [asyncio.create_task(ask(reads, "/list")) for _ in range(50)]
    await asyncio.sleep(0)
    counter.slow.set()
    answers = await asyncio.gather(*asked)
    assert {answer.body for answer in answers} == {b"one"}
    assert len(counter.scopes) == 1


async def test_who_asks_after_a_change_does_not_get_what_was_begun_before_it(reads, counter, database):
    counter.slow = asyncio.Event()
    early = asyncio.create_task(ask(reads, "/list"))
    await asyncio.sleep(0.01)
    counter.text = "two"
    async with database.writing():
        pass
    late = asyncio.create_task(ask(reads, "/list"))
    await asyncio.sleep(0.01)
    counter.slow.set()
    assert ((await early).body, (await late).body) == (b"one", b"two")
    assert (await ask(reads, "/list")).body == b"two"


async def test_an_answer_stands_for_less_than_a_second(reads, counter, clock):
    for age_ms, builds in ((0, 1), (999, 1), (1, 2), (0, 2), (-5_000, 3)):
        clock.pass_by(timedelta(milliseconds=age_ms))
        await ask(reads, "/list")
        assert len(counter.scopes) == builds


async def test_unchanged_content_keeps_its_tag_over_builds(reads, counter, clock):
    first = await ask(reads, "/list")
    clock.pass_by(timedelta(seconds=2))
    assert (await ask(reads, "/list", if_none_match=first.headers["etag"])).status == 304
    counter.text = "two"
    clock.pass_by(timedelta(seconds=2))
    assert (await ask(reads, "/list", if_none_match=first.headers["etag"])).status == 200


async def test_replies_and_leases_drop_nothing(reads, counter, database):
    await ask(reads, "/list")
    async with database.writing(shown=False):
        pass
    await ask(reads, "/list")
    assert len(counter.scopes) == 1


async def test_a_change_that_failed_is_taken_for_one_that_may_have_been_made(reads, counter, database):
    await ask(reads, "/list")
    with pytest.raises(ZeroDivisionError):
        async with database.writing():
            raise ZeroDivisionError
    await ask(reads, "/list")
    assert len(counter.scopes) == 2


async def test_the_application_is_told_nothing_of_who_asks(reads, counter):
    await ask(reads, "/page/a?lang=en&who=me", cookie="staff=1", accept_language="ja", authorization="Basic x")
    await ask(reads, "/page/a?who=me", cookie="staff=1", accept_language="en-GB,ja;q=0.5", accept_encoding="br")
    await ask(reads, "/sites?who=me&of=tiny", cookie="staff=1")
    told = [(scope["query_string"], scope["headers"]) for scope in counter.scopes]
    assert told == [(b"lang=en", []), (b"", [(b"accept-language", b"en")]), (b"of=tiny", [])]


async def test_odd_queries_and_headers_fill_nothing(reads, counter):
    for number in range(50):
        await ask(reads, f"/list?x={number}")
        await ask(reads, f"/page/a?utm={number}&lang=xx", accept_language=f"xx-{number}")
        await ask(reads, f"/sites?of=tiny&x={number}")
    assert len(counter.scopes) == 3


@pytest.mark.parametrize(
    "path", ["/sites", "/sites?of=", "/sites?of=No_Slug", "/page/No_Slug", "/page/a/", "/other"]
)
async def test_what_is_no_shared_address_goes_to_the_application(reads, counter, path):
    for _ in range(2):
        assert "etag" not in (await ask(reads, path, cookie="a=b")).headers
    assert [scope["headers"] for scope in counter.scopes] == [[(b"cookie", b"a=b")]] * 2


async def test_other_methods_go_to_the_application(reads, counter):
    for _ in range(2):
        await ask(reads, "/list", "POST")
    assert [scope["method"] for scope in counter.scopes] == ["POST"] * 2


@pytest.mark.parametrize(
    ("status", "header"),
    [
        (404, (b"x-a", b"b")),
        (503, (b"retry-after", b"5")),
        (200, (b"set-cookie", b"a=b")),
        (200, (b"cache-control", b"no-store")),
    ],
)
async def test_a_refusal_or_somebody_s_own_answer_is_passed_on_and_not_kept(reads, counter, status, header):
    counter.status, counter.headers = status, [header]
    for _ in range(2):
        answer = await ask(reads, "/list")
        assert (answer.status, answer.body) == (status, b"one")
        assert answer.headers == {header[0].decode(): header[1].decode()}
    assert (await ask(reads, "/list", "HEAD")).body == b""
    assert len(counter.scopes) == 3


async def test_a_fault_reaches_everybody_who_waits_and_nobody_after(reads, counter):
    counter.text, counter.slow = "fault", asyncio.Event()
    asked = [asyncio.create_task(ask(reads, "/list")) for _ in range(3)]
    await asyncio.sleep(0.01)
    counter.slow.set()
    faults = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(fault) for fault in faults] == [ZeroDivisionError] * 3
    counter.text = "one"
    assert (await ask(reads, "/list")).body == b"one"


async def test_who_goes_away_stops_nobody_else(reads, counter):
    counter.slow = asyncio.Event()
    first = asyncio.create_task(ask(reads, "/list"))
    second = asyncio.create_task(ask(reads, "/list"))
    await asyncio.sleep(0.01)
    first.cancel()
    counter.slow.set()
    assert (await second).body == b"one"
    assert len(counter.scopes) == 1


async def test_the_headers_of_every_answer_are_on_a_kept_one(counter, database, clock):
    reads = SharedReads(SecurityHeaders(counter), database, clock, [Shared("/list")])
    for _ in range(2):
        assert (await ask(reads, "/list")).headers["referrer-policy"] == "no-referrer"


def test_the_shelf_has_an_end():
    shelf = Shelf(most_bytes=1_000)
    page = finish(Answer(200, [], b"x" * 100))
    for number in range(100):
        shelf.put(Question(f"/{number}"), Since(0, OPENS), page)
        shelf.get(Question("/0"))
    assert len(shelf) == 1_000 // page.size
    assert shelf.get(Question("/0")) is not None, "what is asked for stays"
    assert shelf.get(Question("/98")) is not None
    assert shelf.get(Question("/1")) is None


def test_an_answer_in_the_place_of_an_older_one_is_counted_once():
    shelf = Shelf(most_bytes=1_000)
    for size in (400, 300, 400, 100):
        shelf.put(Question("/"), Since(0, OPENS), finish(Answer(200, [], bytes(range(size % 256)))))
    assert len(shelf) == 1


def test_what_is_larger_than_the_shelf_is_not_kept():
    shelf = Shelf(most_bytes=1_000)
    shelf.put(Question("/"), Since(0, OPENS), finish(Answer(200, [], b"x" * 2_000)))
    assert len(shelf) == 0
