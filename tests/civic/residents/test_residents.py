"""Who is written down, whom a campaign reaches, and how the codes of places are counted."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from support.line import person

from civic.residents import actions
from civic.residents.queries import accounts_of, arrivals, opted_out, recipients, resident_of
from civic.residents.rules import Relations, end_of_day, next_night


async def befriend(context, *numbers, language="ja"):
    async with context.database.writing() as session:
        people = [person(number) for number in numbers]
        return [(await actions.follow(session, context.vault, each, 1_000, language)).id for each in people]


async def do(context, action, *arguments):
    async with context.database.writing() as session:
        await action(session, context.vault, *arguments)


async def heard(context, kind="result", after=0, limit=100):
    async with context.database.reading() as session:
        return [row[0] for row in await recipients(session, kind, after, limit)]


async def test_recipients_follow_and_want_this_kind_in_the_order_of_their_numbers(context):
    numbers = await befriend(context, 1, 2, 3, 4, 5)
    await do(context, actions.unfollow, person(1), 2_000)
    await do(context, actions.stop_messages, person(2), 2_000)
    await do(context, actions.opt_out, person(3), "result", 2_000)
    assert await heard(context) == numbers[3:]
    assert await heard(context, "announcement") == numbers[2:]
    assert await heard(context, "announcement", after=numbers[2], limit=1) == [numbers[3]]


async def test_a_recipient_comes_with_language_seal_and_hash(context):
    (number,) = await befriend(context, 1, language="en")
    async with context.database.reading() as session:
        (row,) = await recipients(session, "result", 0, 10)
        resident = await resident_of(session, context.vault, person(1))
    assert row == (number, "en", resident.line_id_sealed, resident.line_id_hash)
    assert len(resident.line_id_sealed) == 16


async def test_accounts_come_in_the_order_asked_for_without_those_who_left(context):
    numbers = await befriend(context, *range(1, 8))
    await do(context, actions.delete_resident, person(3), datetime(2026, 10, 1, tzinfo=UTC))
    async with context.database.reading() as session:
        found = await accounts_of(session, context.vault, [numbers[4], numbers[2], numbers[0]])
    assert found == [person(5), person(1)]


async def test_resuming_forgets_all_refusals(context):
    (number,) = await befriend(context, 1)
    await do(context, actions.opt_out, person(1), "result", 1_500)
    await do(context, actions.stop_messages, person(1), 1_600)
    await do(context, actions.resume_messages, person(1), 2_000)
    async with context.database.reading() as session:
        assert await opted_out(session, number) == frozenset()
    assert await heard(context) == [number]


async def test_only_the_first_consent_is_the_first(context):
    async with context.database.writing() as session:
        first = [await actions.agree(session, context.vault, person(1), 5_000) for _ in range(2)]
        resident = await resident_of(session, context.vault, person(1))
    assert first == [True, False]
    assert (resident.consent_version, resident.consented_at) == (
        actions.CONSENT_VERSION,
        datetime(1970, 1, 1, tzinfo=UTC),
    )


async def test_arrivals_are_counted_by_place_and_day_in_japan(context):
    evening, night = datetime(2026, 10, 1, 14, 59, tzinfo=UTC), datetime(2026, 10, 1, 15, 0, tzinfo=UTC)
    async with context.database.writing() as session:
        for place, now in (("park", evening), ("park", evening), ("park", night), ("deck", night)):
            await actions.count_arrival(session, place, now)
    async with context.database.reading() as session:
        counted = await arrivals(session, ["park", "deck", "nowhere"])
    assert counted == {
        "park": [(date(2026, 10, 2), 1), (date(2026, 10, 1), 2)],
        "deck": [(date(2026, 10, 2), 1)],
    }


async def test_deleting_many_in_a_day_scrubs_the_files_once_in_the_night(context):
    await befriend(context, 1, 2, 3)
    for number, hour in ((1, 0), (2, 17), (3, 18)):
        await do(context, actions.delete_resident, person(number), datetime(2026, 10, 1, hour, tzinfo=UTC))
    async with context.database.engine.connect() as connection:
        jobs = (await connection.execute(sa.text("select id from job order by id"))).scalars().all()
    assert jobs == ["scrub 2026-10-01T18:00:00Z", "scrub 2026-10-02T18:00:00Z"]


@pytest.mark.parametrize(
    ("hour", "day"), [(17, 1), (18, 2)], ids=["two in the morning of the 2nd", "three in the morning of the 2nd"]
)
def test_the_next_night_is_at_three_in_japan(hour, day):
    assert next_night(datetime(2026, 10, 1, hour, tzinfo=UTC)) == datetime(2026, 10, day, 18, tzinfo=UTC)


def test_what_is_no_relation_changes_nothing_and_relations_stand_in_their_order():
    said = Relations([], {}).say("work", 2).say("rule", 3).say("live", 1)
    assert (said.held, said.times) == (["live", "work"], {"work": 2, "live": 1})
    assert said.take_back("rule", 4) == said
    assert said.say_nothing(1) == Relations(["work"], {"work": 2, "unsaid": 1})


@pytest.mark.parametrize(
    ("at_ms", "midnight"), [(1, 86_400_000), (86_400_000, 86_400_000), (86_400_001, 172_800_000)]
)
def test_a_time_is_blurred_to_the_next_midnight(at_ms, midnight):
    assert end_of_day(at_ms) == midnight
