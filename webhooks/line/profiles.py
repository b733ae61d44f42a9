"""The language of a new friend's phone, asked of LINE beside the inbox; nothing else of a profile is read.

Nobody waits for it but the new friend, and that only for a moment: then the greeting is in Japanese, and what LINE
says later is noted for the next message.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from civic.kernel.clock import monotonic
from civic.kernel.i18n import SOURCE_LANGUAGE, supported_language
from webhooks.line.client import LineClient

WITHIN_S = 2.0
"""Nobody is greeted later than this for a LINE that does not answer."""

AT_ONCE = 16
"""Questions under way at most."""

MOST_WAITING = 16
"""So many greetings wait for LINE; in a rush of new friends the others go out at once."""

MOST_ASKED = 10_000
"""More phones are not asked for: the language can be chosen in the greeting."""


class AskFirst(Exception):
    """LINE has been asked, and may answer in a moment."""


@dataclass
class _Question:
    """``waited_for``: the greeting still waits; without that the answer is for later."""

    answer: asyncio.Task[str]
    until: float
    waited_for: bool

    @property
    def is_open(self) -> bool:
        """Whether the greeting goes on waiting."""
        return self.waited_for and not self.answer.done() and monotonic() < self.until


class PhoneLanguages:
    """Languages of people whom we do not know yet, from the question to LINE until somebody takes the answer."""

    def __init__(self, client: LineClient | None) -> None:
        self._client = client
        self._lanes = asyncio.Semaphore(AT_ONCE)
        self._questions: dict[str, _Question] = {}

    def take(self, account: str) -> str:
        """The language of a person's phone, as far as LINE says it in time; AskFirst while it may still say it."""
        if self._client is None:
            return SOURCE_LANGUAGE
        question = self._questions.get(account) or self._ask(self._client, account)
        if question is None:
            return SOURCE_LANGUAGE
        if question.answer.done():
            return self._questions.pop(account).answer.result()
        if question.is_open:
            raise AskFirst
        question.waited_for = False
        return SOURCE_LANGUAGE

    def is_awaited(self, account: str) -> bool:
        """Whether LINE was asked for this person and may still answer in time."""
        question = self._questions.get(account)
        return question is not None and question.is_open

    def take_late(self) -> Mapping[str, str]:
        """What LINE said after the greeting was out, by account; what nobody came back for is dropped."""
        answered = [account for account, question in self._questions.items() if question.answer.done()]
        late = {account for account in answered if not self._questions[account].waited_for}
        forgotten = {account for account in answered if monotonic() > self._questions[account].until + WITHIN_S}
        said = {account: self._questions.pop(account).answer.result() for account in late | forgotten}
        return {account: said[account] for account in late}

    async def settle(self) -> bool:
        """Wait a moment for what is asked; False when nothing is."""
        open_questions = [question.answer for question in self._questions.values()]
        if open_questions:
            await asyncio.wait(open_questions, timeout=WITHIN_S)
        return bool(open_questions)

    def _ask(self, client: LineClient, account: str) -> _Question | None:
        if len(self._questions) >= MOST_ASKED:
            return None
        has_room = sum(question.waited_for for question in self._questions.values()) < MOST_WAITING
        answer = client.beside(self._language(client, account))
        question = _Question(answer, monotonic() + WITHIN_S, has_room)
        self._questions[account] = question
        return question

    async def _language(self, client: LineClient, account: str) -> str:
        async with self._lanes:
            return supported_language(await client.profile_language(account))
