"""``test 4F7K``: a colleague who plans messages wants to get them first, as a test."""

import re
import unicodedata

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.residents.testers import become_tester
from webhooks.line import messages
from webhooks.line.answers.desk import Asking, Desk, as_json

_WORD = re.compile(r"(?:test|テスト)[ :]*([0-9a-z]{4})", re.ASCII)


def tester_word(said: str) -> str | None:
    """The word in a text that is nothing but ``test`` and a word; None in any other."""
    found = _WORD.fullmatch(" ".join(unicodedata.normalize("NFKC", said).casefold().split()))
    return found[1] if found else None


async def take_in(desk: Desk, session: AsyncSession, asking: Asking, word: str) -> bytes | None:
    """Make whoever says a good word a tester; None when it is none."""
    account, at_ms = asking.account, asking.at_ms
    name = await become_tester(session, desk.vault, account, word, at_ms, desk.clock())
    return as_json(messages.tester_welcome(name, asking.lang)) if name is not None else None
