"""Hostile calls of the webhook by the hundred: none breaks it, none forges a vote, none harms a good one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from starlette.types import ASGIApp
from support.hostile_calls import HostileCall, hostile_calls, unsigned_calls
from support.line import Place, post, settings_for

from civic.kernel.context import open_context
from civic.main import build_app
from tests.webhooks.line.conftest import place, postgres_place, sqlite_place

__all__ = ["place", "postgres_place", "sqlite_place"]

SEED = 2026


class Course:
    """The calls made so far, with their answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.slowest = (0.0, "none")
        self.good: set[str] = set()
        self.refused: set[str] = set()

    async def make(self, call: HostileCall) -> None:
        """Make one call and hold its answer against what it must be."""
        began = perf_counter()
        answer = await post(self.app, call.body, call.headers, call.parts, call.method)
        self.slowest = max(self.slowest, (perf_counter() - began, call.kind))
        self.answers[answer.status] += 1
        if answer.status != call.status:
            self.wrong.append(f"{call.kind}: {answer.status}, not {call.status}: {call.body[:300]!r}")
        self.good |= call.good
        self.refused |= call.refused

    def __str__(self) -> str:
        answers = ", ".join(f"{status}: {count:,}" for status, count in sorted(self.answers.items()))
        seconds, kind = self.slowest
        return f"{self.answers.total():,} hostile calls; {answers}; slowest {seconds * 1000:.1f} ms ({kind})"


async def test_no_hostile_call_breaks_the_webhook_or_a_good_vote_beside_it(
    place: Place, sized: Callable[[int, int], int], found: Callable[[str], None]
) -> None:
    course = Course(place.webhook)
    for hostile_call in hostile_calls(SEED, sized(150, 1_000)):
        await course.make(hostile_call)
    logged = {event_id for event_id, _, _ in await place.log()}
    database = "SQLite" if place.context.database.is_sqlite else "PostgreSQL"
    kept = f"{len(course.good & logged):,} of {len(course.good):,} good votes beside them logged"
    found(f"Webhook on {database}: {course}; {kept}; {len(course.refused & logged)} refused votes logged")
    assert course.wrong == []
    assert course.good <= logged
    assert not course.refused & logged
    await place.drain.run_dry()
    assert {state for state, _ in await place.inbox()} == {"done", "quarantined"}


async def test_what_line_did_not_sign_never_reaches_the_database(
    tmp_path: Path, sized: Callable[[int, int], int], found: Callable[[str], None]
) -> None:
    """Through the whole application, its database out of reach: whoever asked for it would be answered 503."""
    settings = settings_for(tmp_path, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    course = Course(build_app(open_context(settings)))
    for hostile_call in unsigned_calls(SEED, sized(100, 1_000)):
        await course.make(hostile_call)
    found(f"Webhook without a database: {course}; {course.answers[503]} asked for it")
    assert course.wrong == []
