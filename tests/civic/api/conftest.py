"""The served site of tests/support/site.py, and a proposal that may not be shown."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import select
from support.site import Site, both_site, open_site, site, site_url, voted_site

from civic.proposals.tables import Proposal, ProposalVersion

__all__ = ["both_site", "open_site", "site", "site_url", "voted_site", "withheld"]


@pytest.fixture
def withheld(site: Site) -> Callable[[str], Awaitable[None]]:
    """Take back the consent to publish a proposal."""

    async def withhold(slug: str) -> None:
        async with site.context.database.writing() as session:
            versions = select(ProposalVersion).join(Proposal).where(Proposal.slug == slug)
            version = (await session.exec(versions)).one()
            version.content = {**version.content, "consent": {"publish": False}}
            session.add(version)

    return withhold
