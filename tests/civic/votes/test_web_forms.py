"""A form in a browser and taps in the chat are one vote: by hand, by random histories, at once, and at the end."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.casting import cast, current_law, open_now, tap
from support.freezing import count_with_votes
from support.small_programme import BALLOT, CLOSES, GRACE_S, OPENS, OTHER_BALLOT

from civic.ballots.actions import close_ballot, seal_ballot, withdraw_option
from civic.ballots.queries import ballot_by_slug
from civic.kernel.clock import to_ms
from civic.kernel.db.group_commit import hold_appends, share_appends
from civic.kernel.errors import Gone, InvalidInput
from civic.kernel.ids import new_ulid
from civic.kernel.security import pseudonym
from civic.votes.actions import record_form
from civic.votes.forms import VoteForm, is_as_asked
from civic.votes.operations import OpenBallot
from civic.votes.queries import taps_of
from civic.votes.rules import Folded
from civic.votes.spans import Span, cached_votes

MS = timedelta(milliseconds=1)
OPTIONS = ("bench", "stage", "swing", "mist")
MOST = 3


def form(*ticked, shown=(), wish="choose", number=None):
    return VoteForm(number or new_ulid(), wish, tuple(shown), ticked)


def vote(*choices):
    return Folded(choices, blank=False)


async def send(context, account, sent, slug=BALLOT):
    """Record a form as the page does; what it came to."""
    async with context.database.writing() as session:
        await share_appends(session)
        voter = pseudonym(context.keys.get(slug), "line", account)
        return await record_form(session, slug, voter, sent, context.clock())


async def log_of(context, account, slug=BALLOT):
    """The operations of somebody, (channel-less) as the fold sees them, in its order."""
    law = await current_law(context, slug)
    voter = pseudonym(context.keys.get(slug), "line", account)
    async with context.database.reading() as session:
        taps = (await taps_of(session, law.ballot_id, [voter])).get(voter, [])
    return sorted(taps, key=lambda one: (one.at_ms, one.event_id))


async def counted_vote(context, account, slug=BALLOT):
    """The vote as the tally folds it."""
    law = await current_law(context, slug)
    voter = pseudonym(context.keys.get(slug), "line", account)
    counted, votes = await count_with_votes(context, law)
    assert counted.misfits == 0, "records, salts and receipts are what a recount expects"
    return votes.get(voter)


async def cached_vote(context, account):
    """The places of somebody's choices on the ballot, as the cache keeps them."""
    law = await current_law(context)
    async with context.database.reading() as session:
        votes = await cached_votes(session, law.ballot_id, Span(b"", b"\xff" * 32))
    return votes.get(pseudonym(context.keys.get(BALLOT), "line", account))


async def test_ticks_become_additions_in_the_order_of_the_page(context):
    await open_now(context)
    recorded = await send(context, "U1", form("swing", "bench"))
    assert recorded.vote == vote("swing", "bench") == await counted_vote(context, "U1")
    assert [(one.op, one.choices) for one in await log_of(context, "U1")] == [
        ("add", ("swing",)),
        ("add", ("bench",)),
    ]


async def test_a_form_takes_out_before_it_puts_in(context):
    """With three chosen already, adding first would push out a choice that stays ticked."""
    await open_now(context)
    await send(context, "U1", form("bench", "stage", "swing"))
    sent = form("bench", "stage", "mist", shown=("bench", "stage", "swing"))
    assert (await send(context, "U1", sent)).vote == vote("bench", "stage", "mist")


async def test_the_vote_of_the_chat_is_seen_and_changed_by_a_form_and_the_other_way_round(context):
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=context.clock()))
    context.clock.pass_by(seconds=1)
    assert (await send(context, "U1", form("stage", shown=("bench",)))).vote == vote("stage")
    await cast(context, ballot, tap("U1", "add", "mist", at=context.clock.pass_by(seconds=1)))
    context.clock.pass_by(seconds=1)
    assert (await send(context, "U1", form("stage", "mist", shown=("stage", "mist")))).changed is False
    assert await counted_vote(context, "U1") == vote("stage", "mist")
    counted, _ = await count_with_votes(context, await current_law(context))
    assert counted.count.voters == 1


async def test_a_form_comes_after_a_tap_of_a_clock_ahead_of_ours(context):
    ballot = await open_now(context, OTHER_BALLOT)
    await cast(context, ballot, tap("U1", "add", "bench", at=context.clock() + timedelta(seconds=59)))
    recorded = await send(context, "U1", form("stage", shown=("bench",)), OTHER_BALLOT)
    assert recorded.vote == vote("stage") == await counted_vote(context, "U1", OTHER_BALLOT)


async def test_the_same_form_twice_is_once(context):
    await open_now(context)
    sent = form("bench", "stage")
    first = await send(context, "U1", sent)
    before = await log_of(context, "U1")
    context.clock.pass_by(seconds=1)
    assert await send(context, "U1", sent) == first
    assert await log_of(context, "U1") == before


