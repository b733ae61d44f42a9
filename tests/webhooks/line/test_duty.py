"""A duty that one process has at a time."""

import asyncio
from dataclasses import dataclass, field

from civic.kernel.db import Database
from webhooks.line.duty import Duty


@dataclass
class Counted:
    """A database that counts who wants to write."""

    database: Database
    is_sqlite: bool = False
    writes: int = field(default=0)

    def writing(self, **how):
        self.writes += 1
        return self.database.writing(**how)


async def test_however_many_ask_at_once_it_is_taken_in_one_transaction(place):
    counted = Counted(place.context.database)
    duty = Duty(counted, place.clock, "sending")
    assert all(await asyncio.gather(*(duty.hold() for _ in range(32))))
    assert counted.writes == 1


async def test_while_one_holds_it_no_other_does_and_after_its_end_another_may(place):
    first, second = (Duty(Counted(place.context.database), place.clock, "sending") for _ in range(2))
    assert await first.hold()
    assert not await second.hold()
    place.clock.advance(seconds=31)
    assert await second.hold()
