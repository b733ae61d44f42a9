"""Processes are killed in the middle of a storm, again and again: what was answered 200 is counted, once."""

import asyncio
from statistics import median

import pytest
from proof.stand import AWAY, HEALED_S, PHONES, READY_S, READY_SMALL_S, judge, seconds_until_taken, standing
from support.storm import Storm

PEOPLE = 400


async def test_kills_of_the_whole_server_group(database_url, tmp_path, sized, found):
    kills, votes = sized(3, 13), sized(750, 10_000)
    ready_s = []
    async with standing(database_url, tmp_path) as stand:
        storm = Storm([stand.server.url], people=PEOPLE)
        async with storm.blowing(PHONES):
            for _ in range(kills):
                await storm.until(acked=votes // (kills + 1))
                ready_s.append(await asyncio.to_thread(stand.restart))
            await storm.until(acked=max(0, votes - len(storm.acked)))
        judgement = await judge(stand, storm)
    processes = "SQLite" if stand.is_sqlite else "PostgreSQL, 2 processes and a worker"
    found(
        f"{kills} kill -9 of the server group ({processes}): "
        f"{judgement}; ready again in {median(ready_s):.1f} s, {max(ready_s):.1f} s at most"
    )
    assert set(storm.statuses) <= {"200", *AWAY}
    judgement.require_lawful()
    assert max(ready_s) <= sized(READY_SMALL_S, READY_S)


@pytest.mark.postgres
async def test_kills_of_postgresql(postgres_server, postgres_url, tmp_path, sized, found):
    kills, votes = sized(2, 10), sized(500, 5_000)
    healed_s = []
    async with standing(postgres_url, tmp_path) as stand:
        storm = Storm([stand.server.url], people=PEOPLE)
        async with storm.blowing(PHONES):
            for _ in range(kills):
                await storm.until(acked=votes // (kills + 1))
                postgres_server.kill9()
                await asyncio.to_thread(postgres_server.start)
                healed_s.append(await seconds_until_taken(storm))
            await storm.until(acked=max(0, votes - len(storm.acked)))
        judgement = await judge(stand, storm)
    found(
        f"{kills} kill -9 of PostgreSQL: {judgement}; "
        f"{storm.statuses['503']} answers 503, voting again after {max(healed_s):.1f} s at most"
    )
    assert set(storm.statuses) <= {"200", "503"}
    judgement.require_lawful()
    assert max(healed_s) <= HEALED_S