async def test_the_same_form_at_the_same_moment_is_once(context):
    await open_now(context)
    sent = form("bench", "stage")
    answers = await asyncio.gather(*(send(context, "U1", sent) for _ in range(6)))
    assert {answer.vote for answer in answers} == {vote("bench", "stage")}
    assert len(await log_of(context, "U1")) == 2


async def test_a_form_sent_again_after_the_close_is_still_acknowledged(context):
    await open_now(context)
    sent = form("bench")
    await send(context, "U1", sent)
    context.clock.present = CLOSES
    assert (await send(context, "U1", sent)).vote == vote("bench")
    with pytest.raises(Gone):
        await send(context, "U1", form("stage", shown=("bench",)))


async def test_a_form_gone_back_to_is_heard_again_with_other_ticks(context):
    """Back in the browser shows the old page: the same number and the same choices shown, other ticks."""
    await open_now(context)
    number = new_ulid()
    await send(context, "U1", form("bench", number=number))
    recorded = await send(context, "U1", form("stage", number=number))
    assert recorded.vote == vote("bench", "stage")
    assert not is_as_asked(form("stage"), recorded.vote)


async def test_two_windows_both_change_what_they_differ_in(context):
    await open_now(context)
    first, second = form("bench"), form("stage")
    await send(context, "U1", second)
    assert (await send(context, "U1", first)).vote == vote("stage", "bench")


async def test_none_and_withdraw(context):
    await open_now(context)
    blank = await send(context, "U1", form("bench", wish="none"))
    assert await cached_vote(context, "U1") == ""
    assert blank.vote == Folded((), blank=True) == await counted_vote(context, "U1")
    assert (await send(context, "U1", form("mist"))).vote == vote("mist")
    assert (await send(context, "U1", form(wish="withdraw", shown=("mist",)))).vote is None
    assert await counted_vote(context, "U1") is await cached_vote(context, "U1") is None


async def test_unticking_everything_leaves_no_vote(context):
    await open_now(context)
    await send(context, "U1", form("mist"))
    assert (await send(context, "U1", form(shown=("mist",)))).vote is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (form(*OPTIONS), "too_many"),
        (form("bench", "lake"), "option_unknown"),
        (form("bench", shown=("lake",)), "option_unknown"),
        (form(), "nothing_ticked"),
    ],
)
async def test_a_form_against_the_rules_records_nothing(context, sent, code):
    await open_now(context)
    with pytest.raises(InvalidInput) as refusal:
        await send(context, "U1", sent)
    assert refusal.value.code == code
    assert await log_of(context, "U1") == []


async def test_an_option_withdrawn_after_the_page_was_made_is_refused_when_ticked(context):
    await open_now(context)
    await send(context, "U1", form("bench", "stage"))
    now = context.clock.pass_by(seconds=1)
    async with context.database.writing() as session:
        await withdraw_option(session, "planner", BALLOT, now, "bench", "工事のため")
    for sent in (form("bench", "mist"), form("bench", "stage", shown=("bench", "stage"))):
        with pytest.raises(InvalidInput, match="option_withdrawn"):
            await send(context, "U1", sent)
    recorded = await send(context, "U1", form("stage", "mist", "swing", shown=("bench", "stage")))
    assert recorded.vote == vote("stage", "mist", "swing")


@pytest.mark.parametrize("present", [OPENS - MS, CLOSES, CLOSES + timedelta(days=9)])
async def test_outside_the_window_nothing_is_recorded(context, present):
    await open_now(context, at_once=False)
    context.clock.present = present
    with pytest.raises(Gone):
        await send(context, "U1", form("bench"))
    assert await log_of(context, "U1") == []


async def test_the_last_millisecond_counts_whole(context):
    await open_now(context)
    context.clock.present = CLOSES - MS
    assert (await send(context, "U1", form("bench", "stage", "swing"))).vote == vote("bench", "stage", "swing")
    assert await counted_vote(context, "U1") == vote("bench", "stage", "swing")


async def test_into_a_ballot_being_sealed_nothing_is_put_and_the_sender_is_told(context):
    """The form waits for the seal to be done, and is then told that the ballot takes no vote."""
    await open_now(context)
    await send(context, "U1", form("bench"))
    now = context.clock.pass_by(seconds=1)
    async with context.database.writing() as session:
        await close_ballot(session, "test", BALLOT, now, at_once=True)
    context.clock.pass_by(seconds=GRACE_S)
    waiting = None
    async with context.database.writing() as session:
        await hold_appends(session)
        waiting = asyncio.create_task(send(context, "U2", form("stage")))
        await asyncio.sleep(0.1)
        assert not waiting.done(), "it must not pass while the seal is being put"
        assert await seal_ballot(session, "test", BALLOT, context.clock())
    with pytest.raises(Gone):
        await waiting
    assert await log_of(context, "U2") == []


