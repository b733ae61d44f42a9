"""What a programme holds beside its file: proposals that were registered on a page, and stay."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.storage import FileStore
from civic.programme_files.checking import Checked
from civic.programme_files.reading import parse_document
from civic.programmes.queries import find_programme
from civic.proposals.queries import proposals_of
from civic.proposals.tables import Proposal


async def registered_beside(session: AsyncSession, checked: Checked, store: FileStore) -> Sequence[Proposal]:
    """The stored proposals that neither this file nor the programme's last one names."""
    programme = await find_programme(session, checked.content.programme.slug)
    if programme is None:
        return []
    before = parse_document(checked.document.path, store.get(programme.source)).content
    named = {proposal.slug for file in (before, checked.content) for proposal in file.proposals}
    return [p for p in await proposals_of(session, programme.id or 0) if p.slug not in named]
