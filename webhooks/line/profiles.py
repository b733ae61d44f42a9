"""The language of a new friend's phone, asked of LINE before the greeting; nothing else of a profile is read."""

import asyncio
from collections.abc import Sequence

from civic.kernel.i18n import SOURCE_LANGUAGE, supported_language
from webhooks.line.client import LineClient

WITHIN_S = 2.0
"""Nobody is greeted later than this for a LINE that does not answer; then it is in Japanese."""


class AskFirst(Exception):
    """LINE has still to be asked; that cannot happen inside a transaction."""


class PhoneLanguages:
    """Languages of people whom we do not know yet, kept from the answer of LINE to the greeting."""

    def __init__(self, client: LineClient | None) -> None:
        self._client = client
        self._wanted: set[str] = set()
        self._known: dict[str, str] = {}

    def take(self, account: str) -> str:
        """The language of a person's phone, as far as LINE says it; AskFirst when it was not asked yet."""
        if self._client is None:
            return SOURCE_LANGUAGE
        if account not in self._known:
            self._wanted.add(account)
            raise AskFirst
        return self._known.pop(account)

    async def ask(self) -> bool:
        """Ask LINE for all that are wanted, outside any transaction; False when there was nobody to ask for."""
        wanted, self._wanted = sorted(self._wanted), set()
        if not wanted or self._client is None:
            return False
        self._known.update(dict.fromkeys(wanted, SOURCE_LANGUAGE))
        self._known.update(zip(wanted, await _languages(self._client, wanted), strict=False))
        return True


async def _languages(client: LineClient, accounts: Sequence[str]) -> Sequence[str]:
    """The languages in the order of the accounts; none at all when LINE takes too long."""
    try:
        async with asyncio.timeout(WITHIN_S):
            tags = await asyncio.gather(*(client.profile_language(account) for account in accounts))
    except TimeoutError:
        return []
    return [supported_language(tag) for tag in tags]
