"""Carousels: the same bytes for all who start at the same option, and every start about equally often."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from support.line import BALLOT, offered, person, text, words

from civic.ballots.actions import withdraw_option
from civic.ballots.rules import ROTATIONS, rotation_of
from civic.kernel.security import pseudonym
from webhooks.line.carousels import Carousels
from webhooks.line.questions import Questions


async def question_of(place):
    async with place.context.database.reading() as session:
        (question,) = await Questions("https://vote.example.jp").open_now(session)
    return question


@given(key=st.binary(min_size=32, max_size=32), voter=st.binary(min_size=16, max_size=16))
def test_a_voter_always_starts_at_the_same_option(key, voter):
    assert 0 <= rotation_of(key, voter) == rotation_of(key, voter) < ROTATIONS


def test_every_start_comes_about_equally_often():
    key = bytes(range(32))
    starts = Counter(rotation_of(key, pseudonym(key, "line", person(number))) for number in range(6_000))
    # Binomial(6000, 1/12): 500 with a standard deviation of 21.4; six of these are 1 in 10^8.
    assert set(starts) == set(range(12))
    assert all(abs(number - 500) < 130 for number in starts.values())


def test_another_ballot_starts_elsewhere():
    keys = bytes(32), bytes(range(32))
    voters = [person(number).encode()[:16] for number in range(50)]
    assert [rotation_of(keys[0], voter) for voter in voters] != [rotation_of(keys[1], voter) for voter in voters]


async def test_people_with_the_same_start_get_the_same_bytes(sqlite_place):
    key = sqlite_place.context.keys.get(BALLOT)
    rotations: dict[int, set[str]] = {}
    for number in range(40):
        (reply,) = await sqlite_place.handle(text(person(number), "投票"))
        rotations.setdefault(rotation_of(key, pseudonym(key, "line", person(number))), set()).add(words(reply))
    assert all(len(replies) == 1 for replies in rotations.values())
    assert len({frozenset(replies) for replies in rotations.values()}) == 4  # four options, so four beginnings
    assert not any(
        person(number) in words(sorted(replies)) for replies in rotations.values() for number in range(40)
    )


async def test_a_withdrawal_is_seen_in_the_next_carousel(sqlite_place):
    store = Carousels()
    before = store.get(await question_of(sqlite_place), "ja", 0, 0)
    assert before is store.get(await question_of(sqlite_place), "ja", 0, 0)
    assert b"idea-03" in before
    await sqlite_place.handle(text(person(1), "投票"))
    async with sqlite_place.context.database.writing() as session:
        await withdraw_option(session, "test", BALLOT, sqlite_place.clock(), "idea-03", "試験のため")
    assert b"idea-03" not in store.get(await question_of(sqlite_place), "ja", 0, 0)
    (reply,) = await sqlite_place.handle(text(person(1), "投票"))
    assert sum(data.startswith("v=add") for data in offered(reply)) == 3


async def test_the_store_stays_small(sqlite_place):
    store = Carousels()
    question = await question_of(sqlite_place)
    first = store.get(question, "ja", 0, 0)
    for page in range(600):
        store.get(question, "en", 0, page)
    again = store.get(question, "ja", 0, 0)
    assert (again == first, again is first) == (True, False)
