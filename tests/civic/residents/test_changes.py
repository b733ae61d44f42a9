"""What residents decide about themselves ends the same however late, often and disordered the events come."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from civic.jobs.retention import purge
from civic.kernel.clock import from_ms
from civic.kernel.ids import new_ulid
from civic.residents import actions
from civic.residents.queries import opted_out, resident_of
from civic.residents.rules import RELATIONS
from civic.residents.tables import ResidentOptOut

# The later of two in one millisecond stands behind: there the word that leaves us silent and knowing less counts.
DEEDS = (
    ("follow",),
    ("unfollow",),
    ("resume",),
    *(("opt_in", kind) for kind in ("result", "last_chance")),
    *(("opt_out", kind) for kind in ("result", "last_chance")),
    ("stop",),
    *(("language", lang) for lang in ("en", "ja", "ja@easy")),
    *(("say", relation) for relation in RELATIONS[:2]),
    *(("take_back", relation) for relation in RELATIONS[:2]),
    ("unsaid",),
)
DO = {
    "follow": actions.follow,
    "unfollow": actions.unfollow,
    "resume": actions.resume_messages,
    "stop": actions.stop_messages,
    "opt_in": actions.opt_in,
    "opt_out": actions.opt_out,
    "language": actions.choose_language,
    "say": actions.say_relation,
    "take_back": actions.take_back_relation,
    "unsaid": actions.forget_relations,
}
events = st.tuples(st.integers(2, 9), st.sampled_from(range(len(DEEDS))))


@st.composite
def deliveries(draw):
    """Events of one person, some of them twice, in any order."""
    happened = draw(st.lists(events, min_size=1, max_size=8))
    twice = draw(st.lists(st.sampled_from(happened), max_size=3))
    return draw(st.permutations(happened + twice))


def by_the_book(delivered):
    """The state after each event once, in the order of their times."""
    stopped, language, refused, relations = False, "ja", set(), set()
    for _, (name, *about) in ((at, DEEDS[deed]) for at, deed in sorted(set(delivered))):
        match name:
            case "stop" | "resume":
                stopped = name == "stop"
                refused = set() if name == "resume" else refused
            case "opt_out":
                refused = refused | {*about}
            case "opt_in":
                refused = refused - {*about}
            case "language":
                (language,) = about
            case "say":
                relations = relations | {*about}
            case "take_back":
                relations = relations - {*about}
            case "unsaid":
                relations = set()
    return follows(delivered), stopped, language, refused, relations


def follows(delivered):
    """The later of following and leaving, in one millisecond leaving; nothing else is a sign of it."""
    left = [at for at, deed in delivered if DEEDS[deed] == ("unfollow",)]
    stayed = [at for at, deed in delivered if DEEDS[deed] == ("follow",)]
    return max(left, default=0) < max(stayed, default=1)


async def test_old_changes_are_known_by_their_day_only_and_still_decide(context):
    """After a month nothing tells at which moment somebody chose; what is older than that day is still older."""
    account, day = "U" + "5" * 32, 86_400_000
    async with context.database.writing() as session:
        await actions.follow(session, context.vault, account, day + 1)
        await actions.say_relation(session, context.vault, account, "live", day + 2)
        await actions.opt_out(session, context.vault, account, "result", day + 3)
        await actions.stop_messages(session, context.vault, account, 9 * day + 4)
    await purge(replace(context, clock=lambda: from_ms(5 * day) + timedelta(days=context.settings.keep_days)))
    async with context.database.writing() as session:
        known = await resident_of(session, context.vault, account)
        kinds = (await session.exec(select(ResidentOptOut.changed_ms))).all()
        times = known.relation_times, known.relations_changed_ms, kinds
        assert times == ({"live": 2 * day}, 2 * day, [2 * day])
        assert (known.stopped_ms, known.follow_changed_ms) == (9 * day + 4, 2 * day)  # the stop is not old enough
        assert not await actions.opt_in(session, context.vault, account, "result", day + 5)


@given(delivered=deliveries())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_only_the_times_of_the_events_decide(context, delivered):
    account = "U" + hashlib.sha256(new_ulid().encode()).hexdigest()[:32]
    async with context.database.writing() as session:
        await actions.follow(session, context.vault, account, 1)
        for at_ms, deed in delivered:
            name, *about = DEEDS[deed]
            await DO[name](session, context.vault, account, *about, at_ms)
        known = await resident_of(session, context.vault, account)
        refused = await opted_out(session, known.id)
    told = known.follows, known.messages_stopped, known.language, set(refused), set(known.relations)
    assert told == by_the_book(delivered)
