"""From a decision into the real world, step by step, on both databases."""

from datetime import timedelta

import pytest
from sqlmodel import select
from support.databases import DIALECTS
from support.installation import installation as opened_installation
from support.small_programme import BALLOT

from civic.audit.tables import AuditEntry
from civic.ballots.queries import ballot_by_slug
from civic.installations.actions import adopt, report_status
from civic.installations.queries import installations_of, steps_of
from civic.installations.tables import STATUSES, InstallationStep
from civic.kernel.errors import InvalidInput, NotFound
from civic.tallies.actions import decide
from tests.civic.tallies.story import prepare_sealed, sealed_installation


async def prepare_adopted(url, folder):
    """Bench on the plaza and mist on the deck are decided and adopted."""
    await prepare_sealed(url, folder, {"U1": "add bench, add mist"})
    async with sealed_installation(url, folder) as context, context.database.writing() as session:
        now = context.clock()
        decision = await decide(session, "planner", BALLOT, ["bench", "mist"], "票が多い", now)
        await adopt(session, "planner", decision, now)


@pytest.fixture(params=DIALECTS)
async def context(request, installed, tmp_path):
    async with sealed_installation(installed(prepare_adopted, request.param, tmp_path), tmp_path) as opened:
        yield opened


async def found(context):
    async with context.database.reading() as session:
        return await installations_of(session, (await ballot_by_slug(session, BALLOT)).id)


async def steps(context, installation):
    async with context.database.reading() as session:
        return [(s.seq, s.at, s.status, s.note) for s in await steps_of(session, installation.id)]


async def report(context, number, status, note=""):
    async with context.database.writing() as session:
        return await report_status(session, "planner", number, status, note, context.clock())


async def test_everything_decided_begins_as_adopted_with_the_public_reason(context):
    begun = await found(context)
    assert [(i.proposal, i.site, i.status) for i in begun] == [
        ("bench", "plaza", "adopted"),
        ("mist", "deck", "adopted"),
    ]
    for installation in begun:
        assert await steps(context, installation) == [(1, context.clock(), "adopted", "票が多い")]


async def test_every_step_is_kept_in_order(context):
    first, second = await found(context)
    wanted = await steps(context, first)
    for number, status in enumerate(STATUSES[1:], 2):
        now = context.clock.pass_by(days=10)
        await report(context, first.id, status, f" {status} です ")
        wanted.append((number, now, status, f"{status} です"))
    assert await steps(context, first) == wanted
    assert (await found(context))[0].status == STATUSES[-1]
    assert len(await steps(context, second)) == 1


async def test_a_status_may_be_reported_again_with_another_note(context):
    first, _ = await found(context)
    await report(context, first.id, "making", "脚を直しています")
    await report(context, first.id, "making", "屋根をつけました")
    assert [note for *_, note in await steps(context, first)][1:] == ["脚を直しています", "屋根をつけました"]


async def test_a_note_longer_than_the_field_is_refused(context):
    first, _ = await found(context)
    before = await steps(context, first)
    with pytest.raises(InvalidInput) as refused:
        await report(context, first.id, "making", "あ" * 2001)
    assert refused.value.code == "reason_too_long"
    assert await steps(context, first) == before


async def test_an_unknown_status_is_refused_with_the_known_ones(context):
    first, _ = await found(context)
    with pytest.raises(InvalidInput) as refused:
        await report(context, first.id, "finished")
    assert refused.value.code == "status_unknown"
    for language in ("ja", "en"):
        assert all(status in refused.value.sentence(language) for status in STATUSES)
    assert (await found(context))[0].status == "adopted"
    assert len(await steps(context, first)) == 1


async def test_an_unknown_installation_is_not_found(context):
    with pytest.raises(NotFound) as refused:
        await report(context, 10_000, "installed")
    assert refused.value.code == "installation_unknown"


async def test_a_step_that_is_not_committed_leaves_no_trace(context):
    first, _ = await found(context)

    async def report_and_break():
        async with context.database.writing() as session:
            await report_status(session, "planner", first.id, "installed", "", context.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await report_and_break()
    assert (await found(context))[0].status == "adopted"
    assert len(await steps(context, first)) == 1


async def test_each_step_is_in_the_trail(context):
    first, _ = await found(context)
    now = context.clock.pass_by(days=1)
    await report(context, first.id, "installed", "できました")
    async with context.database.reading() as session:
        entries = [e for e in await session.exec(select(AuditEntry)) if e.verb == "installation.installed"]
    assert [(e.actor, e.subject, e.at, e.data) for e in entries] == [
        ("planner", "bench@plaza", now, {"note": "できました"})
    ]


async def test_a_ballot_without_a_decision_has_no_installation(small_url, tmp_path):
    async with opened_installation(small_url, tmp_path) as opened:
        assert await found(opened) == []
        async with opened.database.reading() as session:
            assert (await session.exec(select(InstallationStep))).all() == []


async def test_a_late_look_at_the_clock_does_not_reorder_the_steps(context):
    """The order is the order of reporting, even when a clock was set back in between."""
    first, _ = await found(context)
    await report(context, first.id, "permit")
    context.clock.present -= timedelta(hours=1)
    await report(context, first.id, "making")
    assert [status for _, _, status, _ in await steps(context, first)] == ["adopted", "permit", "making"]
