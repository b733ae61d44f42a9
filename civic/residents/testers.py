"""People who get a campaign before the others, as a test: colleagues, who say a word in the chat to become one."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.audit.actions import record
from civic.kernel.errors import InvalidInput, NotFound
from civic.kernel.ids import CROCKFORD, as_crockford
from civic.kernel.security import Vault
from civic.residents.actions import follow
from civic.residents.queries import resident_of
from civic.residents.tables import MessageTester, Resident, TesterWord

WORD_LASTS = timedelta(minutes=15)
LONGEST_NAME = 40
_LETTERS = 4
_PURPOSE = "tester-word"


async def invite_tester(session: AsyncSession, actor: str, vault: Vault, name: str, now: datetime) -> str:
    """Make a word, which only its hash is kept of: ``4F7K``. InvalidInput without a name."""
    called = " ".join(name.split())
    if not 1 <= len(called) <= LONGEST_NAME:
        raise InvalidInput(
            "tester_name", "テストする人の名前を {longest} 文字までで入れてください。", longest=LONGEST_NAME
        )
    word = "".join(secrets.choice(CROCKFORD) for _ in range(_LETTERS))
    await session.exec(delete(TesterWord).where(col(TesterWord.expires_at) <= now))
    kept = TesterWord(word_hash=vault.keyed_hash(word, _PURPOSE), name=called, expires_at=now + WORD_LASTS)
    await session.merge(kept)
    record(session, actor, "tester.invited", "", now)
    return word


async def become_tester(
    session: AsyncSession, vault: Vault, account: str, word: str, at_ms: int, now: datetime
) -> str | None:
    """Whoever says a word becomes a tester: the name; None for a word that is unknown, used or too old."""
    known = col(TesterWord.word_hash).in_(vault.keyed_hashes(as_crockford(word), _PURPOSE))
    found = (await session.exec(select(TesterWord).where(known, col(TesterWord.expires_at) > now))).one_or_none()
    if found is None:
        return None
    resident = await resident_of(session, vault, account) or await follow(session, vault, account, at_ms)
    await session.merge(MessageTester(resident_id=resident.id or 0, name=found.name))
    await session.delete(found)
    await session.flush()
    return found.name


async def remove_tester(session: AsyncSession, actor: str, number: int, now: datetime) -> None:
    """No more tests for a tester, by the resident's number. NotFound for everybody else."""
    tester = await session.get(MessageTester, number)
    if tester is None:
        raise NotFound("tester_unknown", "このテストする人は、もう登録されていません。一覧を確かめてください。")
    await session.delete(tester)
    record(session, actor, "tester.removed", "", now)


async def testers(session: AsyncSession) -> Sequence[tuple[MessageTester, Resident]]:
    """The testers who are friends now, in the order of their numbers; some may have stopped all messages."""
    found = select(MessageTester, Resident).join(Resident).where(col(Resident.follows))
    return (await session.exec(found.order_by(col(MessageTester.resident_id)))).all()
