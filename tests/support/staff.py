"""People at work for a test: invited, signed in through the pages, with the cookie of their browser."""

from __future__ import annotations

from support.site import Answer, Site

from civic.staff.actions import Invitation, invite_staff


async def invite(site: Site, name: str, role: str) -> Invitation:
    """A sign-in link, as the command makes it."""
    async with site.context.database.writing() as session:
        return await invite_staff(session, "cli", name, role, site.clock())


def cookie_of(answer: Answer) -> str:
    """What a browser would send back: name and value of the cookie that was set."""
    return answer.headers["set-cookie"].partition(";")[0]


async def sign_in(site: Site, name: str, role: str) -> str:
    """Invite somebody and use the link; gives the ``Cookie`` header of their browser."""
    invitation = await invite(site, name, role)
    return cookie_of(await site.post(invitation.path))
