"""What somebody took back is forgotten: the sealed bodies of that message which still lie in the inbox."""

import re

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.errors import NotFound
from civic.kernel.security import Vault
from webhooks.line import inbox

_MESSAGE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


async def forget_message(session: AsyncSession, vault: Vault, message_id: str) -> None:
    """Erase every body that holds a message, whether it waits to be tried again or was put aside.

    A handled message left nothing behind, and one that was never tried is handled now; so there is something to
    do only when it failed before, or was odd: therefore bodies are searched as bytes and not read as events.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        return
    await erase_bodies_with(session, vault, re.compile(rb'"id"\s*:\s*"%s"' % re.escape(message_id.encode())))


async def erase_bodies_with(session: AsyncSession, vault: Vault, sign: re.Pattern[bytes]) -> None:
    """Erase every body that stays for longer and holds a sign."""
    kept = await inbox.kept_bodies(session)
    await inbox.erase(session, [key for key, body in kept if sign.search(_opened(vault, body))])


def _opened(vault: Vault, body: bytes) -> bytes:
    """The plain bytes of a body; none when it was sealed with a secret that we do not have any more."""
    try:
        return vault.open(body, inbox.SEALED_AS)
    except NotFound:
        return b""
