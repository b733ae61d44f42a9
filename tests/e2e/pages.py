"""Every page of the product, and how a test gets to see each of them."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections.abc import Mapping

from e2e.story import BALLOT, PROGRAMME, WINNER

from civic.kernel.i18n import LANGUAGES, STAFF_LANGUAGES

WIDTHS = {390: 844, 1024: 768, 1280: 900}

RESIDENT = {
    "home": "/",
    "programme": f"/p/{PROGRAMME}",
    "programme-2023": "/p/nishi-shinjuku-2023",
    "proposal": f"/p/{PROGRAMME}/{WINNER}",
    "proposal-rejected": f"/p/{PROGRAMME}/giant-swing",
    "ballot": f"/b/{BALLOT}",
    "results": f"/b/{BALLOT}/results",
    "receipt-form": "/r",
    "code-form": "/c",
    "receipt-unknown": "/r/0000-0000-0000-0000",
    "privacy": "/privacy",
    "missing": "/no-such-page",
}
STAFF = {
    "admin": "/admin",
    "admin-programmes": "/admin/programmes",
    "admin-programme": f"/admin/programmes/{PROGRAMME}",
    "admin-ballot": f"/admin/ballots/{BALLOT}",
    "admin-tally": f"/admin/ballots/{BALLOT}/tally",
    "admin-send": f"/admin/ballots/{BALLOT}/send/announcement",
    "admin-registration": f"/admin/programmes/{PROGRAMME}/proposals/new",
    "admin-codes": f"/admin/ballots/{BALLOT}/codes",
    "admin-quarantine": "/admin/quarantine",
    "admin-audit": "/admin/audit",
    "admin-staff": "/admin/staff",
    "admin-sign-in": "/admin/sign-in",
}
DEMO = {"demo": "/demo", "chat": "/demo/line/"}
PAGES = {**RESIDENT, **STAFF, **DEMO}


def languages_of(path: str) -> tuple[str, ...]:
    """Residents read three languages; staff, and who looks on at the chat, two."""
    return STAFF_LANGUAGES if path.startswith(("/admin", "/demo/line/")) else LANGUAGES


_RESIDENT = "/demo/line/control/residents/5"
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
_LINK = re.compile(rf"/b/{BALLOT}/vote/[^\"?]+")


def personal_pages(origin: str) -> Mapping[str, str]:
    """The pages of a resident who voted in the chat and asked for a link: the form, a receipt, a stale link."""
    _post(origin, "say", {"text": "vote"})
    _until(origin, re.compile("Vote in a browser"))
    _post(origin, "tap", {"label": "Nice to have!", "nth": 0})
    receipt = _until(origin, _CODE)
    _post(origin, "tap", {"label": "Vote in a browser", "nth": 0})
    return {"vote": _until(origin, _LINK), "receipt": f"/r/{receipt}", "vote-stale": f"/b/{BALLOT}/vote/x"}


def _until(origin: str, pattern: re.Pattern[str], within_s: float = 60) -> str:
    """What the resident's chat shows of a pattern, as soon as it does."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{origin}{_RESIDENT}/chat", timeout=40) as answer:
            if found := pattern.search(answer.read().decode()):
                return found.group()
        time.sleep(0.3)
    raise AssertionError(f"the chat shows no {pattern.pattern}")


def _post(origin: str, deed: str, body: object) -> None:
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{origin}{_RESIDENT}/{deed}", json.dumps(body).encode(), headers)
    urllib.request.urlopen(request, timeout=40).close()
