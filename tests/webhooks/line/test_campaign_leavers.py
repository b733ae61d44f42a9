"""People leave between planning and sending: they do not hear, and a request in doubt never changes."""

from support.line import unfollow

from tests.webhooks.line.sending import joined
from webhooks.line.simulator.faults import FaultKind


async def test_who_leaves_before_the_first_attempt_is_left_out_and_the_others_hear(place):
    async with joined(place, residents=5) as line:
        await line.befriend()
        await line.plan()
        _, unfriended, *_, stays = [person.user_id for person in line.simulator.channel.residents]
        await place.execute("delete from resident where id = 1")
        await place.handle(unfollow(unfriended))
        await place.execute("update resident set messages_stopped = true where id = 3")
        await place.execute("insert into resident_opt_out (resident_id, kind) values (4, 'announcement')")
        await line.send_all()
        (request,) = line.multicasts
        assert request.json["to"] == [stays]
        assert (await line.plan()).states == {"sent": 1, "gone": 4}


async def test_when_all_have_left_nothing_is_sent(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        await sqlite_place.execute("delete from resident")
        await line.send_all()
        assert line.multicasts == []
        assert (await line.plan()).states == {"gone": 3}


async def test_who_deletes_their_data_while_an_attempt_is_in_doubt_leaves_the_chunk_unknown(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.DROP, next=1)
        await line.sender.run_batch()
        await sqlite_place.execute("delete from resident where id = 2")
        await line.send_all()
        assert await line.states() == ["unknown"]
        assert line.received == [1, 1, 1]


async def test_who_stops_messages_while_an_attempt_is_in_doubt_does_not_change_its_bytes(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        line.fault(FaultKind.ERROR, next=1)
        await line.sender.run_batch()
        await sqlite_place.execute("update resident set messages_stopped = true where id = 2")
        await line.send_all()
        first, second = line.multicasts
        assert first.body == second.body
        assert line.received == [1, 1, 1]


async def test_a_chunk_that_is_not_what_was_planned_is_refused(sqlite_place):
    async with joined(sqlite_place) as line:
        await line.befriend()
        await line.plan()
        await sqlite_place.execute("update campaign_letter set messages = x'5b5d'")
        await line.send_all()
        assert await line.states() == ["refused"]
        assert line.multicasts == []
