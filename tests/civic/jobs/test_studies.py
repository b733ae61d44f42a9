"""The study of a counted ballot: from the log to what may be shown."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text
from structlog.testing import capture_logs
from support.casting import cast, open_now, tap
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS

from civic.ballots.rules import ROTATIONS, rotated, rotation_of
from civic.jobs.studies import STUDYING, fresh_study, study_results
from civic.kernel.clock import iso, to_ms
from civic.kernel.security import BallotKeys, pseudonym
from civic.residents.actions import follow, say_relation
from civic.tallies.actions import name_beacon
from civic.tallies.queries import ballots_to_study, published_study
from civic.tallies.robustness.types import Hour, RelationPart
from civic.tallies.study import VERSION
from tests.civic.tallies.story import draw_lot

OPTIONS = ["bench", "stage", "swing", "mist"]
PEOPLE = 30


def account(number):
    return f"U{number:032x}"


def choices(number):
    """20 chose the bench, 10 the stage and the swing."""
    return ("bench",) if number < 20 else ("stage", "swing")


async def counted_ballot(context):
    """Thirty vote in the second hour, twelve of them changed from mist; fifteen live here, ten said work."""
    ballot = await open_now(context)
    hour = OPENS + timedelta(hours=1)
    taps = [
        tap(account(n), "add", choice, at=hour + timedelta(seconds=n))
        for n in range(PEOPLE)
        for choice in choices(n)
    ]
    earlier = [tap(account(n), "set", "mist", at=OPENS) for n in range(12)]
    taken_back = [tap(account(n), "remove", "mist", at=hour + timedelta(minutes=5)) for n in range(12)]
    context.clock.present = OPENS + timedelta(hours=2)
    await cast(context, ballot, *earlier, *taps, *taken_back)
    async with context.database.writing() as session:
        for number in range(25):
            await follow(session, context.vault, account(number), to_ms(OPENS))
            relation = "live" if number < 15 else "work"
            await say_relation(session, context.vault, account(number), relation, to_ms(OPENS) + 1)
    await pass_the_seal(context)


async def pass_the_seal(context):
    for present in (CLOSES, CLOSES + timedelta(seconds=GRACE_S)):
        context.clock.present = present
        await run_jobs(context)


async def study_of(context, slug=BALLOT):
    async with context.database.reading() as session:
        return await published_study(session, slug)


async def test_a_counted_ballot_is_studied_once(context):
    await counted_ballot(context)
    assert await study_of(context) is None
    assert await study_results(context)
    assert not await study_results(context)
    found = await study_of(context)
    assert (found.version, found.voters, found.method) == (VERSION, 30, "site_winner")
    assert [fate.approvals for fate in found.explanations] == [20, 10, 10, 0]
    assert found.hours == (Hour(iso(OPENS + timedelta(hours=1)), 30, surge=False),)
    # 5 said nothing: they go with the ten who work here, so that the whole does not tell them.
    assert found.relations == (
        RelationPart("live", 15, {"bench": 15, "stage": 0, "swing": 0, "mist": 0}),
        RelationPart("work", None, None),
        RelationPart("unsaid", None, None),
    )
    assert found.relation_table.reason == "small_cell"
    assert found.positions.first_share == f"{first_card_chosen(context) / PEOPLE:.3f}"
    assert await fresh_study(context, BALLOT) == found
    key = context.keys.get(BALLOT)
    for number in range(PEOPLE):
        assert pseudonym(key, "line", account(number)).hex() not in str(found)


def first_card_chosen(context):
    """How many chose the card that they saw first, voter by voter."""
    key = context.keys.get(BALLOT)
    firsts = [rotated(OPTIONS, number)[0] for number in range(ROTATIONS)]
    return sum(firsts[rotation_of(key, pseudonym(key, "line", account(n)))] in choices(n) for n in range(PEOPLE))


async def test_an_older_study_is_made_again_and_a_lost_key_leaves_out_what_needs_it(sqlite_context):
    context = sqlite_context
    await counted_ballot(context)
    await study_results(context)
    await change(context, "update tally_study set version = 0")
    assert await study_of(context) is None
    (context.keys.folder / f"ballot-{BALLOT}.key").unlink()
    context.clock.pass_by(hours=1)
    assert await study_results(replace(context, keys=BallotKeys(context.keys.folder)))
    found = await study_of(context)
    assert (found.version, found.positions, found.relations) == (VERSION, None, ())
    assert found.explanations[0].reason == "won"


async def test_a_study_that_fails_is_told_of_and_tried_again_later_and_the_result_stands(sqlite_context):
    """A log that is not the counted one is not studied."""
    context = sqlite_context
    await counted_ballot(context)
    await change(context, "update tally set inputs_sha256 = 'x' || inputs_sha256")
    with capture_logs() as logs:
        assert not await study_results(context)
        assert not await study_results(context)
    assert [log["event"] for log in logs] == ["study_failed"]
    await change(context, "update tally set inputs_sha256 = substr(inputs_sha256, 2)")
    assert not await study_results(context)
    context.clock.present += STUDYING
    assert await study_results(context)


async def test_a_drawn_lot_makes_the_study_new(sqlite_context):
    """Swing and mist cost the same on the deck and have a vote each."""
    context = sqlite_context
    ballot = await open_now(context)
    context.clock.present = OPENS + timedelta(hours=1)
    await cast(context, ballot, tap("U1", "add", "swing", at=OPENS), tap("U2", "add", "mist", at=OPENS))
    await pass_the_seal(context)
    assert await study_results(context)
    assert (await study_of(context)).explanations[2].reason == "tie_open"
    async with context.database.writing() as session:
        await name_beacon(session, "planner", BALLOT, "明日の数字", context.clock.pass_by(hours=1))
    context.clock.pass_by(days=1)
    await draw_lot(context, BALLOT, "12345", "新聞")
    assert await study_of(context) is None
    context.clock.pass_by(seconds=1)
    assert await study_results(context)
    assert not await study_results(context)
    assert [fate.reason for fate in (await study_of(context)).explanations].count("won") == 1


async def change(context, statement):
    async with context.database.writing() as session:
        await (await session.connection()).execute(text(statement))


async def test_before_the_count_there_is_nothing_to_study(sqlite_context):
    await open_now(sqlite_context)
    async with sqlite_context.database.reading() as session:
        assert await ballots_to_study(session, VERSION) == []
