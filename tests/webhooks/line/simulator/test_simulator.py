"""Residents: who may write, what a tap does, which button is meant."""

import pytest

from webhooks.line.simulator.errors import Refused


def card(title, *labels):
    buttons = [
        {"type": "button", "action": {"type": "postback", "label": label, "data": f"{title}/{label}"}}
        for label in labels
    ]
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": title}]}
    # The footer stands first in the JSON on purpose: reading order is the screen's.
    return {
        "type": "bubble",
        "footer": {"type": "box", "layout": "vertical", "contents": buttons},
        "body": body,
    }


def carousel(*bubbles):
    return {
        "type": "flex",
        "altText": "投票",
        "contents": {"type": "carousel", "contents": list(bubbles)},
        "quickReply": {
            "items": [
                {"type": "action", "action": {"type": "postback", "label": "どれも選ばない", "data": "none"}}
            ]
        },
    }


LABEL = "あったらいいな"


@pytest.fixture
def chatting(simulator):
    resident = simulator.channel.resident(0)
    first = [carousel(card("木かげ", LABEL), card("雨宿り", LABEL)), carousel(card("菜園", LABEL))]
    simulator.channel.deliver(resident, first, "call-1")
    receipt = {"type": "flex", "altText": "受付", "contents": card("受付番号", "取り消す", "もっと見る")}
    simulator.channel.deliver(resident, [receipt], "call-2")
    return simulator


async def tapped(simulator, bot, label, **wish):
    await simulator.tap_label(0, label, **wish)
    return bot.events[-1]["postback"]["data"]


@pytest.mark.parametrize(("nth", "data"), [(0, "木かげ"), (1, "雨宿り"), (2, "菜園")])
async def test_nth_counts_through_all_messages_of_one_answer(chatting, bot, nth, data):
    assert await tapped(chatting, bot, LABEL, nth=nth) == f"{data}/{LABEL}"


async def test_a_card_is_chosen_by_its_text(chatting, bot):
    assert await tapped(chatting, bot, LABEL, bubble_contains="菜園") == f"菜園/{LABEL}"


async def test_part_of_a_label_and_quick_replies_are_found(chatting, bot):
    assert await tapped(chatting, bot, "取り消") == "受付番号/取り消す"
    assert await tapped(chatting, bot, "どれも選ばない") == "none"


async def test_the_newest_answer_with_such_a_button_is_meant(chatting, bot):
    resident = chatting.channel.resident(0)
    chatting.channel.deliver(resident, [carousel(card("新しい", LABEL))], "call-3")
    assert await tapped(chatting, bot, LABEL) == f"新しい/{LABEL}"
    assert await tapped(chatting, bot, LABEL, nth=1) == f"雨宿り/{LABEL}"


@pytest.mark.parametrize("wish", [{"nth": 3}, {"bubble_contains": "ブランコ"}])
async def test_no_such_button_is_refused(chatting, bot, wish):
    with pytest.raises(Refused) as refusal:
        await chatting.tap_label(0, LABEL, **wish)
    assert refusal.value.status == 404
    assert bot.events == []


async def test_display_text_becomes_the_residents_bubble(chatting):
    action = {"type": "postback", "label": LABEL, "data": "x", "displayText": "木かげに あったらいいな"}
    chatting.channel.deliver(
        chatting.channel.resident(0),
        [{"type": "text", "text": "?", "quickReply": {"items": [{"type": "action", "action": action}]}}],
        "call-4",
    )
    await chatting.tap_data(0, "x")
    last = chatting.channel.resident(0).chat[-1]
    assert (last.side, last.message) == ("resident", {"type": "text", "text": "木かげに あったらいいな"})


async def test_data_of_an_old_card_can_still_be_tapped(simulator, bot):
    await simulator.tap_data(0, "b=old&o=3")
    assert bot.events[-1]["postback"] == {"data": "b=old&o=3"}
    assert list(simulator.channel.resident(0).chat) == []


async def test_message_action_says_and_link_action_only_opens(simulator, bot):
    await simulator.tap(0, {"type": "message", "label": "はい", "text": "参加する"})
    assert bot.events[-1]["message"]["text"] == "参加する"
    done = await simulator.tap(0, {"type": "uri", "label": "3Dで見る", "uri": "https://example.com/"})
    assert done.uri == "https://example.com/"
    assert len(bot.events) == 1


async def test_a_stranger_may_write_and_tap(simulator, bot):
    await simulator.say(2, "投票")
    await simulator.tap_data(2, "x")
    assert [event["type"] for event in bot.events] == ["message", "postback"]


async def test_one_who_blocks_can_do_nothing_but_follow(simulator, bot):
    await simulator.follow(0)
    await simulator.unfollow(0)
    for act in (simulator.say(0, "投票"), simulator.tap_data(0, "x"), simulator.unfollow(0)):
        with pytest.raises(Refused) as refusal:
            await act
        assert refusal.value.status == 409
    await simulator.follow(0)
    with pytest.raises(Refused):
        await simulator.follow(0)
    assert [event["type"] for event in bot.events] == ["follow", "unfollow", "follow"]


@pytest.mark.parametrize("text", ["", "字" * 5001, "\ud800"])
async def test_what_no_phone_can_send_is_refused(simulator, bot, text):
    with pytest.raises(Refused) as refusal:
        await simulator.say(0, text)
    assert refusal.value.status == 400
    assert bot.events == []


@pytest.mark.parametrize("index", [-1, 3, 10**9])
async def test_nobody_has_this_number(simulator, index):
    with pytest.raises(Refused) as refusal:
        await simulator.say(index, "投票")
    assert refusal.value.status == 404


def test_residents_are_bounded_and_labelled_as_examples(simulator):
    assert [resident.display_name for resident in simulator.add_residents(2)] == [
        "参加者4（例）",
        "参加者5（例）",
    ]
    with pytest.raises(Refused):
        simulator.add_residents(9_996)
    assert len(simulator.add_residents(9_995)) == 9_995


async def test_waiting_ends_with_a_message_or_with_the_time(simulator):
    resident = simulator.channel.resident(0)
    assert not await simulator.wait_for_messages(0, beyond=0, timeout_s=0.01)
    simulator.channel.deliver(resident, [{"type": "text", "text": "a"}], "call")
    assert await simulator.wait_for_messages(0, beyond=0, timeout_s=0.01)
