"""ブラウザで投票: the button in the chat, the personal link it is answered with, and that both are one vote."""

import re
from datetime import timedelta

import pytest
from support.line import (
    BALLOT,
    Place,
    buttons,
    command,
    offered,
    person,
    postback,
    prepared,
    programme,
    settings_for,
    standing,
    tap,
    text,
    words,
)

from civic.ballots.actions import close_ballot
from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import share_appends
from civic.kernel.ids import new_ulid
from civic.kernel.security import pseudonym
from civic.votes.actions import record_form
from civic.votes.forms import VoteForm
from civic.votes.links import VALID_FOR, read_link
from civic.votes.rules import Folded
from tests.webhooks.line.openapi import validator
from webhooks.line.messages import check_messages

ADDRESS = re.compile(rf"https://vote\.example\.jp/b/{BALLOT}/vote/([\w-]+)\?lang=(ja|en)")


async def link_for(place: Place, user: str, lang: str = "ja") -> tuple[str, list]:
    """The address of the one link in the answer to the button."""
    (reply,) = await place.handle(command(user, "browser", ballot=BALLOT, lang=lang))
    check_messages(reply)
    assert validator("ReplyMessageRequest").is_valid({"replyToken": "t", "messages": reply})
    (address,) = [button["uri"] for button in buttons(reply) if button["type"] == "uri"]
    return address, reply


async def send_form(place: Place, token: str, *ticked: str, shown: tuple[str, ...] = ()) -> Folded | None:
    """What the page does with a form that was sent to a link."""
    context = place.context
    link = read_link(context.vault, BALLOT, token, place.clock())
    async with context.database.writing() as session:
        await share_appends(session)
        sent = VoteForm(new_ulid(), "choose", shown, ticked)
        return (await record_form(session, BALLOT, link.voter, sent, place.clock())).vote


@pytest.mark.parametrize(("lang", "label"), [("ja", "ブラウザで投票"), ("en", "Vote in a browser")])
async def test_the_ballot_and_the_own_vote_offer_the_browser(place, lang, label):
    for asked in (postback(person(1), f"c=ballot&b={BALLOT}&l={lang}"), command(person(1), "my_votes", lang=lang)):
        (reply,) = await place.handle(asked)
        assert f"c=browser&b={BALLOT}&l={lang}" in offered(reply)
        assert label in [button["label"] for button in buttons(reply)]


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_the_link_is_personal_and_says_until_when_it_works(place, lang):
    address, reply = await link_for(place, person(1), lang)
    token, asked_in = ADDRESS.fullmatch(address).groups()
    assert asked_in == lang
    link = read_link(place.context.vault, BALLOT, token, place.clock())
    assert link.voter == pseudonym(place.context.keys.get(BALLOT), "line", person(1))
    assert timedelta(0) < link.until - place.clock() <= VALID_FOR
    assert {"ja": "ほかの人に送らないでください", "en": "Do not send it to anybody"}[lang] in words(reply)
    assert person(1) not in words(reply)
    assert (await link_for(place, person(2), lang))[0] != address


@pytest.mark.parametrize("lang", ["ja", "ja@easy", "en"])
async def test_with_liff_the_form_opens_inside_line_and_the_link_is_nobodys_own(tmp_path, lang):
    settings = settings_for(
        tmp_path / "data",
        f"sqlite+aiosqlite:///{tmp_path / 'data' / 'civic.sqlite3'}",
        liff_id="1234567890-AbCdEfGh",
        line_login_channel_id="1234567890",
    )
    async with prepared(settings, programme()) as (context, clock), standing(context, clock) as place:
        addresses = [(await link_for(place, person(number), lang))[0] for number in (1, 2)]
    assert set(addresses) == {f"https://liff.line.me/1234567890-AbCdEfGh/{BALLOT}/liff?lang={lang}"}


async def test_a_form_and_the_chat_are_one_vote(place):
    await place.handle(tap(person(1), "idea-01"))
    token = ADDRESS.fullmatch((await link_for(place, person(1)))[0])[1]
    place.clock.advance(seconds=1)
    assert await send_form(place, token, "idea-02", "idea-03", shown=("idea-01",)) == Folded(
        ("idea-02", "idea-03"), blank=False
    )
    (mine,) = await place.handle(text(person(1), "わたしの票"))
    removals = [data for data in offered(mine) if data.startswith("v=remove")]
    assert removals == [f"v=remove&b={BALLOT}&p=idea-0{number}&l=ja" for number in (2, 3)]
    place.clock.advance(seconds=1)
    (receipt,) = await place.handle(tap(person(1), "idea-04", at_ms=to_ms(place.clock())))
    assert "先に選んだ案が外れました" in words(receipt)
    cached = await place.rows("select choices from vote")
    assert cached == [{"choices": "2 3"}]  # the third and the fourth option


async def test_the_button_of_a_closed_ballot_leads_to_what_is_open(tmp_path):
    folder = tmp_path / "data"
    settings = settings_for(folder, f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}")
    async with (
        prepared(settings, programme(ballots=["one", "two"]), opened=["two"]) as (context, clock),
        standing(context, clock) as place,
    ):
        (reply,) = await place.handle(command(person(1), "browser", ballot="one"))
        assert "v=add&b=two&p=idea-01&l=ja" in offered(reply)
        (reply,) = await place.handle(command(person(1), "browser", ballot="two"))
        assert "/b/two/vote/" in words(reply)


async def test_without_an_open_ballot_the_button_says_so(sqlite_place):
    context = sqlite_place.context
    async with context.database.writing() as session:
        await close_ballot(session, "test", BALLOT, sqlite_place.clock(), at_once=True)
    (reply,) = await sqlite_place.handle(command(person(1), "browser", ballot=BALLOT))
    assert "いま受け付けている投票はありません" in words(reply)
