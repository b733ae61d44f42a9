"""Receipts: after each tap a voter is told the code, the vote as it now stands, and what can be done next."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from support.line import (
    BALLOT,
    command,
    follow,
    offered,
    person,
    prepared,
    programme,
    settings_for,
    standing,
    tap,
    words,
)

from civic.ballots.actions import close_ballot, extend_ballot, withdraw_option
from civic.kernel.clock import now, to_ms
from tests.webhooks.line.openapi import validator
from webhooks.line.messages import check_messages
from webhooks.line.messages.wording import deadline

PURPOSE = "LINE のアカウント1つにつき1票です"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://www.crockford.com/base32.html


def holding(reply):
    """The proposals that the receipt offers to take back: the vote as it stands, oldest first."""
    taps = [parse_qs(data) for data in offered(reply) if data.startswith("v=remove")]
    return [tap["p"][0] for tap in taps]


def put_back(reply):
    taps = [parse_qs(data) for data in offered(reply) if data.startswith("v=add")]
    return [tap["p"][0] for tap in taps]


async def receipt_of(place, event):
    """The one receipt that an event gets; it is also what LINE would take."""
    (reply,) = await place.handle(event)
    check_messages(reply)
    assert validator("ReplyMessageRequest").is_valid({"replyToken": "t", "messages": reply})
    return reply


async def test_the_code_is_that_of_the_record_in_the_log(place):
    reply = await receipt_of(place, tap(person(1), "idea-01"))
    (row,) = await place.rows("select salt, record, receipt from vote_log")
    number = int.from_bytes(hashlib.sha256(row["salt"] + row["record"]).digest()[:10], "big")
    code = "".join(CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5))
    assert row["receipt"] == "-".join(code[i : i + 4] for i in (0, 4, 8, 12))
    assert f"受付番号 {row['receipt']}" in words(reply)


async def test_choices_come_change_and_go(place):
    me = person(1)
    assert holding(await receipt_of(place, tap(me, "idea-01"))) == ["idea-01"]
    assert holding(await receipt_of(place, tap(me, "idea-02"))) == ["idea-01", "idea-02"]
    third = await receipt_of(place, tap(me, "idea-03"))
    assert holding(third) == ["idea-02", "idea-03"]
    assert put_back(third) == ["idea-01"]
    again = await receipt_of(place, tap(me, "idea-02"))
    assert (holding(again), put_back(again)) == (["idea-03", "idea-02"], [])
    assert holding(await receipt_of(place, tap(me, "idea-03", op="remove"))) == ["idea-02"]
    none = await receipt_of(place, tap(me, "", op="none"))
    assert holding(none) == []
    assert "どれも選ばない" in words(none)
    back = await receipt_of(place, tap(me, "idea-04"))
    assert holding(back) == ["idea-04"]
    gone = await receipt_of(place, tap(me, "", op="withdraw"))
    assert holding(gone) == []
    assert "票は入っていません" in words(gone)
    cached = await place.rows("select count(*) as n from vote")
    assert cached[0]["n"] == 0


async def test_taking_back_the_last_choice_leaves_no_vote(place):
    await place.handle(tap(person(1), "idea-01"))
    reply = await receipt_of(place, tap(person(1), "idea-01", op="remove"))
    assert "票は入っていません" in words(reply)
    assert "どれも選ばない" not in words(reply)


async def test_taps_of_many_in_one_call_get_each_their_own(place):
    events = [tap(person(number % 3), f"idea-0{number % 4 + 1}") for number in range(12)]
    replies = await place.handle(*events)
    codes = {row["receipt"] for row in await place.rows("select receipt from vote_log")}
    assert len(replies) == len(codes) == 12
    for code in codes:
        assert sum(code in words(reply) for reply in replies) == 1
    held = {json.dumps(row["choices"]) for row in await place.rows("select choices from vote")}
    assert len(held) <= 3


async def test_who_did_the_same_reads_the_same_but_for_the_code(place):
    mine, yours = await place.handle(tap(person(1), "idea-01"), tap(person(2), "idea-01"))
    codes = {row["event_id"]: row["receipt"] for row in await place.rows("select event_id, receipt from vote_log")}
    first, second = (codes[event_id] for event_id in sorted(codes))
    assert first in words(mine)
    assert second not in words(mine)
    assert words(mine).replace(first, second) == words(yours)


async def test_a_later_close_shows_at_once(place):
    await place.handle(tap(person(1), "idea-01"))
    closes_at = place.clock().replace(microsecond=0) + timedelta(days=9)
    async with place.context.database.writing() as session:
        await extend_ballot(session, "test", BALLOT, place.clock(), closes_at, "試験のため")
    reply = await receipt_of(place, tap(person(2), "idea-01"))
    assert deadline(closes_at, "ja") in words(reply)


async def test_an_older_tap_that_comes_late_shows_the_vote_as_it_stands(place):
    moment = to_ms(now())
    await place.handle(tap(person(1), "idea-02", at_ms=moment - 1_000), tap(person(1), "idea-03", at_ms=moment))
    reply = await receipt_of(place, tap(person(1), "idea-01", at_ms=moment - 60_000))
    assert holding(reply) == ["idea-02", "idea-03"]
    assert "受け付けました。このあとにほかの操作があるので" in words(reply)


async def test_a_tap_before_any_follow_counts_and_hears_what_for(place):
    reply = await receipt_of(place, tap(person(1), "idea-01"))
    assert PURPOSE in words(reply)
    assert "c=consent&l=ja" in offered(reply)
    assert len(await place.log()) == 1
    assert await place.rows("select id from resident") == []


async def test_who_has_agreed_hears_it_no_more(place):
    await place.handle(follow(person(1)))
    assert PURPOSE in words(await receipt_of(place, tap(person(1), "idea-01")))
    await place.handle(command(person(1), "consent"))
    reply = await receipt_of(place, tap(person(1), "idea-02"))
    assert PURPOSE not in words(reply)
    assert "c=consent&l=ja" not in offered(reply)
    assert PURPOSE in words(await receipt_of(place, tap(person(2), "idea-02")))


async def test_the_card_s_language_is_the_receipt_s(place):
    reply = await receipt_of(place, tap(person(1), "idea-01", lang="en"))
    assert "Your vote for “Plaza no. 1” is in." in words(reply)
    assert all(data.endswith("l=en") for data in offered(reply))
    unknown = await receipt_of(place, tap(person(1), "idea-02", lang="zzz"))
    assert "受付番号" in words(unknown)
    assert len(await place.log()) == 2


@pytest.mark.parametrize(
    ("lang", "sentence"), [("ja", "のあとに届いたので、この操作は数えません。"), ("en", "so it does not count")]
)
async def test_a_tap_after_the_close_is_told_so(place, lang, sentence):
    await place.handle(tap(person(1), "idea-01"))
    async with place.context.database.writing() as session:
        await close_ballot(session, "test", BALLOT, place.clock(), at_once=True)
    place.clock.advance(seconds=2)
    late = tap(person(1), "idea-02", lang=lang, at_ms=to_ms(place.clock()))
    reply = await receipt_of(place, late)
    assert sentence in words(reply)
    assert holding(reply) == []  # nothing can be changed any more
    assert ("案1の広場" if lang == "ja" else "Plaza no. 1") in words(reply)
    assert len(await place.log()) == 2


async def test_a_tap_from_before_the_close_that_arrives_within_the_grace_counts(place):
    vote = tap(person(1), "idea-01", at_ms=to_ms(place.clock()))
    place.clock.advance(seconds=5)
    async with place.context.database.writing() as session:
        await close_ballot(session, "test", BALLOT, place.clock(), at_once=True)
    place.clock.advance(seconds=30)
    assert "「案1の広場」に「あったらいいな」を入れました。" in words(await receipt_of(place, vote))


async def test_a_tap_before_the_opening_is_told_so(tmp_path, database_url):
    settings = settings_for(tmp_path / "data", database_url)
    opening = programme(opens_in=timedelta(minutes=-1))
    async with prepared(settings, opening) as (context, clock), standing(context, clock) as place:
        early = to_ms(clock() - timedelta(minutes=5))
        reply = await receipt_of(place, tap(person(1), "idea-01", at_ms=early))
        assert "まだ始まっていない" in words(reply)
        assert holding(reply) == []


@pytest.mark.parametrize("op", ["add", "remove"])
async def test_a_tap_on_what_is_not_on_the_ballot_changes_nothing(place, op):
    await place.handle(tap(person(1), "idea-01"))
    reply = await receipt_of(place, tap(person(1), "idea-99", op=op))
    assert "票は変わっていません" in words(reply)
    assert holding(reply) == ["idea-01"]
    assert len(await place.log()) == 2


async def test_a_withdrawn_option_leaves_the_vote_and_its_button_says_so(place):
    await place.handle(tap(person(1), "idea-01"), tap(person(1), "idea-02"))
    place.clock.advance(seconds=1)
    async with place.context.database.writing() as session:
        await withdraw_option(session, "test", BALLOT, place.clock(), "idea-01", "試験のため")
    place.clock.advance(seconds=1)
    reply = await receipt_of(place, tap(person(1), "idea-01", at_ms=to_ms(place.clock())))
    assert "票は変わっていません" in words(reply)
    assert "idea-01" not in words(reply), "it is named by its title"
    assert holding(reply) == ["idea-02"]
