"""What a resident does about the relation itself: follow, leave, agree, choose a language."""

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import from_ms
from civic.kernel.i18n import SOURCE_LANGUAGE
from civic.kernel.security import Vault
from civic.residents.queries import ACCOUNT_HASH, ACCOUNT_SEAL, resident_of
from civic.residents.tables import Resident

CONSENT_VERSION = "2026-11"


async def follow(
    session: AsyncSession, vault: Vault, account: str, at_ms: int, language: str = SOURCE_LANGUAGE
) -> Resident:
    """Become a friend, or a friend again; an event older than the last one known changes nothing.

    ``language`` is that of somebody new; who is known keeps the one that was chosen.
    """
    resident = await resident_of(session, vault, account)
    if resident is None:
        resident = Resident(
            line_id_hash=vault.keyed_hash(account, ACCOUNT_HASH),
            line_id_sealed=vault.seal(account.encode(), ACCOUNT_SEAL),
            language=language,
            follow_changed_ms=at_ms,
        )
        session.add(resident)
        await session.flush()
    _set_following(resident, at_ms, True)
    return resident


async def unfollow(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """Leave: no message goes there any more. A vote already cast stays."""
    resident = await resident_of(session, vault, account)
    if resident is not None:
        _set_following(resident, at_ms, False)


async def agree(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> None:
    """Keep the version of the consent and the day it was given."""
    resident = await _known(session, vault, account, at_ms)
    resident.consent_version = CONSENT_VERSION
    resident.consented_at = from_ms(at_ms).replace(hour=0, minute=0, second=0, microsecond=0)


async def choose_language(session: AsyncSession, vault: Vault, account: str, language: str, at_ms: int) -> None:
    """Speak this language from now on."""
    resident = await _known(session, vault, account, at_ms)
    resident.language = language


async def _known(session: AsyncSession, vault: Vault, account: str, at_ms: int) -> Resident:
    """The resident of an account; somebody who was a friend before we listened is written down now."""
    resident = await resident_of(session, vault, account)
    return resident or await follow(session, vault, account, at_ms)


def _set_following(resident: Resident, at_ms: int, follows: bool) -> None:
    if at_ms >= resident.follow_changed_ms:
        resident.follows, resident.follow_changed_ms = follows, at_ms
