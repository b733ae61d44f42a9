"""Public JSON, GeoJSON, 304 and the results page, next to a bare GET on the same server.

``civic serve`` over West Shinjuku, one ballot open and one decided. Everything is asked for with the headers of a
browser, in a closed loop, longer than an answer stands: so each is built again and again while it is measured.
"""

import gzip
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import brotli
import orjson

from civic.bench.installation import sqlite_url
from civic.bench.load import Outcome, get, write_requests
from civic.bench.measuring import Bench, Report, interleave, require
from civic.bench.played import Played, play_west_shinjuku
from civic.bench.servers import Server, asgi_server, civic_server
from civic.kernel.canonical import canonical_json, sha256_hex
from civic.kernel.settings import Settings

CONNECTIONS = 64
SECONDS = 3.0
BARE = "bare GET"
GOALS = {"ballot, JSON": 1.0, "sites, GeoJSON": 1.0, "ballot, 304": 1.5, "results page": 0.8}
BROWSER = {"Accept": "*/*", "Accept-Language": "ja,en;q=0.8", "Accept-Encoding": "gzip, deflate, br"}


@dataclass(frozen=True)
class Read:
    """A request that is made again and again, and the one status that is right."""

    server: Server
    path: str
    headers: Mapping[str, str]
    status: str = "200"


@dataclass(frozen=True)
class Run:
    """Answers a second, and CPU microseconds of the server for one."""

    per_second: float
    cpu_us: float
    p99_ms: float


def run(bench: Bench) -> Report:
    """All of them in turns."""
    settings = Settings(_env_file=None, data_dir=bench.folder, database_url=sqlite_url(bench.folder))
    played = play_west_shinjuku(settings)
    env = {"CIVIC_DATA_DIR": str(bench.folder), "CIVIC_DATABASE_URL": settings.resolved_database_url}
    with ExitStack() as stack:
        bare = stack.enter_context(asgi_server("civic.bench.bare:app", bench.folder))
        served = stack.enter_context(civic_server(bench.folder, env))
        before = _contents(served, played)
        reads = {BARE: Read(bare, "/bare", BROWSER), **_reads(served, played)}
        runs = interleave({name: _runner(read, bench) for name, read in reads.items()}, bench.rounds)
        require(_contents(served, played) == before, "the answers after the load differ from those before")
    return _report(runs)


def _reads(served: Server, played: Played) -> dict[str, Read]:
    ballot = f"/api/v1/ballots/{played.open_ballot}"
    known = {"If-None-Match": _ask(served, ballot, BROWSER)[1]["etag"]}
    return {
        "ballot, JSON": Read(served, ballot, BROWSER),
        "sites, GeoJSON": Read(served, f"/api/v1/sites.geojson?programme={played.programme}", BROWSER),
        "ballot, 304": Read(served, ballot, BROWSER | known, "304"),
        "results page": Read(served, f"/b/{played.decided_ballot}/results", BROWSER),
    }


def _runner(read: Read, bench: Bench) -> Callable[[], Run]:
    requests = bench.folder / "requests"
    return partial(_run, read, requests, SECONDS * max(bench.scale, 0.2))


def _run(read: Read, requests: Path, seconds: float) -> Run:
    lines = "".join(f"{name}: {value}\r\n" for name, value in read.headers.items())
    write_requests(requests, [get(read.path, lines)])
    before = read.server.cpu_seconds()
    outcome: Outcome = read.server.load(requests, CONNECTIONS, seconds, again=True)
    cpu_seconds = read.server.cpu_seconds() - before
    require(set(outcome.statuses) == {read.status}, f"{read.path} was answered {outcome.statuses}")
    return Run(outcome.per_second, cpu_seconds / outcome.ok * 1e6, outcome.p99_ms)


def _contents(served: Server, played: Played) -> tuple[bytes, ...]:
    """What is read, each found to be the same in every coding and to say what it should."""
    ballot = _content(served, f"/api/v1/ballots/{played.open_ballot}")
    sites = _content(served, f"/api/v1/sites.geojson?programme={played.programme}")
    page = _content(served, f"/b/{played.decided_ballot}/results")
    document = orjson.loads(ballot)
    found = sha256_hex(canonical_json(document["manifest"]))
    require(found == document["manifest_sha256"], "the manifest in the JSON has another hash")
    require(orjson.loads(sites)["type"] == "FeatureCollection", "the sites are no GeoJSON")
    require(b"</html>" in page, "the results page is cut off")
    return ballot, sites, page


def _content(served: Server, path: str) -> bytes:
    plain, _ = _ask(served, path, {"Accept-Encoding": "identity"})
    for coding, decompress in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        body, headers = _ask(served, path, {"Accept-Encoding": coding})
        require(headers["content-encoding"] == coding, f"{path} does not come as {coding}")
        require(decompress(body) == plain, f"{path} is another thing as {coding}")
    return plain


def _ask(served: Server, path: str, headers: Mapping[str, str]) -> tuple[bytes, Mapping[str, str]]:
    request = urllib.request.Request(f"http://127.0.0.1:{served.port}{path}", headers=dict(headers))
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def _report(runs: Mapping[str, list[Run]]) -> Report:
    report = Report()
    per_second = {name: report.line(name, "/s", [run.per_second for run in found]) for name, found in runs.items()}
    for name, found in runs.items():
        report.line(f"{name}, CPU", "us", [run.cpu_us for run in found])
        report.line(f"{name}, 99th percentile", "ms", [run.p99_ms for run in found])
    for name, least in GOALS.items():
        report.at_least(f"{name} / {BARE}", least, per_second[name] / per_second[BARE])
    report.checked.append("plain, gzip and brotli are the same, before as after; the manifest has its hash")
    return report
