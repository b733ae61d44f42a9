"""After a whole season no table, file or log tells who somebody is; only the ballot key leads to a vote."""

import base64
import json
import re
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url
from support.line import (
    BALLOT,
    SECRET,
    TOKEN,
    Place,
    call,
    follow,
    prepared,
    programme,
    proposal_slug,
    settings_for,
    standing,
    tap,
    text,
    unfollow,
)
from support.servers import simulated_line

from civic.ballots.actions import close_ballot
from civic.ballots.queries import ballot_by_slug, law_of
from civic.installations.actions import adopt
from civic.jobs.ballots import advance_ballots
from civic.jobs.studies import study_results
from civic.kernel.clock import from_ms, to_ms
from civic.kernel.db.group_commit import share_appends
from civic.kernel.ids import new_ulid
from civic.kernel.logging import configure_logging
from civic.kernel.security import pseudonym
from civic.outbox.about import ANNOUNCEMENT, About
from civic.outbox.rules import pack, unpack
from civic.schema import metadata
from civic.tallies.actions import decide
from civic.votes.actions import record_form
from civic.votes.forms import VoteForm
from civic.votes.links import read_link
from civic.votes.queries import taps_of, terms_of
from civic.votes.rules import fold
from webhooks.line import inbox
from webhooks.line.broadcasts import Announcement
from webhooks.line.channel import open_senders
from webhooks.line.simulator import Simulator
from webhooks.line.simulator.state import Friendship

PEOPLE = 12
SAID = "わたしは三丁目の猫好きです"
POISON_MS = 13

SINGLES_OUT = 3
"""A value that stands with this many people or votes of this many voters singles nobody out."""

SMALL = 1_000_000
"""Smaller numbers are counters and keys of rows; they mean something only along a foreign key."""

Rows = list[dict[str, Any]]
Node = tuple[str, int]


@dataclass(frozen=True)
class Season:
    """A finished installation: every row of every table, its files, its logs, and what nobody may find there."""

    tables: Mapping[str, Rows]
    files: bytes
    logs: str
    users: list[str]
    key: bytes
    secrets: list[str]


