"""Turnout by the hour: everybody once, in the hour of their first operation in the window; on both databases."""

import random
from datetime import timedelta

from support.casting import cast, current_law, open_now, tap
from support.small_programme import BALLOT, CLOSES, OPENS, OTHER_BALLOT

from civic.votes.queries import terms_of, turnout, turnout_by_hour

HOUR = timedelta(hours=1)


async def counted(context, slug=BALLOT):
    law = await current_law(context, slug)
    async with context.database.reading() as session:
        by_hour = await turnout_by_hour(session, law.ballot_id, terms_of(law))
        return by_hour, await turnout(session, law.ballot_id, terms_of(law))


async def test_the_first_operation_counts_whatever_it_was(context):
    ballot = await open_now(context)
    await cast(
        context,
        ballot,
        tap("U1", "add", "bench", at=OPENS + 3 * HOUR),
        tap("U1", "add", "stage", at=OPENS),
        tap("U2", "none", at=OPENS + HOUR - timedelta(milliseconds=1)),
        tap("U3", "withdraw", at=OPENS + HOUR),
        tap("U3", "add", "bench", at=OPENS + 5 * HOUR),
    )
    assert await counted(context) == ({OPENS: 2, OPENS + HOUR: 1}, 3)


async def test_only_the_window_of_the_own_ballot_counts(context):
    ballot, other = await open_now(context), await open_now(context, OTHER_BALLOT)
    await cast(
        context,
        ballot,
        tap("early", "add", "bench", at=OPENS - HOUR),
        tap("both", "add", "bench", at=OPENS - HOUR),
        tap("both", "add", "bench", at=OPENS + HOUR),
        tap("late", "add", "bench", at=CLOSES),
    )
    await cast(context, other, tap("there", "add", "bench", at=OPENS))
    assert await counted(context) == ({OPENS + HOUR: 1}, 1)


async def test_a_ballot_without_operations_has_no_hours(context):
    await open_now(context)
    assert await counted(context) == ({}, 0)


async def test_the_hours_add_up_to_the_turnout(context):
    ballot, dice = await open_now(context), random.Random(5)
    window, around = (CLOSES - OPENS).total_seconds(), 90_000
    moments = [OPENS + timedelta(seconds=dice.uniform(-around, window + around)) for _ in range(400)]
    taps = [tap(f"U{dice.randrange(80)}", "add", "bench", at=moment) for moment in moments]
    await cast(context, ballot, *taps)
    by_hour, people = await counted(context)
    assert sum(by_hour.values()) == people > 50
    assert all(begun.minute == begun.second == begun.microsecond == 0 for begun in by_hour)
    assert list(by_hour) == sorted(by_hour)
