"""Who of the friends is meant: everybody, those who voted, or those who did not."""

import pytest
from support.line import BALLOT, tap

from tests.webhooks.line.sending import joined
from webhooks.line.audiences import Voters
from webhooks.line.freezing import count_meant, freeze


@pytest.mark.parametrize(("voted", "meant"), [(True, [0, 1]), (False, [2, 3, 4])])
async def test_voters_and_the_others_are_told_apart(place, voted, meant):
    async with joined(place, residents=5) as line:
        await line.befriend()
        users = [resident.user_id for resident in line.simulator.channel.residents]
        await place.handle(tap(users[0], "idea-01"), tap(users[1], "idea-02"), tap(users[2], "idea-01"))
        await place.handle(tap(users[2], "", op="withdraw"))
        (ballot,) = await place.rows("select id from ballot where slug = :slug", slug=BALLOT)
        audience = Voters(ballot["id"], place.context.keys.get(BALLOT), voted)
        async with place.context.database.reading() as session:
            assert list(await audience(session, users)) == [number in meant for number in range(5)]
            count = await count_meant(session, place.context.vault, "last_chance", audience)
            frozen = await freeze(session, place.context.vault, "last_chance", audience, lambda lang: b"[]")
    assert count == frozen.by_language == {"ja": len(meant)}
    assert frozen.people == len(meant)


async def test_nothing_but_a_planned_campaign_is_ever_billed(sqlite_place):
    async with joined(sqlite_place, quota=0) as line:
        await line.befriend()
        users = [resident.user_id for resident in line.simulator.channel.residents]
        await sqlite_place.handle(*(tap(user, "idea-01") for user in users))
        assert await line.sender.run_batch() is False
        assert {request.path for request in line.recorder.sent} <= {"/v2/bot/message/reply"}
        assert line.simulator.channel.used_quota == 0
