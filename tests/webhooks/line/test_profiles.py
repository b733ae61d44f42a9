"""The first greeting speaks the language of the phone, which LINE is asked for beside the inbox."""

import asyncio
import gc
from contextlib import asynccontextmanager

import pytest
from support.line import TOKEN, follow, person, postback, tap, words
from support.servers import simulated_line

from webhooks.line.channel import open_drain
from webhooks.line.client import LineClient
from webhooks.line.profiles import AT_ONCE, MOST_WAITING
from webhooks.line.simulator.faults import Fault, FaultKind


@asynccontextmanager
async def joined(place):
    """The simulated LINE, and a worker that may ask it."""
    async with simulated_line() as (simulator, recorder, url):
        client = LineClient(url, TOKEN)
        place.drain = open_drain(place.context, client)
        try:
            yield simulator, recorder
        finally:
            await client.close()


async def greeted(place, simulator, *languages):
    """Residents with phones in these languages become friends; what each was told, and kept as."""
    people = simulator.channel.residents[: len(languages)]
    for resident, language in zip(people, languages, strict=True):
        resident.language = language
        await simulator.follow(resident.index)
    replies = await place.handle(*(follow(resident.user_id) for resident in people))
    kept = [row["language"] for row in await place.rows("select language from resident order by id")]
    return [words(reply) for reply in replies], kept


async def test_each_is_greeted_in_the_language_of_the_phone(sqlite_place):
    async with joined(sqlite_place) as (simulator, recorder):
        replies, kept = await greeted(sqlite_place, simulator, "en-GB", "ja", "fr")
        assert sorted(kept) == ["en", "ja", "ja"]
        assert sorted("友だち追加ありがとうございます" in reply for reply in replies) == [False, True, True]
        assert len([sent for sent in recorder.sent if "/profile/" in sent.path]) == 3


async def test_who_comes_back_keeps_the_chosen_language_and_is_not_asked_for(sqlite_place):
    async with joined(sqlite_place) as (simulator, recorder):
        await greeted(sqlite_place, simulator, "en")
        resident = simulator.channel.residents[0]
        resident.language = "ja"
        asked = len(recorder.sent)
        (reply,) = await sqlite_place.handle(follow(resident.user_id))
        assert "友だち追加ありがとうございます" not in words(reply)
        assert len(recorder.sent) == asked


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.DROP])
async def test_without_an_answer_of_line_the_greeting_is_japanese(sqlite_place, kind):
    async with joined(sqlite_place) as (simulator, _):
        simulator.channel.faults.set(Fault(kind, ratio=1.0, endpoints=("profile",)))
        (reply,), kept = await greeted(sqlite_place, simulator, "en")
        assert "友だち追加ありがとうございます" in reply
        assert kept == ["ja"]


async def test_what_line_says_too_late_is_noted_for_the_next_message(sqlite_place, monkeypatch):
    monkeypatch.setattr("webhooks.line.profiles.WITHIN_S", 0.1)
    async with joined(sqlite_place) as (simulator, _):
        simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=1.0, seconds=0.5, endpoints=("profile",)))
        (reply,), kept = await greeted(sqlite_place, simulator, "en")
        assert "友だち追加ありがとうございます" in reply
        assert kept == ["en"]


async def test_a_language_that_was_chosen_meanwhile_stays(sqlite_place, monkeypatch):
    monkeypatch.setattr("webhooks.line.profiles.WITHIN_S", 0.1)
    async with joined(sqlite_place) as (simulator, _):
        simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=1.0, seconds=0.6, endpoints=("profile",)))
        resident = simulator.channel.residents[0]
        resident.language = "en"
        await simulator.follow(resident.index)
        await sqlite_place.send(follow(resident.user_id))
        await sqlite_place.drain.run_batch()
        await sqlite_place.handle(postback(resident.user_id, "c=language&l=ja"))
        assert await sqlite_place.rows("select language from resident") == [{"language": "ja"}]


async def test_while_line_is_slow_a_rush_of_new_friends_and_a_vote_are_answered_at_once(sqlite_place):
    async with joined(sqlite_place) as (simulator, _):
        simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=1.0, seconds=3.0, endpoints=("profile",)))
        rush = [follow(person(number)) for number in range(MOST_WAITING + 20)]
        await sqlite_place.send(*rush, tap(person(500), "idea-01"))
        while await sqlite_place.drain.run_batch():
            pass
        states = [state for state, _ in await sqlite_place.inbox()]
        assert (states.count("pending"), states.count("done")) == (MOST_WAITING, 21)


async def test_a_question_under_way_ends_with_the_client_and_says_nothing(sqlite_place):
    troubles = []
    asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
    async with joined(sqlite_place) as (simulator, _):
        simulator.channel.faults.set(Fault(FaultKind.SLOW, ratio=1.0, seconds=3.0, endpoints=("profile",)))
        await sqlite_place.send(*(follow(person(number)) for number in range(AT_ONCE + 4)))
        await sqlite_place.drain.run_batch()
    assert [task for task in asyncio.all_tasks() if "PhoneLanguages" in str(task)] == []
    del sqlite_place.drain
    gc.collect()
    assert troubles == []


async def test_what_a_question_raises_at_the_end_is_not_swallowed():
    async def breaks_when_stopped():
        try:
            await asyncio.sleep(60)
        finally:
            raise LookupError

    client = LineClient("http://127.0.0.1:9", TOKEN)
    client.beside(breaks_when_stopped())
    await asyncio.sleep(0)
    with pytest.raises(LookupError):
        await client.close()
