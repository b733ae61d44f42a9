"""The same laws through the real log: any order, split and duplication, on SQLite and on PostgreSQL."""

import hashlib
import json
from collections import Counter
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.casting import cast, current_law, group_commit, open_now
from support.freezing import count_with_votes
from support.small_programme import CLOSES as CLOSES_AT
from support.small_programme import OPENS as OPENS_AT

from civic.ballots.queries import Law
from civic.ballots.rules import Notice
from civic.ballots.tables import Ballot
from civic.kernel.clock import iso, to_ms
from civic.kernel.context import Context
from civic.kernel.ids import new_ulid
from civic.kernel.security import pseudonym
from civic.tallies.counting import count_log
from civic.votes.operations import APPEND, COLUMNS, Cast, OpenBallot, log_row
from civic.votes.queries import terms_of, turnout
from civic.votes.rules import Tap
from tests.civic.votes import histories
from tests.civic.votes.model import tally_of, vote_of

KEY = bytes(range(32))
STEP_MS = 10  # one moment of a history is ten milliseconds here, so that its grace is a whole second


async def fresh_ballot(context: Context, law) -> tuple[OpenBallot, Law]:
    """A ballot of its own for each example: a row to refer to, and a law made of the example's terms."""
    slug = f"random-{new_ulid().lower()}"
    async with context.database.writing() as session:
        ballot = Ballot(
            programme_id=1,
            slug=slug,
            title={"ja": "例"},
            method="greedy",
            method_options={},
            max_approvals=law.max_approvals,
            audience="friends",
            opens_at=real(histories.OPENS),
            closes_at=real(histories.CLOSES),
            late_grace_s=1,
            languages=["ja"],
            position=9,
            plan={},
            state="closed",
        )
        session.add(ballot)
    document = {
        "opens_at": iso(real(histories.OPENS)),
        "closes_at": iso(real(histories.CLOSES)),
        "late_grace_s": histories.GRACE * STEP_MS // 1000,
        "max_approvals": law.max_approvals,
        "options": [{"proposal": option} for option in sorted(law.options)],
    }
    notices = tuple(Notice("withdrawal", real(at), {"proposal": p}) for p, at in law.withdrawn.items())
    return OpenBallot(ballot.id, slug, KEY), Law(ballot.id, slug, "closed", "0" * 64, document, notices)


def real(moment: int):
    """The instant of a moment of a history."""
    return OPENS_AT + timedelta(milliseconds=(moment - histories.OPENS) * STEP_MS)


@st.composite
def arrivals(draw):
    """Batches of one log in the order of their arrival: (moment of receipt, events), some events again."""
    log = draw(histories.logs(most=15))
    arrived = draw(histories.deliveries(log))
    moments = sorted(draw(st.lists(st.integers(950, 2_200), min_size=1, max_size=4)))
    batches = [(moment, []) for moment in moments]
    for entry in arrived:
        batches[draw(st.integers(0, len(batches) - 1))][1].append(entry)
    return batches


def as_logged(batches) -> list[tuple[bytes, Tap]]:
    """What the log must hold: each event once, with the moment at which it came first."""
    first = {}
    for moment, entries in batches:
        for voter, tap in entries:
            known = Tap(tap.at_ms, tap.event_id, tap.op, tap.choices, moment, tap.channel)
            first.setdefault(tap.event_id, (voter, known))
    return list(first.values())


async def append(context: Context, ballot: OpenBallot, batches) -> None:
    received = iter([real(moment) for moment, entries in batches if entries])
    async with group_commit(context, lambda: next(received)) as commits:
        for _, entries in batches:
            if entries:
                await commits.append({APPEND: [log_row(ballot, as_cast(voter, t)) for voter, t in entries]})


def as_cast(voter: bytes, tap: Tap) -> Cast:
    return Cast("line", voter.hex(), tap.op, tap.choices, tap.event_id, to_ms(real(tap.at_ms)))


@given(batches=arrivals(), law=histories.terms())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_counted_log_agrees_with_the_model(context, batches, law):
    ballot, real_law = await fresh_ballot(context, law)
    await append(context, ballot, batches)
    counted, votes = await count_with_votes(context, real_law)
    log = as_logged(batches)
    held = Counter(proposal for vote in votes.values() for proposal in vote.choices)
    numbers = counted.count.voters, counted.count.blank, counted.count.late, held
    assert numbers == tally_of(log, law)
    assert counted.misfits == 0
    for voter in {voter for voter, _ in log}:
        vote = votes.get(pseudonym(KEY, "line", voter.hex()))
        wanted = vote_of([tap for v, tap in log if v == voter], law)
        assert (None if vote is None else (vote.choices, vote.blank)) == wanted


