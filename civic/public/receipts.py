"""Read what a receipt number stands for."""

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import Law, ballot_by_number, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.kernel.clock import from_ms
from civic.kernel.errors import NotFound
from civic.kernel.i18n import localized
from civic.kernel.ids import normalize_receipt
from civic.public.pages import Named
from civic.public.pages_ballots import ReceiptPage
from civic.votes.queries import operation_by_receipt, tap_of, terms_of
from civic.votes.rules import in_time, is_valid
from civic.votes.tables import Operation
from civic.web.times import hour


async def receipt_page(session: AsyncSession, typed: str, lang: str) -> ReceiptPage:
    """What a receipt number stands for, without the choices. NotFound when no operation has it."""
    code = normalize_receipt(typed)
    operation = await operation_by_receipt(session, code) if code else None
    if operation is None:
        raise NotFound(
            "receipt_unknown",
            "この受付番号の記録は見つかりません。英数字16文字を確かめて、もう一度入れてください。",
        )
    ballot = await ballot_by_number(session, operation.ballot_id)
    law = await law_of(session, ballot)
    return ReceiptPage(
        code=operation.receipt,
        ballot=Named(localized(ballot.title, lang), f"/b/{ballot.slug}"),
        hour=hour(from_ms(operation.at_ms), lang),
        standing=standing(operation, law),
        results_published=ballot.state in COUNTING_STATES,
    )


def standing(operation: Operation, law: Law) -> str:
    """Whether an operation counts: counted, early, late, invalid, or cancelled with the ballot."""
    at = from_ms(operation.at_ms)
    tap = tap_of(operation)
    if law.state == "cancelled":
        return "cancelled"
    if at < law.opens_at:
        return "early"
    if not in_time(tap, terms_of(law)):
        return "late"
    return "counted" if is_valid(tap, terms_of(law)) else "invalid"
