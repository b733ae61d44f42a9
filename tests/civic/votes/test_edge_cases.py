"""The edge cases of an honest vote, one test each, through the real log on both databases."""

from datetime import timedelta

from support.casting import cast, current_law, open_now, tap
from support.freezing import count_with_votes
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS, OTHER_BALLOT

from civic.ballots.actions import extend_ballot, withdraw_option
from civic.kernel.security import pseudonym
from civic.tallies.counting import count_log
from civic.votes.queries import receipts_of
from civic.votes.rules import Folded

MS = timedelta(milliseconds=1)
LAST = CLOSES - MS
GRACE = timedelta(seconds=GRACE_S)


async def count(context, slug=BALLOT):
    async with context.database.reading() as session:
        return (await count_log(session, await current_law(context, slug))).count


async def vote_of(context, ballot, account):
    _, votes = await count_with_votes(context, await current_law(context, ballot.slug))
    return votes.get(pseudonym(ballot.key, "line", account))


def vote(*choices):
    return Folded(choices, blank=False)


async def test_a_tap_before_the_close_that_arrives_within_the_grace_counts(context):
    ballot = await open_now(context)
    context.clock.present = CLOSES + GRACE - MS
    await cast(context, ballot, tap("U1", "add", "bench", at=LAST))
    counted = await count(context)
    assert (counted.voters, counted.late) == (1, 0)


async def test_a_tap_before_the_close_that_arrives_after_the_grace_is_late(context):
    ballot = await open_now(context)
    context.clock.present = CLOSES + GRACE
    await cast(context, ballot, tap("U1", "add", "bench", at=LAST))
    counted = await count(context)
    assert (counted.voters, counted.late) == (0, 1)


async def test_the_closing_instant_no_longer_counts(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=CLOSES), tap("U2", "add", "bench", at=LAST))
    counted = await count(context)
    assert (counted.voters, counted.late) == (1, 1)


async def test_the_opening_instant_counts_and_the_millisecond_before_does_not(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS), tap("U2", "add", "bench", at=OPENS - MS))
    counted = await count(context)
    assert (counted.voters, counted.late) == (1, 1)


async def test_our_own_clock_judges_only_the_arrival(context):
    """Our clock is a day ahead of LINE's; the tap is from inside the window and came before the grace ended."""
    ballot = await open_now(context)
    context.clock.present = OPENS + timedelta(days=2)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS + timedelta(days=1)))
    assert (await count(context)).voters == 1


async def test_a_redelivered_event_keeps_its_first_receipt(context):
    ballot = await open_now(context)
    receipts = []
    for _ in range(3):
        await cast(context, ballot, tap("U1", "add", "bench", at=OPENS, event_id="E1"))
        async with context.database.reading() as session:
            receipts.append((await receipts_of(session, ballot.id, ["E1"]))["E1"])
    assert len(set(receipts)) == 1
    assert (await count(context)).voters == 1


async def test_a_redelivery_after_the_grace_does_not_make_a_counted_vote_late(context):
    ballot = await open_now(context)
    one = tap("U1", "add", "bench", at=OPENS)
    await cast(context, ballot, one)
    context.clock.present = CLOSES + GRACE
    await cast(context, ballot, one)
    counted = await count(context)
    assert (counted.voters, counted.late) == (1, 0)


async def test_the_same_tap_twice_is_two_rows_and_one_vote(context):
    ballot = await open_now(context)
    first, second = tap("U1", "add", "bench", at=OPENS), tap("U1", "add", "bench", at=OPENS + MS)
    await cast(context, ballot, first, second)
    async with context.database.reading() as session:
        receipts = await receipts_of(session, ballot.id, [first.event_id, second.event_id])
    assert len(set(receipts.values())) == 2
    assert dict((await count(context)).ballots) == {frozenset({"bench"}): 1}


async def test_the_later_event_decides_although_it_arrived_first(context):
    ballot = await open_now(context, OTHER_BALLOT)
    await cast(context, ballot, tap("U1", "add", "stage", at=OPENS + MS))
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    assert await vote_of(context, ballot, "U1") == vote("stage")


