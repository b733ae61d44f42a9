"""What may still happen to an open ballot, each as a public notice: and that nothing else may."""

from datetime import UTC, datetime, timedelta

import pytest
from support.casting import current_law, open_now
from support.installation import run_jobs
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS

from civic.ballots.actions import close_ballot, correct_text, extend_ballot, withdraw_option
from civic.ballots.queries import ballot_by_slug
from civic.kernel.errors import InvalidInput
from civic.votes.queries import terms_of

NOON = datetime(2026, 10, 3, 3, 0, tzinfo=UTC)


@pytest.fixture
async def context(context):
    await open_now(context)
    context.clock.present = NOON
    return context


async def act(context, action, *arguments, **options):
    async with context.database.writing() as session:
        return await action(session, "planner", BALLOT, context.clock(), *arguments, **options)


async def refusal(context, action, *arguments):
    """The code of the InvalidInput that an action ends in."""
    with pytest.raises(InvalidInput) as refused:
        await act(context, action, *arguments)
    return refused.value.code


async def notices(context):
    return [(n.kind, n.at, dict(n.data)) for n in (await current_law(context)).notices]


async def state_of(context):
    async with context.database.reading() as session:
        return (await ballot_by_slug(session, BALLOT)).state


async def test_closing_at_once_writes_a_notice_and_moves_closes_at(context):
    context.clock.present = NOON + timedelta(microseconds=4_999)
    await act(context, close_ballot, at_once=True)
    law = await current_law(context)
    assert law.state == "closed"
    assert law.closes_at == NOON + timedelta(milliseconds=4)
    assert law.sealed_from == law.closes_at + timedelta(seconds=GRACE_S)
    assert await notices(context) == [
        ("closing", context.clock(), {"closes_at": "2026-10-03T03:00:00.004Z"}),
    ]
    assert law.document["closes_at"] == "2026-10-14T15:00:00Z"  # the frozen manifest still says what was planned


async def test_closing_at_its_time_is_no_notice(context):
    context.clock.present = CLOSES + timedelta(hours=1)
    await run_jobs(context)
    law = await current_law(context)
    assert (law.closes_at, await notices(context)) == (CLOSES, [])


async def test_closing_by_hand_after_the_end_does_not_lengthen_the_ballot(context):
    context.clock.present = CLOSES + timedelta(seconds=1)
    await act(context, close_ballot, at_once=True)
    assert (await current_law(context)).closes_at == CLOSES
    assert await notices(context) == []


async def test_the_scheduler_seals_by_the_time_of_the_notice(context):
    await act(context, close_ballot, at_once=True)
    context.clock.present = NOON + timedelta(seconds=GRACE_S, milliseconds=-1)
    await run_jobs(context)
    assert await state_of(context) == "closed"
    context.clock.pass_by(milliseconds=1)
    await run_jobs(context)
    assert await state_of(context) == "sealed"


async def test_an_extension_moves_the_close_and_is_told_with_its_reason(context):
    longer = CLOSES + timedelta(days=2)
    await act(context, extend_ballot, longer, " 台風のため ")
    assert (await current_law(context)).closes_at == longer
    assert await notices(context) == [
        ("extension", NOON, {"closes_at": "2026-10-16T15:00:00Z", "reason": "台風のため"}),
    ]
    context.clock.present = CLOSES
    await run_jobs(context)
    assert await state_of(context) == "open"
    context.clock.present = longer
    await run_jobs(context)
    assert await state_of(context) == "closed"


async def test_an_extension_only_lengthens(context):
    for moved in (timedelta(0), timedelta(milliseconds=-1), timedelta(days=-20)):
        assert await refusal(context, extend_ballot, CLOSES + moved, "台風のため") == "extension_not_later"
    assert (await current_law(context)).closes_at == CLOSES


async def test_an_extension_comes_before_the_close_even_when_the_scheduler_is_slow(context):
    """At the closing instant the ballot is over, although its state still says open."""
    context.clock.present = CLOSES
    code = await refusal(context, extend_ballot, CLOSES + timedelta(days=1), "台風のため")
    assert code == "extension_not_later"
    assert await notices(context) == []


async def test_after_two_extensions_and_a_close_the_last_notice_holds(context):
    for days in (1, 2):
        await act(context, extend_ballot, CLOSES + timedelta(days=days), "雨のため")
    context.clock.present = CLOSES + timedelta(days=1, hours=5)
    await act(context, close_ballot, at_once=True)
    assert (await current_law(context)).closes_at == context.clock()
    assert [kind for kind, _, _ in await notices(context)] == ["extension", "extension", "closing"]


async def test_a_withdrawal_is_told_and_takes_the_option_off(context):
    await act(context, withdraw_option, "bench", "強度が足りません")
    law = await current_law(context)
    assert law.withdrawn == {"bench": NOON}
    assert "bench" in law.options  # it stays on the manifest
    assert terms_of(law).withdrawn == {"bench": 1_790_996_400_000}  # NOON by date(1), in milliseconds
    assert await notices(context) == [
        ("withdrawal", NOON, {"proposal": "bench", "reason": "強度が足りません"}),
    ]


async def test_only_an_option_can_be_withdrawn(context):
    for proposal in ("nowhere", "", "bench "):
        assert await refusal(context, withdraw_option, proposal, "強度が足りません") == "option_unknown"


async def test_an_option_is_withdrawn_once(context):
    await act(context, withdraw_option, "bench", "強度が足りません")
    assert await refusal(context, withdraw_option, "bench", "もう一度") == "option_unknown"
    assert len(await notices(context)) == 1


async def test_a_correction_is_told_beside_the_frozen_text(context):
    before = (await current_law(context)).sha256
    await act(context, correct_text, "三角広場", "55HIROBA", "書きまちがい")
    law = await current_law(context)
    assert law.sha256 == before
    assert await notices(context) == [
        ("correction", NOON, {"wrong": "三角広場", "right": "55HIROBA", "reason": "書きまちがい"}),
    ]


async def test_every_notice_needs_its_reason(context):
    for action, arguments in [
        (extend_ballot, (CLOSES + timedelta(days=1),)),
        (withdraw_option, ("bench",)),
        (correct_text, ("a", "b")),
    ]:
        assert await refusal(context, action, *arguments, " \n") == "reason_missing"
        assert await refusal(context, action, *arguments, "あ" * 2001) == "reason_too_long"
    law = await current_law(context)
    assert (law.notices, law.closes_at) == ((), CLOSES)


async def test_terms_speak_milliseconds(context):
    """Seconds since 1970 by date(1): 2026-10-01T00:00Z is 1790812800, 2026-10-14T15:00Z is 1791990000."""
    terms = terms_of(await current_law(context))
    assert (terms.opens_ms, terms.closes_ms, terms.grace_ms) == (1_790_812_800_000, 1_791_990_000_000, 600_000)
    assert (terms.max_approvals, terms.options) == (3, frozenset({"bench", "stage", "swing", "mist"}))
    assert OPENS.timestamp() * 1000 == terms.opens_ms
