"""Faults of the API side, as a client meets them."""

from uuid import uuid4

import aiohttp
import pytest
from linebot.v3.messaging import ApiException, BroadcastRequest, PushMessageRequest, TextMessage

from webhooks.line.simulator.faults import Fault, FaultKind

HELLO = TextMessage(text="こんにちは")


@pytest.fixture
async def push(simulator, line):
    await simulator.follow(0)

    async def push(key=None, **options):
        request = PushMessageRequest(to=simulator.channel.resident(0).user_id, messages=[HELLO])
        return await line.push_message(request, x_line_retry_key=key, **options)

    return push


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [(FaultKind.ERROR, 500, "Internal server error"), (FaultKind.RATE_LIMIT, 429, "rate limit")],
)
async def test_refused_calls_do_nothing_and_the_same_key_may_come_again(simulator, push, kind, status, message):
    simulator.channel.faults.set(Fault(kind, next=2))
    key = str(uuid4())
    for _ in range(2):
        with pytest.raises(ApiException, match=message) as error:
            await push(key)
        assert error.value.status == status
    await push(key)
    assert simulator.channel.resident(0).received == 1


async def test_a_dropped_answer_was_accepted(simulator, push):
    simulator.channel.faults.set(Fault(FaultKind.DROP, next=1))
    key = str(uuid4())
    with pytest.raises(aiohttp.ClientConnectionError):
        await push(key)
    assert simulator.channel.resident(0).received == 1
    with pytest.raises(ApiException) as error:
        await push(key)
    assert error.value.status == 409
    assert simulator.channel.resident(0).received == 1


async def test_a_slow_answer_was_accepted_although_the_client_gave_up(simulator, push):
    simulator.channel.faults.set(Fault(FaultKind.SLOW, next=1, seconds=0.5))
    key = str(uuid4())
    with pytest.raises(TimeoutError):
        await push(key, _request_timeout=0.1)
    with pytest.raises(ApiException) as error:
        await push(key)
    assert error.value.status == 409
    assert simulator.channel.resident(0).received == 1


async def test_only_the_named_endpoints_suffer(simulator, push, line):
    simulator.channel.faults.set(Fault(FaultKind.ERROR, ratio=1.0, endpoints=("broadcast",)))
    await push()
    with pytest.raises(ApiException):
        await line.broadcast(BroadcastRequest(messages=[HELLO]))
    simulator.channel.faults.clear()
    await line.broadcast(BroadcastRequest(messages=[HELLO]))


async def test_a_ratio_hits_about_that_share(simulator):
    simulator.channel.faults.set(Fault(FaultKind.ERROR, ratio=0.25))
    hits = sum(simulator.channel.faults.draw("push") is not None for _ in range(2000))
    assert 400 < hits < 600  # 500 expected, standard deviation 19


async def test_the_log_names_fault_status_and_key_but_no_text(simulator, push):
    simulator.channel.faults.set(Fault(FaultKind.ERROR, next=1))
    key = str(uuid4())
    with pytest.raises(ApiException):
        await push(key)
    await push(key)
    log = [(r.path, r.status, r.fault, r.retry_key, r.recipients) for r in simulator.channel.requests]
    path = "/v2/bot/message/push"
    assert log == [(path, 500, "error", key, 0), (path, 200, None, key, 1)]
    assert "こんにちは" not in str(simulator.channel.summary())
