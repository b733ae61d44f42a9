import asyncio

import pytest

from civic.audit.queries import latest_entries
from civic.kernel.errors import Conflict, InvalidInput, NotFound
from civic.staff.actions import accept_invitation, invite_staff, note_use, remove_staff, sign_out
from civic.staff.queries import invited, names_by_actor, present_staff, signed_in


async def invite(context, name="佐藤 花", role="planner", actor="cli"):
    async with context.database.writing() as session:
        return await invite_staff(session, actor, name, role, context.clock())


async def accept(context, token):
    async with context.database.writing() as session:
        return await accept_invitation(session, token, context.clock())


async def remove(context, name="佐藤 花", actor="cli"):
    async with context.database.writing() as session:
        await remove_staff(session, actor, name, context.clock())


async def who(context, token):
    """Name and role of whoever a session's token lets in."""
    async with context.database.reading() as session:
        found = await signed_in(session, token, context.clock())
    return (found.account.name, found.account.role) if found else None


async def present(context):
    async with context.database.reading() as session:
        return [
            (p.account.name, p.account.role, p.signed_in) for p in await present_staff(session, context.clock())
        ]


async def trail(context):
    async with context.database.reading() as session:
        return [(entry.actor, entry.verb, entry.subject) for entry in reversed(await latest_entries(session, 50))]


async def test_a_link_signs_in_once(context):
    invitation = await invite(context)
    token = await accept(context, invitation.token)
    assert await who(context, token) == ("佐藤 花", "planner")
    with pytest.raises(NotFound):
        await accept(context, invitation.token)
    assert await who(context, token) is not None, "a refused second use harms nobody"


async def test_two_tabs_at_once_make_one_session(context):
    invitation = await invite(context)
    ended = await asyncio.gather(*(accept(context, invitation.token) for _ in range(6)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["NotFound"] * 5 + ["str"]


async def test_a_link_lasts_three_days(context):
    early, late = await invite(context, "A"), await invite(context, "B")
    context.clock.pass_by(hours=71, minutes=59)
    await accept(context, early.token)
    context.clock.pass_by(minutes=1)
    with pytest.raises(NotFound):
        await accept(context, late.token)


async def test_a_newer_link_replaces_the_older_one(context):
    old, new = await invite(context), await invite(context)
    with pytest.raises(NotFound):
        await accept(context, old.token)
    assert await accept(context, new.token)
    assert await present(context) == [("佐藤 花", "planner", True)]


async def test_two_who_invite_the_same_name_at_once_make_one_account(context):
    invitations = await asyncio.gather(*(invite(context) for _ in range(5)))
    assert len(await present(context)) == 1
    opened = 0
    for invitation in invitations:
        async with context.database.reading() as session:
            try:
                await invited(session, invitation.token, context.clock())
            except NotFound:
                continue
        opened += 1
    assert opened == 1


@pytest.mark.parametrize("token", ["", "x", "' or 1=1 --", "\ud800", "\x00", "z" * 10_000])
async def test_a_token_that_was_never_made_opens_nothing(context, token):
    await invite(context)
    with pytest.raises(NotFound):
        await accept(context, token)
    assert await who(context, token) is None


async def test_a_link_is_no_session_and_a_session_no_link(context):
    invitation = await invite(context)
    assert await who(context, invitation.token) is None
    token = await accept(context, invitation.token)
    with pytest.raises(NotFound):
        await accept(context, token)


async def test_the_database_holds_no_token(context):
    invitation = await invite(context)
    async with context.database.reading() as session:
        connection = await session.connection()
        for table in ("staff_invitation", "staff_session", "audit_entry"):
            rows = (await connection.exec_driver_sql(f"select * from {table}")).all()
            assert invitation.token not in repr(rows)
            assert invitation.token.encode() not in repr(rows).encode()


async def test_a_session_slides_while_it_is_used_but_not_past_a_working_day(context):
    token = await accept(context, (await invite(context)).token)
    context.clock.pass_by(hours=7)
    async with context.database.writing() as session:
        await note_use(session, token, context.clock())
    context.clock.pass_by(hours=4, minutes=59)
    assert await who(context, token)
    context.clock.pass_by(minutes=1)
    assert await who(context, token) is None


async def test_an_idle_session_ends(context):
    token = await accept(context, (await invite(context)).token)
    context.clock.pass_by(hours=8)
    assert await who(context, token) is None
    assert await present(context) == [("佐藤 花", "planner", False)]


async def test_signing_out_ends_this_session_only(context):
    here = await accept(context, (await invite(context)).token)
    there = await accept(context, (await invite(context)).token)
    async with context.database.writing() as session:
        await sign_out(session, here, context.clock())
        await sign_out(session, "unknown", context.clock())
    assert await who(context, here) is None
    assert await who(context, there)


async def test_removal_ends_sessions_and_links_at_once(context):
    token = await accept(context, (await invite(context)).token)
    invitation = await invite(context)
    await remove(context)
    assert await who(context, token) is None
    with pytest.raises(NotFound):
        await accept(context, invitation.token)
    assert await present(context) == []
    with pytest.raises(NotFound):
        await remove(context)


async def test_removal_and_sign_in_at_once_leave_nobody_inside(context):
    for turn in range(5):
        invitation = await invite(context, f"N{turn}")
        token, _ = await asyncio.gather(
            accept(context, invitation.token), remove(context, f"N{turn}"), return_exceptions=True
        )
        assert isinstance(token, NotFound) or await who(context, token) is None
    assert await present(context) == []


async def test_whoever_comes_back_is_a_new_account(context):
    old = await accept(context, (await invite(context)).token)
    await remove(context)
    new = await accept(context, (await invite(context, role="facilitator")).token)
    assert await who(context, old) is None
    assert await who(context, new) == ("佐藤 花", "facilitator")
    async with context.database.reading() as session:
        assert sorted((await names_by_actor(session)).values()) == ["佐藤 花", "佐藤 花"]


async def test_an_invitation_with_another_role_changes_the_role_of_running_sessions(context):
    token = await accept(context, (await invite(context, role="owner")).token)
    await invite(context, role="facilitator")
    assert await who(context, token) == ("佐藤 花", "facilitator")


async def test_nobody_ends_or_changes_their_own_account(context):
    await invite(context, role="owner")
    [me] = await names_of(context)
    with pytest.raises(Conflict):
        await remove(context, actor=me)
    with pytest.raises(Conflict):
        await invite(context, role="planner", actor=me)
    await invite(context, role="owner", actor=me)
    assert await present(context) == [("佐藤 花", "owner", False)]


async def names_of(context):
    async with context.database.reading() as session:
        return list(await names_by_actor(session))


async def test_a_bad_name_or_role_makes_no_account(context):
    for name, role in (("", "planner"), ("x" * 61, "planner"), ("A", "root"), ("A\u202eB", "owner")):
        with pytest.raises(InvalidInput):
            await invite(context, name, role)
    assert await present(context) == []
    assert await trail(context) == []


async def test_the_trail_names_people_by_number(context):
    token = await accept(context, (await invite(context)).token)
    async with context.database.writing() as session:
        await sign_out(session, token, context.clock())
    await remove(context)
    [me] = await names_of(context)
    assert await trail(context) == [
        ("cli", "staff.invited", me),
        (me, "staff.signed_in", me),
        (me, "staff.signed_out", me),
        ("cli", "staff.removed", me),
    ]
