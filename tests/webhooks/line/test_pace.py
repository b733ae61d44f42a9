"""How many requests may begin in a second."""

import asyncio
from unittest.mock import patch

import pytest

from webhooks.line import pace
from webhooks.line.pace import Pace


@pytest.fixture
def begun():
    """Beginnings of a thousand requests that all want to begin at once, on a clock of its own."""
    present = [0.0]

    async def sleep(seconds):
        waits.append(present[0] + seconds)

    waits: list[float] = []
    with patch.object(pace, "monotonic", lambda: present[0]), patch.object(asyncio, "sleep", sleep):
        yield present, waits


async def test_no_second_sees_more_than_the_rate(begun):
    _, waits = begun
    bucket = Pace(200)
    for _ in range(1_000):
        await bucket.take()
    starts = sorted([0.0] * (1_000 - len(waits)) + waits)
    for first in starts:
        assert sum(first <= start < first + 1 for start in starts) <= 201
    assert 5 <= starts[-1] <= 6


async def test_a_quiet_time_fills_the_bucket_again(begun):
    present, waits = begun
    bucket = Pace(10)
    await bucket.take()
    assert waits == []
    await bucket.take()
    assert len(waits) == 1
    present[0] = 60.0
    await bucket.take()
    assert len(waits) == 1


async def test_without_a_rate_nobody_waits(begun):
    _, waits = begun
    for _ in range(1_000):
        await Pace(0).take()
    assert waits == []
