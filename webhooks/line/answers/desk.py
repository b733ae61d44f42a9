"""What all answers are given: the parts of the installation, and who asks in which language."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.clock import Clock
from civic.kernel.i18n import SOURCE_LANGUAGE
from civic.kernel.security import BallotKeys, Vault
from civic.residents.queries import resident_of
from webhooks.line.carousels import Carousels
from webhooks.line.messages import Message
from webhooks.line.profiles import PhoneLanguages
from webhooks.line.questions import Questions


@dataclass(frozen=True)
class Desk:
    """The parts of the installation that answers are made from."""

    vault: Vault
    keys: BallotKeys
    carousels: Carousels
    questions: Questions
    phones: PhoneLanguages
    clock: Clock
    base_url: str
    organiser: str
    liff_id: str = ""
    """Of the LIFF app that opens the voting form inside LINE; empty without one."""

    async def language_of(self, session: AsyncSession, account: str) -> str:
        """The language that a person chose; Japanese for somebody we do not know."""
        resident = await resident_of(session, self.vault, account)
        return resident.language if resident else SOURCE_LANGUAGE


@dataclass(frozen=True)
class Asking:
    """A person who asks: the LINE user id, the language of the answer, when it was (ms since 1970 UTC)."""

    account: str
    lang: str
    at_ms: int


def as_json(built: Sequence[Message]) -> bytes:
    """Messages as they are sent."""
    return orjson.dumps(built)