async def test_two_changes_in_one_millisecond_are_decided_by_the_event_id(context):
    ballot = await open_now(context, OTHER_BALLOT)
    await cast(context, ballot, tap("U1", "add", "stage", at=OPENS, event_id="01B"))
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS, event_id="01A"))
    assert await vote_of(context, ballot, "U1") == vote("stage")


async def test_more_choices_than_allowed_keep_the_newest(context):
    ballot = await open_now(context)
    options = ("bench", "stage", "swing", "mist")
    await cast(context, ballot, *(tap("U1", "add", p, at=OPENS + i * MS) for i, p in enumerate(options)))
    assert await vote_of(context, ballot, "U1") == vote("stage", "swing", "mist")


async def test_an_unknown_proposal_and_one_of_another_ballot_are_invalid_and_change_nothing(context):
    ballot = await open_now(context, OTHER_BALLOT)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    await cast(context, ballot, tap("U1", "add", "swing", at=OPENS + MS), tap("U1", "add", "x", at=OPENS + 2 * MS))
    assert await vote_of(context, ballot, "U1") == vote("bench")
    assert (await count(context, OTHER_BALLOT)).invalid == 2


async def test_an_option_withdrawn_while_open_leaves_the_votes_that_named_it(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS), tap("U1", "add", "stage", at=OPENS + MS))
    await cast(context, ballot, tap("U2", "add", "bench", at=OPENS))
    now = context.clock.pass_by(hours=1)
    async with context.database.writing() as session:
        await withdraw_option(session, "planner", BALLOT, now, "bench", "場所が工事になりました")
    await cast(context, ballot, tap("U3", "add", "bench", at=now))
    assert await vote_of(context, ballot, "U1") == vote("stage")
    assert await vote_of(context, ballot, "U2") == Folded((), blank=True)
    assert await vote_of(context, ballot, "U3") is None
    counted = await count(context)
    assert (counted.voters, counted.blank, counted.invalid) == (2, 1, 1)


async def test_a_blank_vote_is_a_vote_and_silence_is_none(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "none", at=OPENS))
    await cast(context, ballot, tap("U2", "add", "bench", at=OPENS), tap("U2", "remove", "bench", at=OPENS + MS))
    counted = await count(context)
    assert (counted.voters, counted.blank) == (1, 1)


async def test_who_withdraws_is_no_longer_counted(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS), tap("U1", "withdraw", at=OPENS + MS))
    assert (await count(context)).voters == 0


async def test_unfollowing_and_following_again_is_still_one_voter(context):
    """Nothing but the account goes into a pseudonym, so nothing that happens to the friendship can change it."""
    ballot = await open_now(context, OTHER_BALLOT)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    await cast(context, ballot, tap("U1", "add", "stage", at=OPENS + timedelta(days=3)))
    assert dict((await count(context, OTHER_BALLOT)).ballots) == {frozenset({"stage"}): 1}


async def test_two_ballots_open_at_once_know_a_person_by_two_pseudonyms(context):
    first, second = await open_now(context), await open_now(context, OTHER_BALLOT)
    await cast(context, first, tap("U1", "add", "bench", at=OPENS))
    await cast(context, second, tap("U1", "add", "stage", at=OPENS))
    laws = [await current_law(context, ballot.slug) for ballot in (first, second)]
    votes = [(await count_with_votes(context, law))[1] for law in laws]
    assert [list(held.values()) for held in votes] == [[vote("bench")], [vote("stage")]]
    assert not votes[0].keys() & votes[1].keys()


async def test_one_event_id_may_stand_in_two_ballots(context):
    first, second = await open_now(context), await open_now(context, OTHER_BALLOT)
    for ballot in (first, second):
        await cast(context, ballot, tap("U1", "add", "bench", at=OPENS, event_id="E1"))
    assert [(await count(context, slug)).voters for slug in (BALLOT, OTHER_BALLOT)] == [1, 1]


async def test_an_extension_lets_the_later_taps_count(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=CLOSES))
    assert (await count(context)).voters == 0
    async with context.database.writing() as session:
        longer = CLOSES + timedelta(days=1)
        await extend_ballot(session, "planner", BALLOT, context.clock(), longer, "台風のため")
    counted = await count(context)
    assert (counted.voters, counted.late) == (1, 0)
