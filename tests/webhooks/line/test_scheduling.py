"""A message at a time: who hears it and what it says is found then, and a refusal is kept for the planner."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from support.line import BALLOT, TOKEN, tap, words

from civic.admin.schedules import schedule
from civic.ballots.actions import close_ballot
from civic.kernel.clock import JST
from civic.outbox.about import ANNOUNCEMENT, LAST_CHANCE, RESULT, About
from civic.outbox.scheduling import schedule_message, scheduled_message
from tests.webhooks.line.sending import joined
from webhooks.line.scheduling import plan_due

CLOSING = About(LAST_CHANCE, BALLOT)


@pytest.fixture
async def line(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        yield line


async def look(line, token=TOKEN):
    """What the worker does now and then, with this LINE."""
    context = line.place.context
    connected = {"line_channel_access_token": SecretStr(token), "line_api_url": line.url}
    await plan_due(replace(context, settings=context.settings.model_copy(update=connected)))


async def set_for(line, about, at):
    async with line.place.context.database.writing() as session:
        return await schedule(session, "staff:1", about, at, line.place.clock())


async def waiting(line, about):
    async with line.place.context.database.reading() as session:
        return await scheduled_message(session, about)


async def remind_in_an_hour(line):
    """At whatever hour the test runs: by day and by night."""
    at = line.place.clock() + timedelta(hours=1)
    async with line.place.context.database.writing() as session:
        await schedule_message(session, "staff:1", CLOSING, at)
    return at


async def pass_until(line, at):
    line.place.clock.advance(seconds=(at - line.place.clock()).total_seconds() + 1)


async def test_who_votes_before_the_time_is_not_reminded_and_the_rest_is_told_what_is_left(line):
    at = await remind_in_an_hour(line)
    await look(line)
    assert await line.chunks() == []
    await line.place.handle(tap(line.simulator.channel.residents[0].user_id, "idea-01"))
    await pass_until(line, at)
    await look(line)
    await line.send_all()
    assert line.received == [0, 1, 1]
    assert "締め切りまで、あと" in words(line.multicasts[-1].json["messages"])
    assert await waiting(line, CLOSING) is None


async def test_it_is_sent_once_however_often_the_worker_looks(line):
    at = await remind_in_an_hour(line)
    await pass_until(line, at)
    for _ in range(3):
        await look(line)
    await line.send_all()
    assert line.received == [1, 1, 1]


async def test_a_ballot_that_was_closed_early_keeps_the_reminder_back_and_says_so(line):
    at = await remind_in_an_hour(line)
    async with line.place.context.database.writing() as session:
        await close_ballot(session, "test", BALLOT, line.place.clock(), at_once=True)
    await pass_until(line, at)
    await look(line)
    assert (await waiting(line, CLOSING)).refused == "ballot_not_open"
    assert await line.chunks() == []


async def test_what_does_not_fit_into_the_month_at_that_time_is_not_sent(line):
    at = await remind_in_an_hour(line)
    line.simulator.channel.quota = 2
    await pass_until(line, at)
    await look(line)
    assert (await waiting(line, CLOSING)).refused == "quota_too_small"
    assert await line.chunks() == []


async def test_while_line_does_not_say_what_the_month_allows_it_waits(line):
    at = await remind_in_an_hour(line)
    line.simulator.channel.quota = 2
    await pass_until(line, at)
    await look(line, token="not-the-token")
    assert (await waiting(line, CLOSING)).refused == ""
    assert await line.chunks() == []


async def test_a_time_at_night_becomes_the_next_morning(line):
    evening = (line.place.clock() + timedelta(days=1)).astimezone(JST).replace(hour=22, minute=30)
    at = await set_for(line, About(RESULT, BALLOT), evening)
    assert at.astimezone(JST).hour == 8
    assert at.date() > evening.date()


async def test_a_message_sent_by_hand_waits_for_no_time_any_more(line):
    about = About(ANNOUNCEMENT, BALLOT)
    async with line.place.context.database.writing() as session:
        await schedule_message(session, "staff:1", about, line.place.clock() + timedelta(days=1))
    await line.plan()
    assert await waiting(line, about) is None
