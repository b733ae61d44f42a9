"""A rush of votes at a fixed rate, twice, late and among odd ones: all are counted, and answered in time."""

import asyncio
from statistics import quantiles

from proof.sizes import both_databases_when_full
from proof.stand import judge, standing
from support.rush import ListeningLine, Rush
from support.serving import serving

ACK_P99_S = 0.5
REPLY_P99_S = 2.0
ROOM_SMALL = 4.0
"""At small size: it runs on machines that do other things meanwhile."""
ALL_ANSWERED_S = 30.0


def p99(seconds):
    return quantiles(seconds, n=100)[98]


async def every_vote_is_answered(rush, line):
    async with asyncio.timeout(ALL_ANSWERED_S):
        while len(line.at_s) < len(rush.began_s):  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(0.05)


@both_databases_when_full
async def test_a_rush_of_votes_is_counted_and_answered_in_time(database_url, tmp_path, sized, found):
    rush, line = Rush(votes=sized(1_000, 15_000)), ListeningLine()
    async with serving(line) as line_url, standing(database_url, tmp_path, CIVIC_LINE_API_URL=line_url) as stand:
        await stand.at_rest()
        await rush.run(stand.server.url)
        await every_vote_is_answered(rush, line)
        judgement = await judge(stand, rush)
    ack_s = p99(rush.waits_s)
    reply_s = p99([used[0] - rush.began_s[token] for token, used in line.at_s.items()])
    found(
        f"Rush of {rush.people} people on {'SQLite' if stand.is_sqlite else 'PostgreSQL'}, "
        f"{rush.per_s:.0f} votes/s (sent {rush.behind_s * 1000:.0f} ms late at worst): {judgement}; "
        f"{len(rush.forged)} forged, {rush.put_aside} malformed; "
        f"ack p99 {ack_s * 1000:.0f} ms, reply p99 {reply_s:.2f} s"
    )
    assert set(rush.statuses) == {"200", "401"}
    judgement.require_lawful()
    assert line.at_s.keys() == rush.began_s.keys()
    assert all(len(used) == 1 for used in line.at_s.values())
    assert line.elsewhere == []
    assert ack_s <= ACK_P99_S * sized(ROOM_SMALL, 1)
    assert reply_s <= REPLY_P99_S * sized(ROOM_SMALL, 1)
