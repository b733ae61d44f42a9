"""Whom a kind of message reaches: how many now, and who of a list that was frozen earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.db.fixed import Fixed, fetch_apart, fetch_bulk
from civic.residents.accounts import Accounts
from civic.residents.queries import WANTS

_NUMBERS = (
    "select language, count(*) filter (where wants), "  # noqa: S608 - our own words
    "count(*) filter (where stopped), count(*) filter (where not wants and not stopped) "
    f"from (select language, messages_stopped as stopped, {WANTS} as wants "
    "from resident where follows) as friend group by language"
)
_COUNT = Fixed(sqlite=_NUMBERS.format(kind="?"), postgresql=_NUMBERS.format(kind="%s"))
_OF_LIST = (
    "select resident.id, line_id_sealed, line_id_hash, {wants} from {listed} join resident on resident.id = value"
)
_REACH = Fixed(
    sqlite=_OF_LIST.format(wants=WANTS.format(kind="?"), listed="json_each(?)"),
    postgresql=_OF_LIST.format(
        wants=WANTS.format(kind="%s"),
        listed="(select text::bigint as value from json_array_elements_text(%s::json) as listed (text)) as number",
    ),
)


class Reach(NamedTuple):
    """Who of a list is still known, ascending: numbers, LINE ids, and whether all of them want the message."""

    numbers: list[int]
    accounts: list[str]
    wanting: list[bool]


@dataclass(frozen=True)
class Friends:
    """Those who follow: how many want a kind of message, by language, and how many do not, and why."""

    wanting: Mapping[str, int]
    stopped: int
    opted_out: int


async def count_friends(session: AsyncSession, kind: str) -> Friends:
    """Those who follow, by whether they want a kind of message."""
    rows = await fetch_apart(session, _COUNT, kind)
    return Friends(
        wanting={language: wanting for language, wanting, *_ in rows if wanting},
        stopped=sum(stopped for *_, stopped, _ in rows),
        opted_out=sum(opted_out for *_, opted_out in rows),
    )


async def reach(session: AsyncSession, opener: Accounts, kind: str, numbers: Sequence[int]) -> Reach:
    """Those of an ascending list who are still known; whoever deleted their data is missing."""
    rows = await fetch_bulk(session, _REACH, kind, orjson.dumps(numbers).decode())
    if not rows:
        return Reach([], [], [])
    known, sealed, hashes, wanting = zip(*sorted(rows), strict=True)
    return Reach(list(known), opener.open_many(sealed, hashes), list(map(bool, wanting)))
