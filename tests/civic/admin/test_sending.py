"""Telling all friends from the staff pages, in the simulated LINE: the cost first, then once and never twice."""

import re
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from pydantic import SecretStr
from support.line import TOKEN
from support.servers import simulated_line
from support.tiny_programme import BALLOT

from civic.audit.queries import latest_entries
from civic.ballots.actions import close_ballot, extend_ballot
from civic.kernel.clock import JST
from civic.residents.actions import choose_language, follow, stop_messages
from webhooks.line.channel import open_senders
from webhooks.line.simulator.state import Friendship

PAGE = f"/admin/ballots/{BALLOT}"
SEND = f"{PAGE}/send/announcement"


@asynccontextmanager
async def connected(site, friends=3, **settings):
    """The site speaking to a simulated LINE in which everybody is a friend."""
    async with simulated_line(residents=friends or 1, **settings) as (simulator, recorder, url):
        token = SecretStr(TOKEN)
        async with site.served_as(line_channel_access_token=token, line_api_url=url) as other:
            async with site.context.database.writing() as session:
                for resident in simulator.channel.residents[:friends]:
                    resident.friendship = Friendship.FRIEND
                    await follow(session, site.context.vault, resident.user_id, 1)
            yield other, simulator, recorder


async def deliver(site):
    """What the worker does."""
    senders = open_senders(site.context)
    while await senders.campaigns.run_batch():
        pass
    await senders.client.close()


def buttons(page: str) -> list[str]:
    """The submit buttons that send."""
    return re.findall(r'<button class="button-large" type="submit">([^<]*)</button>', page)


def until(now, hour):
    """How long it is until an hour in Japan."""
    local = now.astimezone(JST)
    there = local.replace(hour=hour, minute=0, second=0)
    return (there if there > local else there + timedelta(days=1)) - local


async def test_what_it_costs_stands_there_before_anything_is_sent(open_site):
    async with connected(open_site, friends=412, quota=5_000) as (site, simulator, recorder):
        simulator.channel.used_quota = 400
        page = (await site.get(SEND)).text
        assert "412人 × 1通 = 412通" in page
        assert "今月の残り 4,600通（上限 5,000通）" in page
        assert buttons(page) == ["友だち全員に送る"]
        assert recorder.to("/message/multicast") == []
        assert "まだ送っていません" in (await site.get(PAGE)).text


async def test_sent_once_and_a_second_press_sends_nothing_new(open_site):
    async with connected(open_site) as (site, _, recorder):
        answer = await site.post(f"{SEND}?lang=en")
        assert (answer.status, answer.headers["location"]) == (303, f"{SEND}?lang=en")
        page = (await site.get(SEND, "en")).text
        assert "Waiting to be sent: 3" in page
        assert buttons(page) == []
        await deliver(site)
        assert "Sent: 3" in (await site.get(SEND, "en")).text
        assert "Sent: 3" in (await site.get(PAGE, "en")).text
        assert (await site.post(SEND)).status == 303
        await deliver(site)
        assert len(recorder.to("/message/multicast")) == 1
        async with site.context.database.reading() as session:
            [entry, *_] = await latest_entries(session, 1)
    assert (entry.verb, entry.actor, entry.data) == ("ballot.announced", "demo:staff", {"recipients": 3})


async def test_with_no_friends_there_is_no_button(open_site):
    async with connected(open_site, friends=0) as (site, *_):
        page = (await site.get(SEND, "en")).text
    assert "there is nobody to send to" in page
    assert buttons(page) == []


async def test_too_small_a_month_is_said_and_only_goes_when_the_planner_says_so(open_site):
    async with connected(open_site, quota=2) as (site, _, recorder):
        page = (await site.get(SEND)).text
        assert "今月の上限 2 通を超えます" in page
        assert re.search(r'name="anyway"[^>]*required', page)
        refused = await site.post(SEND)
        assert refused.status == 409
        assert "今月の上限 2 通を超えます" in refused.text
        assert recorder.to("/message/multicast") == []
        assert (await site.post(SEND, {"anyway": "yes"})).status == 303
        assert "送信を待っています：3人" in (await site.get(SEND)).text


