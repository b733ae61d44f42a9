"""What an answer of LINE to a multicast means for the chunk, and for the whole channel."""

import random
import re
from datetime import timedelta
from enum import StrEnum

from webhooks.line.client import NO_ANSWER, Answer

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)

_MOST_DOUBLINGS = 10
"""More would not make a pause longer; in an outage of a day there are hundreds of attempts."""

_MONTHLY_LIMIT = "monthly limit"
_ONE_PERSON = "same user"
_NAMED = re.compile(r"to\[(\d{1,3})\]")


class Verdict(StrEnum):
    """``SENT``, ``ALREADY`` and ``REFUSED`` settle a chunk, under these names in the database.

    ``LATER`` tries it again, ``CHANNEL_WAITS`` lets everything of the channel wait with it, ``MONTH_USED_UP``
    stops the campaign, and ``WITHOUT_SOME`` tries again without the people whom LINE named.
    """

    SENT = "sent"
    ALREADY = "already"
    REFUSED = "refused"
    LATER = "later"
    CHANNEL_WAITS = "channel_waits"
    MONTH_USED_UP = "month_used_up"
    WITHOUT_SOME = "without_some"


def verdict_on(answer: Answer, people: int) -> Verdict:
    """Of a request to so many people. 200 sent, 409 was sent before; no answer and 5xx wait; other 4xx is final.

    But 429 has three meanings, and 400 may name people. A token that LINE does not take (401, 403) is put right by
    staff: until then all wait.
    """
    match answer.status:
        case 200:
            return Verdict.SENT
        case 409:
            return Verdict.ALREADY
        case 429:
            return _too_many(answer.reason)
        case 401 | 403:
            return Verdict.CHANNEL_WAITS
        case 400 if named_people(answer, people):
            return Verdict.WITHOUT_SOME
        case status if status == NO_ANSWER or status >= 500:
            return Verdict.LATER
        case _:
            return Verdict.REFUSED


def was_not_taken(answer: Answer) -> bool:
    """Whether LINE surely has not taken the request: then nobody in it can have heard."""
    return 400 <= answer.status < 500 and answer.status != 409


def named_people(answer: Answer, people: int) -> set[int]:
    """The places in a list of so many recipients that LINE found wrong."""
    matches = (_NAMED.fullmatch(name) for name in answer.properties)
    return {place for match in matches if match and (place := int(match[1])) < people}


def pause_after(attempts: int, answer: Answer) -> timedelta:
    """Exponential backoff with jitter, so that many do not come back together; longer when LINE asks for it."""
    longest = min(FIRST_PAUSE * 2 ** min(attempts, _MOST_DOUBLINGS), LONGEST_PAUSE).total_seconds()
    backoff = random.uniform(longest / 2, longest)  # noqa: S311 - jitter, not a secret
    return timedelta(seconds=max(backoff, answer.retry_after_s))


def _too_many(reason: str) -> Verdict:
    if _MONTHLY_LIMIT in reason:
        return Verdict.MONTH_USED_UP
    return Verdict.REFUSED if _ONE_PERSON in reason else Verdict.CHANNEL_WAITS
