"""The code of a place, as the QR code of a poster makes a phone say it: counted, and greeted by name.

``https://line.me/R/oaMessage/@id/?場所 chuo-park`` opens the chat with 「場所 chuo-park」 to be sent.
"""

import re
import unicodedata

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.kernel.ids import SLUG
from civic.residents.actions import count_arrival
from civic.residents.queries import resident_of
from civic.sites.queries import site_by_slug
from webhooks.line import messages
from webhooks.line.answers.desk import Asking, Desk, as_json
from webhooks.line.messages import settings, wording

_CODE = re.compile(rf"(?:s ?= ?|(?:場所|ばしょ|place)[ :=]+)({SLUG.pattern})", re.ASCII)


def place_code(said: str) -> str | None:
    """The slug in a text that is nothing but the code of a place; None in any other."""
    found = _CODE.fullmatch(" ".join(unicodedata.normalize("NFKC", said).casefold().split()))
    return found[1] if found else None


async def welcome(desk: Desk, session: AsyncSession, asking: Asking, code: str) -> bytes | None:
    """Where somebody comes from, with the greeting for who has not agreed yet; None when no place has this code.

    Counted is the place and the day, nobody's name.
    """
    site = await site_by_slug(session, code)
    if site is None:
        return None
    await count_arrival(session, site.slug, desk.clock())
    came = settings.arrived(wording.brief(site.title, asking.lang, site.slug), asking.lang)
    resident = await resident_of(session, desk.vault, asking.account)
    if resident is not None and resident.consented_at is not None:
        return as_json([came])
    greeting = messages.greeting(asking.lang, desk.organiser, f"{desk.base_url}/privacy")
    return as_json([came, *greeting])