async def test_a_month_that_ran_out_on_the_way_lets_the_rest_go_on(open_site):
    async with connected(open_site, quota=5) as (site, simulator, _):
        assert (await site.post(SEND)).status == 303
        simulator.channel.quota = 2
        await deliver(site)
        page = (await site.get(SEND)).text
        assert "今月の上限に達したので止まっています：3人" in page
        assert buttons(page) == ["のこりを送る"]
        simulator.channel.quota = 10
        assert (await site.post(SEND)).status == 303
        await deliver(site)
        assert "送りました：3人" in (await site.get(SEND)).text
        assert buttons((await site.get(SEND)).text) == []


async def test_the_rest_of_a_month_that_ran_out_can_be_given_up_by_who_is_sure(open_site):
    async with connected(open_site, quota=5) as (site, simulator, _):
        assert "give_up" not in (await site.get(SEND)).text
        assert (await site.post(SEND)).status == 303
        assert (await site.post(SEND, {"deed": "give_up", "sure": "yes"})).status == 409  # nothing is stopped
        simulator.channel.quota = 2
        await deliver(site)
        assert (await site.post(SEND, {"deed": "give_up"})).status == 422
        assert (await site.post(SEND, {"deed": "give_up", "sure": "yes"})).status == 303
        page = (await site.get(SEND)).text
        assert "送らずに終えました：3人" in page
        assert (buttons(page), "give_up" in page) == ([], False)


async def test_a_message_whose_ballot_is_over_tells_how_many_did_not_hear(open_site):
    async with connected(open_site) as (site, *_):
        assert (await site.post(SEND)).status == 303
        async with site.context.database.writing() as session:
            await close_ballot(session, "staff:1", BALLOT, site.clock(), at_once=True)
        await deliver(site)
        assert "投票が終わったので送りませんでした：3人" in (await site.get(SEND)).text


async def test_without_line_it_says_so_and_sends_nothing(open_site):
    page = await open_site.get(SEND, "en")
    assert page.status == 200
    assert "CIVIC_LINE_CHANNEL_ACCESS_TOKEN" in page.text
    assert buttons(page.text) == []
    assert (await open_site.post(SEND)).status == 503


async def test_a_line_that_does_not_answer_does_not_keep_anybody_from_knowing(open_site):
    token, nowhere = SecretStr("x"), "http://127.0.0.1:9"
    async with open_site.served_as(line_channel_access_token=token, line_api_url=nowhere) as site:
        async with site.context.database.writing() as session:
            await follow(session, site.context.vault, "U" + "0" * 32, 1)
        page = (await site.get(SEND, "en")).text
    assert "1 people × 1 message" in page
    assert "LINE did not say how many messages are left" in page


async def test_result_and_installation_are_told_from_the_page_of_the_ballot(voted_site):
    async with connected(voted_site) as (site, simulator, recorder):
        await site.vote(simulator.channel.residents[0].user_id, "tree")
        result, step = f"{PAGE}/send/result", f"{PAGE}/send/installation-1"
        assert "No decision has been recorded" in (await site.get(result, "en")).text
        assert (await site.get(step)).status == 404
        await site.seal()
        await site.post(f"{PAGE}/decision", {"proposals": "tree", "reason": "木かげがほしい"})
        page = (await site.get(PAGE)).text
        assert f'href="{result}"' in page
        assert f'href="{step}"' in page
        assert buttons((await site.get(result)).text) == ["投票した人に送る"]
        assert (await site.post(result)).status == 303
        await site.post(f"{PAGE}/install", {"installation": "1", "status": "installed", "note": "できました"})
        assert "「設置しました」" in (await site.get(step)).text
        assert (await site.post(step)).status == 303
        await deliver(site)
        said = [str(request.json["messages"]) for request in recorder.to("/message/multicast")]
    assert len(said) == 2
    assert "木かげがほしい" in said[0]
    assert "できました" in said[1]


@pytest.mark.parametrize(
    "what",
    ["nothing", "installation", "installation-x", "result-1", "announcement-", "installation-" + "9" * 5_000],
)
async def test_any_other_message_is_404(open_site, what):
    for answer in (await open_site.get(f"{PAGE}/send/{what}"), await open_site.post(f"{PAGE}/send/{what}")):
        assert answer.status == 404
    assert (await open_site.get("/admin/ballots/none/send/result")).status == 404


