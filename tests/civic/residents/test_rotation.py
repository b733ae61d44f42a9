"""A new secret: everything is found and opened meanwhile, and afterwards with the new one alone."""

from dataclasses import replace

import pytest
from support.line import person

from civic.kernel.errors import NotFound
from civic.kernel.security import Vault
from civic.residents import actions
from civic.residents.queries import accounts_of, agreed_among, resident_of
from civic.residents.rotation import reseal_page

OLD, BOTH, NEW = Vault("old"), Vault("new", "old"), Vault("new")
PEOPLE = 7


@pytest.fixture
async def place(context):
    """Seven residents, all sealed with the old secret."""
    async with context.database.writing() as session:
        for number in range(PEOPLE):
            await actions.agree(session, OLD, person(number), 1_000)
    return context


async def everybody(context, vault):
    async with context.database.reading() as session:
        found = [await resident_of(session, vault, person(number)) for number in range(PEOPLE)]
        numbers = [resident.id for resident in found if resident is not None]
        agreed = await agreed_among(session, vault, [person(number) for number in range(PEOPLE)])
        return len(agreed), await accounts_of(session, vault, numbers)


async def rotate(context, after, limit):
    """One page."""
    async with context.database.writing() as session:
        return await reseal_page(session, BOTH, after, limit)


async def test_everybody_is_found_at_any_point_of_the_rotation(place):
    expected = (PEOPLE, [person(number) for number in range(PEOPLE)])
    after = 0
    for _ in range(4):
        assert await everybody(place, BOTH) == expected
        after = (await rotate(place, after, 2)).last
    assert await rotate(place, after, 2) is None
    assert await everybody(place, NEW) == expected


async def test_a_rotation_that_stopped_begins_again_and_changes_only_the_rest(place):
    await rotate(place, 0, 5)
    page = await rotate(place, 0, 6)
    assert (page.read, page.changed) == (6, 1)
    assert await everybody(place, BOTH) == (PEOPLE, [person(number) for number in range(PEOPLE)])


async def test_following_again_during_a_rotation_makes_nobody_twice(place):
    async with place.database.writing() as session:
        await actions.follow(session, BOTH, person(3), 2_000)
    async with place.database.reading() as session:
        assert (await resident_of(session, OLD, person(3))).follow_changed_ms == 2_000


async def test_without_the_old_secret_nothing_is_changed(place):
    with pytest.raises(NotFound):
        async with place.database.writing() as session:
            await reseal_page(session, Vault("new", "another"), 0)
    assert await everybody(replace(place, vault=OLD), OLD) == (PEOPLE, [person(n) for n in range(PEOPLE)])
