"""Every operation of the API under generated requests, sound and broken: only what is documented comes back.

The requests come from the API's own description, over a real server with ballots before, in and after their vote
and a programme full of hostile texts. Half of the names are real, so that more than refusals is seen.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from support import hostile, tiny_programme
from support.databases import new_sqlite
from support.site import HeldClock, Site, make_context, serving
from support.tiny_programme import load_programme, write_tiny_programme

from civic.kernel.clock import now
from civic.main import build_app

SEED = 2026
NAMES = {
    "programme": [tiny_programme.PROGRAMME, hostile.PROGRAMME],
    "proposal": [*tiny_programme.PROPOSALS, *map(hostile.option, range(hostile.COUNT))],
    "ballot": [tiny_programme.BALLOT, hostile.OPEN, hostile.DECIDED],
}


class Seen:
    """What the generated requests met; ``good``: the addresses that were answered 200."""

    def __init__(self) -> None:
        self.cases = 0
        self.statuses: Counter[int] = Counter()
        self.by_operation: dict[str, Counter[int]] = {}
        self.good: set[str] = set()
        self.failures: list[str] = []

    def take(self, event: events.EngineEvent) -> None:
        """Count one event of the run; an error of the run itself is a failure too."""
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.failures.append(repr(event))
        if isinstance(event, events.ScenarioFinished):
            self._count(event)

    def _count(self, event: events.ScenarioFinished) -> None:
        recorder = event.recorder
        answers = self.by_operation.setdefault(recorder.label, Counter())
        for interaction in recorder.interactions.values():
            status = interaction.response.status_code if interaction.response else 0
            self.cases += 1
            self.statuses[status] += 1
            answers[status] += 1
            if status == 200:
                self.good.add(interaction.request.uri)
        for case_id, checks in recorder.checks.items():
            request = recorder.interactions[case_id].request
            self.failures += [
                f"{request.method} {request.uri}: {check.name}: {check.failure_info}"
                for check in checks
                if check.status is Status.FAILURE
            ]


def run(url: str, examples: int) -> Seen:
    """All phases over all operations: examples, boundary values, fuzzing, and calls that follow from answers."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config(examples))
    seen = Seen()
    for event in from_schema(schema).execute():
        seen.take(event)
    return seen


def config(examples: int) -> SchemathesisConfig:
    """Every check; so many generated requests an operation, half of the names from the installation."""
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "dictionaries": {name: {"values": values} for name, values in NAMES.items()},
            "parameters": {name: {"dictionary": name, "probability": 0.5} for name in NAMES},
            "cache": {"enabled": False},
        }
    )


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """The whole application on 127.0.0.1: one ballot open, one not yet, one decided."""
    context = make_context(tmp_path, new_sqlite(tmp_path), HeldClock(now()))
    await load_programme(context, write_tiny_programme(tmp_path / "tiny", now=context.clock()))
    await load_programme(context, hostile.write_hostile_programme(tmp_path / "hostile"))
    app = build_app(context)
    site = Site(context, context.clock, app)
    try:
        async with serving(app) as url, aiohttp.ClientSession(url) as site.http:
            await vote_and_decide(site)
            yield url
    finally:
        await context.database.close()


async def vote_and_decide(site: Site) -> None:
    """Votes on two ballots; one of them is sealed and decided, with an installation begun."""
    await site.open_ballot(tiny_programme.BALLOT)
    await site.vote("U1", "bench", "stage")
    await site.open_ballot(hostile.DECIDED)
    await site.vote("U1", hostile.option(0), hostile.option(1), slug=hostile.DECIDED)
    await site.vote("U2", op="none", slug=hostile.DECIDED)
    await site.seal(hostile.DECIDED)
    form = {"proposals": hostile.option(1), "reason": hostile.TEXTS["script"]}
    assert (await site.post(f"/admin/ballots/{hostile.DECIDED}/decision", form)).status == 303


async def ask_again(seen: Seen) -> Counter[int]:
    """Whatever was found is asked for once more by its entity tag; gives the answers."""
    answers: Counter[int] = Counter()
    async with aiohttp.ClientSession() as http:
        for uri in sorted(seen.good):
            async with http.get(uri) as first:
                tag = first.headers["etag"]
            async with http.get(uri, headers={"if-none-match": tag}) as second:
                answers[second.status] += 1
    return answers


async def test_only_what_is_documented_comes_back(
    url: str, sized: Callable[[int, int], int], found: Callable[[str], None]
) -> None:
    seen = await asyncio.to_thread(run, url, sized(25, 300))
    again = await ask_again(seen)
    counts = ", ".join(f"{status}: {count:,}" for status, count in sorted((seen.statuses + again).items()))
    found(f"API schema: {seen.cases:,} generated requests; {counts}; {len(seen.failures)} failures")
    assert not seen.failures, "\n".join(seen.failures[:20])
    assert again.keys() == {304}
    assert seen.cases >= sized(250, 2_000)
    assert min(seen.statuses[200], 4 * seen.statuses[404], 8 * seen.statuses[422]) > seen.cases / 5
    described = [name for name in seen.by_operation if name.startswith("GET /api/")]
    assert len(described) == 11
    assert all(seen.by_operation[name][200] for name in described), seen.by_operation