async def test_a_form_that_came_first_is_in_what_is_sealed(context):
    await open_now(context)
    context.clock.present = CLOSES - MS
    async with context.database.writing() as session:
        await share_appends(session)
        voter = pseudonym(context.keys.get(BALLOT), "line", "U1")
        await record_form(session, BALLOT, voter, form("bench"), context.clock())
        sealing = asyncio.create_task(seal(context))
        await asyncio.sleep(0.1)
        assert not sealing.done()
    await sealing
    assert await counted_vote(context, "U1") == vote("bench")


async def seal(context):
    async with context.database.writing() as session:
        await hold_appends(session)
        context.clock.present = CLOSES + timedelta(seconds=GRACE_S)
        await close_ballot(session, "test", BALLOT, CLOSES, at_once=False)
        await seal_ballot(session, "test", BALLOT, context.clock())


_subsets = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=4)
_wishes = st.sampled_from(["choose", "choose", "none", "withdraw"])
_acts = st.one_of(
    st.tuples(
        st.just("tap"),
        st.sampled_from(["add", "add", "remove", "none", "withdraw"]),
        _subsets,
        st.integers(-1_500, 1_500),
    ),
    st.tuples(st.just("form"), _wishes, _subsets),
    st.tuples(st.just("stale"), _wishes, _subsets),
    st.tuples(st.just("again")),
)
_histories = st.lists(st.tuples(_acts, st.integers(0, 2_000)), max_size=14)


class Chosen:
    """What a voter should hold, kept apart from the product: all that was done, replayed by moment and turn."""

    def __init__(self):
        self.done = []
        self.before = None

    def do(self, at_ms, *changes):
        self.done += [(at_ms, len(self.done) + i, op, proposal) for i, (op, proposal) in enumerate(changes)]

    def do_after(self, now_ms, *changes):
        """Now, but after everything else; ``before`` is the vote until then."""
        self.before = self.vote
        self.do(max([now_ms, *(moment[0] + 1 for moment in self.done)]), *changes)

    @property
    def vote(self):
        held, blank = {}, False
        for at_ms, turn, op, proposal in sorted(self.done):
            if op == "remove":
                held.pop(proposal, None)
            elif op == "add":
                held[proposal] = (at_ms, turn)
                held = dict(sorted(held.items(), key=lambda item: item[1])[-MOST:])
                blank = False
            else:
                held, blank = {}, op == "none"
        choices = tuple(sorted(held, key=held.get))
        return Folded(choices, blank=blank) if choices or blank else None


class Person:
    """One voter in the chat and in several windows; whatever is done is told to the model too."""

    def __init__(self, context, ballot):
        self.context, self.ballot = context, ballot
        self.account, self.model = new_ulid(), Chosen()
        self.shown, self.last = (), None

    async def tap(self, op, names, skew_ms):
        """A tap by a clock that may differ from ours by ``skew_ms``."""
        named = names[:1] if op in ("add", "remove") else []
        if named or op in ("none", "withdraw"):
            at = self.context.clock() + timedelta(milliseconds=skew_ms)
            event_id = f"~{self.account}-{len(self.model.done):03}"
            await cast(self.context, self.ballot, tap(self.account, op, *named, at=at, event_id=event_id))
            self.model.do(to_ms(at), (op, *(named or [""])))

    async def form(self, wish, names):
        """A form of a page that was just loaded: it comes out as asked, or is refused."""
        self.shown = self.model.vote.choices if self.model.vote else ()
        await self.stale(wish, names)

    async def stale(self, wish, names):
        """A form of the page that was loaded last, whatever happened since."""
        sent = form(*names, shown=self.shown, wish=wish)
        if wish == "choose" and (len(names) > MOST or not (names or self.shown)):
            with pytest.raises(InvalidInput):
                await send(self.context, self.account, sent)
            return
        self.model.do_after(to_ms(self.context.clock()), *((op, *(c or ("",))) for op, c in sent.changes))
        self.last = sent
        await self.again()
        fresh = self.shown == (self.model.before.choices if self.model.before else ())
        assert not fresh or is_as_asked(sent, self.model.vote)

    async def again(self, *_):
        """The last form once more; the model hears nothing of it."""
        if self.last is not None:
            assert (await send(self.context, self.account, self.last)).vote == self.model.vote


@given(history=_histories)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_random_forms_and_taps_come_to_what_the_model_says(context, history):
    person = Person(context, await opened(context))
    for (act, *arguments), pause in history:
        context.clock.pass_by(milliseconds=pause)
        await getattr(person, act)(*arguments)
    assert await counted_vote(context, person.account) == person.model.vote


async def opened(context):
    """The ballot, opened by the first example; the clock then goes on, so that early taps are in the window."""
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
    if ballot.state == "scheduled":
        await open_now(context)
        context.clock.pass_by(seconds=10)
    return OpenBallot(ballot.id, BALLOT, context.keys.get(BALLOT))