async def test_the_first_row_of_an_event_stands_and_its_hash_with_it(context):
    """A redelivery brings another salt, another receipt and even another choice: nothing of it is written."""
    ballot = await open_now(context)
    at = to_ms(OPENS_AT)
    await cast(context, ballot, Cast("line", "U1", "add", ("bench",), "E1", at))
    before = await counted_of(context)
    await cast(context, ballot, Cast("line", "U1", "add", ("stage",), "E1", at))
    assert await counted_of(context) == before


async def test_the_hash_of_the_inputs_does_not_depend_on_the_order_of_arrival(context):
    ballot = await open_now(context)
    casts = [Cast("line", f"U{n % 3}", "add", ("bench",), f"e{n}", to_ms(OPENS_AT) + n) for n in range(9)]
    rows = [log_row(ballot, one) for one in casts]
    async with group_commit(context) as commits:
        await commits.append({APPEND: rows[5:]})
        await commits.append({APPEND: rows})
    first = await counted_of(context)
    other = await open_now(context, "second")
    async with group_commit(context) as commits:
        for row in reversed(rows):
            await commits.append({APPEND: [(other.id, *row[1:9], f"again-{row[1]}")]})
    async with context.database.reading() as session:
        law = await current_law(context)
        second = await count_log(session, Law(other.id, law.slug, "open", law.sha256, law.document, ()))
    assert (second.inputs_sha256, second.count) == (first.inputs_sha256, first.count)


async def sort_texts_like_a_dictionary(context: Context) -> None:
    """Where PostgreSQL was built with ICU: an order of texts in which a1 stands before B1."""
    if context.database.is_sqlite:
        return
    async with context.database.writing() as session:
        known = await session.scalar(sa.text("select 1 from pg_collation where collname = 'und-x-icu'"))
        if known:
            connection = await session.connection()
            await connection.execute(
                sa.text('alter table vote_log alter column event_id type text collate "und-x-icu"')
            )


async def test_the_hash_of_the_inputs_can_be_computed_by_a_stranger(context):
    """SHA-256 over SHA-256(salt, record) by voter and event id in code-point order; then with the manifest."""
    await sort_texts_like_a_dictionary(context)
    ballot = await open_now(context)
    casts = [Cast("line", "U1", "add", ("bench",), event_id, to_ms(OPENS_AT)) for event_id in ("a1", "B1", "Z")]
    rows = [dict(zip(COLUMNS, log_row(ballot, one), strict=False)) for one in casts]
    async with group_commit(context) as commits:
        await commits.append({APPEND: [tuple(row.values()) for row in rows]})
    log = hashlib.sha256()
    for row in sorted(rows, key=lambda row: (row["voter"], row["event_id"])):
        log.update(hashlib.sha256(row["salt"] + row["record"]).digest())
    law = await current_law(context)
    inputs = {"manifest_sha256": law.sha256, "notices": [], "log_sha256": log.hexdigest()}
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"))
    assert (await counted_of(context)).inputs_sha256 == hashlib.sha256(text.encode()).hexdigest()


async def test_turnout_is_people_inside_the_window_and_nothing_else(context):
    """Four people: one inside, one before the opening, one whose only tap is invalid, one at the close."""
    ballot = await open_now(context)
    at = to_ms(OPENS_AT)
    await cast(
        context,
        ballot,
        Cast("line", "U1", "add", ("bench",), "E1", at),
        Cast("line", "U1", "add", ("stage",), "E2", at + 1),
        Cast("line", "U2", "add", ("bench",), "E3", at - 1),
        Cast("line", "U3", "add", ("nowhere",), "E4", at),
        Cast("line", "U4", "add", ("bench",), "E5", to_ms(CLOSES_AT)),
    )
    async with context.database.reading() as session:
        assert await turnout(session, ballot.id, terms_of(await current_law(context))) == 2


async def counted_of(context: Context):
    async with context.database.reading() as session:
        return await count_log(session, await current_law(context))