async def test_who_hears_is_counted_by_language_and_who_does_not_by_reason(open_site):
    async with connected(open_site, friends=5) as (site, simulator, _):
        _, two, three, *_ = (resident.user_id for resident in simulator.channel.residents)
        async with site.context.database.writing() as session:
            await choose_language(session, site.context.vault, two, "en", 2)
            await stop_messages(session, site.context.vault, three, 2)
        page, last_chance = (await site.get(SEND)).text, (await site.get(f"{PAGE}/send/last_chance")).text
    languages = ("日本語：3人", "English：1人")
    for sentence in (*languages, "お知らせをすべて止めた人：1人", "4人 × 1通 = 4通"):
        assert sentence in page, sentence
    assert buttons(last_chance) == ["投票していない人に送る"]
    assert "4人 × 1通 = 4通" in last_chance
    assert not any(language in last_chance for language in languages), "one English voter would be told apart"


async def test_at_night_it_warns_and_goes_all_the_same(open_site):
    async with connected(open_site) as (site, *_):
        site.clock.pass_by(until(site.clock(), hour=22))
        assert "いまは夜です" in (await site.get(SEND)).text
        assert (await site.post(SEND)).status == 303
        site.clock.pass_by(until(site.clock(), hour=9))
        assert "いまは夜です" not in (await site.get(f"{PAGE}/send/last_chance")).text


async def test_the_part_that_lives_tells_how_far_it_is_and_what_line_calls_the_requests(open_site):
    async with connected(open_site) as (site, *_):
        await site.post(SEND)
        asked = (await site.get(f"{SEND}/live")).text
        assert 'data-live="yes"' in asked
        assert "送信を待っています：3人" in asked
        await deliver(site)
        told = (await site.get(f"{SEND}/live")).text
        assert 'data-live="no"' in told
        assert "送りました：3人" in told
        assert re.search(r"<code>[0-9a-f-]{36}</code>", told)


async def test_a_time_can_be_set_and_taken_back(open_site):
    async with connected(open_site) as (site, *_):
        tomorrow = (site.clock() + timedelta(days=1)).astimezone(JST).replace(hour=10, minute=0)
        typed = tomorrow.strftime("%Y-%m-%dT%H:%M")
        async with site.context.database.writing() as session:
            now = site.clock().replace(microsecond=0)
            await extend_ballot(session, "staff:1", BALLOT, now, now + timedelta(days=3), "雨の日が続いたため")
        assert (await site.post(SEND, {"deed": "schedule", "at": typed})).status == 303
        assert "に、ひとりでに送ります" in (await site.get(SEND)).text
        assert (await site.post(SEND, {"deed": "unschedule"})).status == 303
        assert "に、ひとりでに送ります" not in (await site.get(SEND)).text
        async with site.context.database.reading() as session:
            verbs = [entry.verb for entry in await latest_entries(session, 2)]
    assert verbs == ["message.unscheduled", "message.scheduled"]


@pytest.mark.parametrize("typed", ["", "soon", "2020-01-01T10:00"])
async def test_a_time_that_is_none_or_over_is_refused_beside_its_form(open_site, typed):
    async with connected(open_site) as (site, *_):
        answer = await site.post(SEND, {"deed": "schedule", "at": typed})
    assert answer.status == 422
    assert 'role="alert"' in answer.text


async def test_a_form_that_asks_for_nothing_of_ours_sends_nothing(open_site):
    async with connected(open_site) as (site, _, recorder):
        assert (await site.post(SEND, {"deed": "sned"})).status == 404
        await deliver(site)
        assert recorder.to("/message/multicast") == []


@pytest.mark.parametrize("what", ["last_chance", "announcement"])
async def test_what_asks_to_vote_is_refused_for_a_time_after_the_close(open_site, what):
    async with connected(open_site) as (site, *_):
        late = (site.clock() + timedelta(days=400)).astimezone(JST).strftime("%Y-%m-%dT%H:%M")
        answer = await site.post(f"{PAGE}/send/{what}", {"deed": "schedule", "at": late})
    assert answer.status == 409
    assert "投票が終わっています" in answer.text
