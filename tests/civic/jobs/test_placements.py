"""Placements checked again by the queue: what came later counts, and nothing else changes."""

from support.installation import load_programme
from support.small_programme import small_document, write_small_programme

from civic.jobs.placements import check_placements
from civic.programmes.queries import programme_by_slug
from civic.proposals.queries import latest_version, placements_of, proposal_by_slug
from civic.sites.actions import record_day_use


async def loaded(context, tmp_path):
    """The small programme; the bench stays for 100 days where 180 are allowed. Gives the programme's number."""
    document = small_document()
    document["sites"][0]["rules"]["max_days"] = 180
    document["proposals"][0]["placements"][0]["days"] = 100
    await load_programme(context, write_small_programme(tmp_path / "small", document))
    async with context.database.reading() as session:
        return (await programme_by_slug(session, "small")).id


async def bench(context, number):
    async with context.database.reading() as session:
        proposal = await proposal_by_slug(session, number, "bench")
        [(placement, _)] = await placements_of(session, (await latest_version(session, proposal.id)).id)
        return placement


def days(placement):
    [check] = [check for check in placement.checks["checks"] if check["name"] == "days"]
    return check["verdict"], check["value"]


async def use_days(context, count):
    async with context.database.writing() as session:
        now = context.clock()
        await record_day_use(session, "planner", "plaza", now.year, count, "祭り", now)


async def test_days_given_away_later_count_when_checked_again(context, tmp_path):
    number = await loaded(context, tmp_path)
    before = await bench(context, number)
    await use_days(context, 90)
    context.clock.pass_by(minutes=1)
    await check_placements(context, {"programme": number})
    after = await bench(context, number)
    assert (days(before), days(after)) == (("pass", 100), ("fail", 190))
    assert (before.verdict, after.verdict) == ("pass", "fail")
    assert after.checked_at == context.clock()
    assert before.checks["inputs_sha256"] != after.checks["inputs_sha256"]


async def test_checking_again_without_a_change_leaves_everything(context, tmp_path):
    number = await loaded(context, tmp_path)
    before = await bench(context, number)
    context.clock.pass_by(minutes=1)
    await check_placements(context, {"programme": number})
    assert await bench(context, number) == before


async def test_days_of_another_year_do_not_count(context, tmp_path):
    number = await loaded(context, tmp_path)
    async with context.database.writing() as session:
        now = context.clock()
        await record_day_use(session, "planner", "plaza", now.year - 1, 180, "", now)
    await check_placements(context, {"programme": number})
    assert days(await bench(context, number)) == ("pass", 100)
