"""The recipients of a broadcast, frozen into chunks: read in pages, so that a whole city fits into little memory.

It runs outside any write transaction and gives way after each page. Who leaves between now and the first attempt
is taken out then (see ``campaigns``), so nothing has to be read again when the chunks are written down.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.canonical import sha256_hex
from civic.kernel.security import Vault
from civic.outbox.campaigns import FrozenChunk
from civic.outbox.rules import pack
from civic.residents.accounts import Accounts
from civic.residents.queries import Recipient, recipients
from webhooks.line.audiences import Audience
from webhooks.line.client import multicast_body

CHUNK = 500
"""LINE takes at most so many people in one request."""

PAGE = 4_000
"""Recipients read at once: some ten milliseconds of work."""

Letters = Callable[[str], bytes]
"""The messages of a request in a language, as JSON."""


@dataclass
class Freezing:
    """People gathered by language until they fill a chunk."""

    letters: Letters
    letter_of: dict[str, bytes] = field(default_factory=dict)
    chunks: list[FrozenChunk] = field(default_factory=list)
    _waiting: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def people(self) -> int:
        """How many are in the chunks."""
        return sum(chunk.people for chunk in self.chunks)

    @property
    def by_language(self) -> Mapping[str, int]:
        """How many are in the chunks, by language."""
        counted: Counter[str] = Counter()
        for chunk in self.chunks:
            counted[chunk.language] += chunk.people
        return counted

    def add(self, page: Sequence[Recipient], accounts: Sequence[str], meant: Sequence[bool]) -> None:
        """Those of a page who are meant."""
        for (number, language, *_), account, is_meant in zip(page, accounts, meant, strict=True):
            if is_meant:
                self._waiting[language].append((number, account))
        for language, waiting in self._waiting.items():
            while len(waiting) >= CHUNK:
                self._cut(language, waiting)

    def finish(self) -> None:
        """The last chunk of each language, and all chunks of a language together."""
        for language, waiting in self._waiting.items():
            if waiting:
                self._cut(language, waiting)
        self.chunks.sort(key=lambda chunk: chunk.language)

    def _cut(self, language: str, waiting: list[tuple[int, str]]) -> None:
        numbers, accounts = zip(*waiting[:CHUNK], strict=True)
        del waiting[:CHUNK]
        if language not in self.letter_of:
            self.letter_of[language] = self.letters(language)
        body = multicast_body(accounts, self.letter_of[language])
        self.chunks.append(FrozenChunk(language, pack(numbers), len(numbers), sha256_hex(body)))


async def freeze(
    session: AsyncSession, vault: Vault, kind: str, audience: Audience | None, letters: Letters
) -> Freezing:
    """Everybody who wants a kind of message and is meant by it, in chunks of one language."""
    frozen = Freezing(letters)
    async for page, accounts, meant in _pages(session, vault, kind, audience):
        frozen.add(page, accounts, meant)
    frozen.finish()
    return frozen


async def count_meant(session: AsyncSession, vault: Vault, kind: str, audience: Audience) -> Mapping[str, int]:
    """How many would be in the chunks, by language."""
    counted: Counter[str] = Counter()
    async for page, _, meant in _pages(session, vault, kind, audience):
        counted.update(language for (_, language, *_), is_meant in zip(page, meant, strict=True) if is_meant)
    return counted


async def _pages(
    session: AsyncSession, vault: Vault, kind: str, audience: Audience | None
) -> AsyncIterator[tuple[Sequence[Recipient], Sequence[str], Sequence[bool]]]:
    """Pages of recipients with their LINE ids, and whether each is meant."""
    opener, after = Accounts(vault), 0
    while page := await recipients(session, kind, after, PAGE):
        accounts = opener.open_many([sealed for *_, sealed, _ in page], [keyed for *_, keyed in page])
        yield page, accounts, await audience(session, accounts) if audience else [True] * len(page)
        after = page[-1][0]
        await asyncio.sleep(0)  # votes and pages go first