@pytest.fixture
async def season(database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Season:
    """Twelve people follow, talk, vote and change; things fail; the ballot is announced, counted and decided."""
    configure_logging()
    folder = tmp_path / "data"
    async with simulated_line(residents=PEOPLE) as (simulator, recorder, url):
        settings = settings_for(folder, database_url, line_api_url=url)
        checked = programme(grace_s=0)
        async with prepared(settings, checked) as (context, clock), standing(context, clock) as place:
            tokens = await live_through(place, simulator)
            tables = {name: await place.rows(f"select * from {name}") for name in metadata.tables}
        residents = simulator.channel.residents
    tokens += [request.json["replyToken"] for request in recorder.to("/message/reply")]
    users = [resident.user_id for resident in residents]
    names = [resident.display_name for resident in residents]
    return Season(
        tables=tables,
        files=files_of(folder, database_url),
        logs="".join(capfd.readouterr()),
        users=users,
        key=context.keys.get(BALLOT),
        secrets=[*users, *names, *tokens, SAID, TOKEN, SECRET],
    )


def files_of(folder: Path, database_url: str) -> bytes:
    """Every byte the installation keeps on disk; of SQLite after its write-ahead log was folded in."""
    database = make_url(database_url).database or ""
    places = [*folder.rglob("*")]
    if database_url.startswith("sqlite"):
        connection = sqlite3.connect(database)
        connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        places += Path(database).parent.glob("civic.sqlite3*")
    return b"\n".join(path.read_bytes() for path in places if path.is_file())


async def live_through(place: Place, simulator: Simulator) -> list[str]:
    """From the first friend to the installation; gives tokens that were handed out on the way."""
    senders = open_senders(place.context)
    assert senders is not None
    residents = simulator.channel.residents
    tokens = []
    for resident in residents:
        resident.friendship = Friendship.FRIEND
        tokens += await live(place, simulator, resident.index)
    while await senders.replies.run_batch():
        pass
    tokens += await things_fail(place, residents[0].user_id)
    async with place.context.database.reading() as session:
        draft = await Announcement(place.context, None, About(ANNOUNCEMENT, BALLOT)).draft(session)
    async with place.context.database.writing() as session:
        await draft.plan(session, "cli", place.clock())
    while await senders.campaigns.run_batch() or await senders.replies.run_batch():
        pass
    place.clock.advance(minutes=2)
    await senders.replies.run_batch()
    await place.handle(unfollow(residents[1].user_id))
    await senders.client.close()
    await decide_and_build(place)
    assert all(resident.received >= 8 for resident in residents)
    return tokens


async def live(place: Place, simulator: Simulator, index: int) -> list[str]:
    """One person: follow, consent, a language, some talk, votes; every answer with a token that LINE knows.

    Every other one changes the vote in a browser; gives the token of that link.
    """
    events, resident = simulator.events, simulator.channel.residents[index]
    earlier = to_ms(place.clock()) - 3_600_000 - index
    lang = "en" if index % 3 == 0 else "ja"
    first, second = (proposal_slug((index + n) % 4 + 1) for n in (0, 1))
    await place.send(
        {**events.follow(resident, is_unblocked=False), "timestamp": earlier},
        events.postback(resident, "c=consent&l=ja"),
        {**events.postback(resident, f"c=language&l={lang}"), "timestamp": earlier + 1_000},
        events.text(resident, SAID, "1"),
        events.text(resident, "投票", "2"),
    )
    await place.send(*(events.postback(resident, f"v=add&b={BALLOT}&p={p}&l={lang}") for p in (first, second)))
    if index % 2:
        return [await change_in_browser(place, events.postback(resident, f"c=browser&b={BALLOT}&l={lang}"))]
    await place.send(events.postback(resident, f"v=remove&b={BALLOT}&p={first}&l={lang}"))
    await place.drain.run_dry()
    return []


async def change_in_browser(place: Place, asking: Any) -> str:
    """Ask for the personal link and untick the first choice; gives the token of the link."""
    replies = await place.handle(asking)
    token = re.search(r"/vote/([\w-]+)", json.dumps(replies))[1]
    context = place.context
    link = read_link(context.vault, BALLOT, token, place.clock())
    async with context.database.writing() as session:
        await share_appends(session)
        law = await law_of(session, await ballot_by_slug(session, BALLOT))
        taps = (await taps_of(session, law.ballot_id, [link.voter]))[link.voter]
        held = fold(taps, terms_of(law)).choices
        sent = VoteForm(new_ulid(), "choose", shown=held, ticked=held[1:])
        await record_form(session, BALLOT, link.voter, sent, place.clock())
    return token


async def things_fail(place: Place, user: str) -> list[str]:
    """Odd, poisoned and forged events: what is logged or put aside tells nothing either."""
    await place.refuse_inserts("resident", f"new.follow_changed_ms = {POISON_MS}")
    odd = [
        tap(user, "idea-01", at_ms=to_ms(place.clock()) + 3_600_000),
        tap(user, "idea-01", ballot="nobody-knows"),
        tap(user, "idea-01", webhookEventId=f"?{user}"),
        text(user, SAID, timestamp="soon"),
        follow("U" + "d" * 32, at_ms=POISON_MS),
    ]
    await place.send(*odd)
    await place.post(call(*odd), signature="forged")
    await place.post(f'{{"events":"{user} {SAID}"}}'.encode())
    for _ in range(5):
        await place.drain.run_batch()
    place.clock.advance(seconds=61)
    await place.drain.run_batch()
    return [event["replyToken"] for event in odd]


async def decide_and_build(place: Place) -> None:
    """Close, seal, count, decide, begin the installation."""
    database = place.context.database
    async with database.writing() as session:
        await close_ballot(session, "cli", BALLOT, place.clock(), at_once=True)
    while await advance_ballots(place.context, inbox.unfinished_before):
        pass
    assert await study_results(place.context)
    async with database.writing() as session:
        decision = await decide(session, "cli", BALLOT, ["idea-01"], "試験のため", place.clock())
        await adopt(session, "cli", decision, place.clock())


def test_nobody_is_named_in_tables_files_or_logs(season):
    assert len(season.tables["resident"]) == PEOPLE
    assert len(season.tables["vote_log"]) == 3 * PEOPLE
    assert {row["channel"] for row in season.tables["vote_log"]} == {"line", "web"}
    assert {row["state"] for row in season.tables["line_inbox"]} == {"done", "quarantined"}
    assert {row["state"] for row in season.tables["outbox_reply"]} <= {"sent", "expired", "refused"}
    assert "event_failed" in season.logs
    in_tables = b"\n".join(
        as_bytes(cell) for rows in season.tables.values() for row in rows for cell in row.values()
    )
    for place, found in (("tables", in_tables), ("files", season.files), ("logs", season.logs.encode())):
        for secret in season.secrets:
            plain = secret.encode()
            for spelling in (plain, plain.hex().encode(), base64.b64encode(plain)):
                assert spelling not in found, f"{secret} in {place}"


def test_only_the_key_of_the_ballot_leads_from_a_resident_to_a_vote(season):
    assert reachable_votes(season.tables) == {}
    for name, leak in leaks(season).items():
        leaking = {**season.tables, name: [*season.tables.get(name, []), leak]}
        assert reachable_votes(leaking) != {}, f"a leak in {name} was not found"
    voters = {bytes(row["voter"]) for row in season.tables["vote_log"]}
    assert {pseudonym(season.key, "line", user) for user in season.users} == voters
    assert {pseudonym(bytes(32), "line", user) for user in season.users}.isdisjoint(voters)


def leaks(season: Season) -> dict[str, dict[str, Any]]:
    """Rows that would give somebody away, by the table they stand in."""
    resident, vote = season.tables["resident"][4], season.tables["vote_log"][7]
    return {
        "a_hash_beside_an_event": {"who": resident["line_id_hash"], "event": vote["event_id"]},
        "a_hash_beside_a_time": {"who": bytes(resident["line_id_hash"]).hex(), "at": from_ms(vote["at_ms"])},
        "delivery_chunk": {"residents": pack([resident["id"]]), "note": {"receipt": vote["receipt"]}},
    }


def as_bytes(cell: Any) -> bytes:
    """A cell as somebody with a dump of the database reads it."""
    if isinstance(cell, bytes | memoryview):
        return bytes(cell)
    return json.dumps(cell, ensure_ascii=False, default=str).encode()


def reachable_votes(tables: Mapping[str, Rows]) -> dict[Node, list[object]]:
    """For each resident from whom equal values lead to a row of the vote log: the values on the way."""
    holders: dict[object, set[Node]] = defaultdict(set)
    for name, rows in tables.items():
        for number, row in enumerate(rows):
            for value in links_of(name, row):
                holders[value].add((name, number))
    edges = {value: nodes for value, nodes in holders.items() if singles_out(nodes, tables)}
    values_of: dict[Node, list[object]] = defaultdict(list)
    for value, nodes in edges.items():
        for node in nodes:
            values_of[node].append(value)
    starts = [("resident", number) for number in range(len(tables["resident"]))]
    ways = {start: way_to_a_vote(start, edges, values_of) for start in starts}
    return {start: way for start, way in ways.items() if way}


def way_to_a_vote(
    start: Node, edges: Mapping[object, set[Node]], values_of: Mapping[Node, list[object]]
) -> list[object]:
    """The values and rows from a row to the nearest vote; empty when there is no way."""
    ways: dict[Node, list[object]] = {start: []}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node[0] == "vote_log":
            return ways[node]
        for value in values_of.get(node, []):
            for other in edges[value] - ways.keys():
                ways[other] = [*ways[node], value, other]
                waiting.append(other)
    return []


def singles_out(nodes: set[Node], tables: Mapping[str, Rows]) -> bool:
    residents = {node for node in nodes if node[0] == "resident"}
    voters = {bytes(tables[name][n]["voter"]) for name, n in nodes if name in {"vote_log", "vote"}}
    return len(residents) < SINGLES_OUT and len(voters) < SINGLES_OUT


def links_of(name: str, row: Mapping[str, Any]) -> set[object]:
    """What may tie a row to others: its values, however they are written, and its keys along foreign keys."""
    found: set[object] = set()
    for column, cell in row.items():
        found |= set(plain_values(cell))
        found |= {("row", target, value) for target, value in references(name, column, cell)}
    return found


def references(name: str, column: str, cell: Any) -> Iterator[tuple[str, object]]:
    """The rows that a cell names: by a declared foreign key, as its own key, or as the residents of a chunk."""
    if name == "delivery_chunk" and column == "residents" and cell is not None:
        for number in unpack(bytes(cell)):
            yield "resident", number
    if name in metadata.tables and column in metadata.tables[name].columns and cell is not None:
        declared = metadata.tables[name].columns[column]
        for key in declared.foreign_keys:
            yield key.column.table.name, cell
        if declared.primary_key and len(metadata.tables[name].primary_key.columns) == 1:
            yield name, cell


def plain_values(cell: Any) -> Iterator[object]:
    """The values in a cell: bytes as hexadecimal, times as milliseconds, lists and objects taken apart."""
    match cell:
        case bool():
            return
        case int() if cell >= SMALL:
            yield cell
        case bytes() | memoryview():
            yield bytes(cell).hex()
            yield from inside(bytes(cell).decode("utf-8", "replace"))
        case datetime():
            yield to_ms(cell if cell.tzinfo else cell.replace(tzinfo=UTC))
        case list() | dict():
            for part in cell.values() if isinstance(cell, dict) else cell:
                yield from plain_values(part)
        case str():
            yield cell
            yield from inside(cell)


def inside(written: str) -> Iterator[object]:
    """What a text holds when it is a time or JSON."""
    for read in (datetime.fromisoformat, json.loads):
        try:
            value = read(written)
        except ValueError:
            continue
        if not isinstance(value, str):
            yield from plain_values(value)
