"""The rewritten specification refuses what a plain validator lets through."""

import copy

import pytest

from tests.webhooks.line.openapi import validator

GOOD = {
    "replyToken": "t",
    "messages": [
        {
            "type": "flex",
            "altText": "a",
            "contents": {
                "type": "bubble",
                "body": {
                    "type": "box",
                    "layout": "vertical",
                    "contents": [
                        {"type": "button", "action": {"type": "postback", "label": "a", "data": "x" * 300}}
                    ],
                },
            },
        }
    ],
}


def broken(change):
    request = copy.deepcopy(GOOD)
    change(request["messages"][0])
    return request


def box(message):
    return message["contents"]["body"]


def test_a_good_request_is_valid():
    assert validator("ReplyMessageRequest").is_valid(GOOD)


@pytest.mark.parametrize(
    "change",
    [
        lambda message: message.update(type="smell"),
        lambda message: message.pop("type"),
        lambda message: message.pop("altText"),
        lambda message: message["contents"].update(type="bauble"),
        lambda message: box(message).update(layout="diagonal"),
        lambda message: box(message)["contents"][0].pop("action"),
        lambda message: box(message)["contents"][0]["action"].update(data="x" * 301),
    ],
    ids=["type", "no-type", "alt-text", "container", "layout", "action", "data"],
)
def test_a_fault_deep_inside_is_found(change):
    assert not validator("ReplyMessageRequest").is_valid(broken(change))


def test_the_number_of_messages_is_limited():
    request = {**GOOD, "messages": GOOD["messages"] * 6}
    assert not validator("ReplyMessageRequest").is_valid(request)
