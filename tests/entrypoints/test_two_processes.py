"""Two server processes on one PostgreSQL: one voter with 64 thumbs stays one voter."""

import asyncio
import json

import aiohttp
import pytest
from support.line import BALLOT, call, person, prepared, programme, proposal_slug, settings_for, sign, tap
from support.servers import (
    CivicServer,
    civic_server,
    civic_worker,
    environment,
    free_port,
    run_civic,
    simulated_line,
)
from support.storm import count_apart

from civic.kernel.clock import now, to_ms

pytestmark = pytest.mark.postgres

VOTE = f"v=add&b={BALLOT}&p=idea-01&l=ja"


async def post(session, url, event):
    body = call(event)
    async with session.post(f"{url}/webhooks/line", data=body, headers={"X-Line-Signature": sign(body)}) as answer:
        return answer.status


async def test_64_taps_at_once_by_one_voter_are_the_fold_of_the_log(postgres_url, tmp_path):
    folder = tmp_path / "data"
    async with prepared(settings_for(folder, postgres_url), programme(grace_s=0)) as (context, _):
        env = environment(folder, postgres_url)
        moment = to_ms(now())
        # Sixteen moments for 64 taps, so that the order within one is decided by the event id.
        taps = [
            tap(
                person(1),
                proposal_slug(number % 4 + 1),
                op="remove" if number % 5 == 4 else "add",
                at_ms=moment + number // 4,
            )
            for number in range(64)
        ]
        with civic_server(env, tmp_path, name="one") as one, civic_server(env, tmp_path, name="two") as two:
            async with aiohttp.ClientSession() as session:
                urls = [one.url, two.url]
                calls = [post(session, urls[number % 2], event) for number, event in enumerate(taps)]
                calls += [post(session, urls[number % 2], event) for number, event in enumerate(taps[:16], 1)]
                assert set(await asyncio.gather(*calls)) == {200}
        async with context.database.reading() as session:
            connection = await session.connection()
            logged = (await connection.exec_driver_sql("select event_id, voter from vote_log")).all()
        assert sorted(event_id for event_id, _ in logged) == sorted(event["webhookEventId"] for event in taps)
        assert len({bytes(voter) for _, voter in logged}) == 1
        assert run_civic(env, tmp_path, "ballot", "close", BALLOT).code == 0
        report = json.loads(run_civic(env, tmp_path, "ballot", "tally", BALLOT, "--json").out)
        expected = count_apart(taps, most=2)
        assert {slug: n for slug, n in report["approvals"].items() if n} == dict(expected.approvals)
        assert report["voters"] == expected.voters == 1
        async with context.database.reading() as session:
            connection = await session.connection()
            [cached] = (await connection.exec_driver_sql("select choices from vote")).all()
        # The cache holds places on the ballot, from 0.
        assert {proposal_slug(int(place) + 1) for place in cached[0].split()} == set(expected.approvals)
        replies = await _count_replies(context)
        assert replies == 64


async def _count_replies(context):
    async with context.database.reading() as session:
        connection = await session.connection()
        return (await connection.exec_driver_sql("select count(*) from outbox_reply")).scalar_one()


async def test_one_server_with_two_workers_answers_and_ends(postgres_url, tmp_path):
    folder = tmp_path / "data"
    async with prepared(settings_for(folder, postgres_url), programme()):
        pass
    with civic_server(environment(folder, postgres_url), tmp_path, "--workers", "2") as server:
        async with aiohttp.ClientSession() as session:
            votes = [tap(person(number), "idea-01") for number in range(20)]
            assert set(await asyncio.gather(*(post(session, server.url, vote) for vote in votes))) == {200}
        assert server.stop() in {0, -15}


async def test_two_workers_answer_everybody_once(postgres_url, tmp_path):
    folder, port = tmp_path / "data", free_port()
    async with (
        prepared(settings_for(folder, postgres_url), programme()) as (context, _),
        simulated_line(f"http://127.0.0.1:{port}/webhooks/line", residents=12) as (simulator, _, url),
    ):
        env = environment(folder, postgres_url, CIVIC_LINE_API_URL=url)
        server = CivicServer(env, tmp_path / "serve.log", port)
        residents = simulator.channel.residents
        with civic_worker(env, tmp_path, "one") as one, civic_worker(env, tmp_path, "two") as two:
            try:
                await asyncio.to_thread(server.start)
                done = await asyncio.gather(*(simulator.follow(resident.index) for resident in residents))
                done += await asyncio.gather(*(simulator.tap_data(r.index, VOTE) for r in residents))
                assert {one.delivery.status for one in done} == {200}
                await asyncio.gather(*(resident.wait_beyond(1, 30) for resident in residents))
            finally:
                await asyncio.to_thread(server.kill)
            assert one.poll() is two.poll() is None
        assert [resident.received for resident in residents] == [2] * 12
        async with context.database.reading() as session:
            connection = await session.connection()
            states = (await connection.exec_driver_sql("select state from outbox_reply")).scalars().all()
        assert states.count("pending") + states.count("sent") == len(states) == 24
