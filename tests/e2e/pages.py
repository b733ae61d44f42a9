"""Every page of the product, and how a test gets to see each of them."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Mapping

from e2e.story import BALLOT, PROGRAMME, WINNER

WIDTHS = {390: 844, 1024: 768, 1280: 900}
LANGUAGES = ("ja", "en")

RESIDENT = {
    "home": "/",
    "programme": f"/p/{PROGRAMME}",
    "programme-2023": "/p/nishi-shinjuku-2023",
    "proposal": f"/p/{PROGRAMME}/{WINNER}",
    "proposal-rejected": f"/p/{PROGRAMME}/giant-swing",
    "ballot": f"/b/{BALLOT}",
    "results": f"/b/{BALLOT}/results",
    "receipt-form": "/r",
    "receipt-unknown": "/r/0000-0000-0000-0000",
    "privacy": "/privacy",
    "missing": "/no-such-page",
}
STAFF = {
    "admin": "/admin",
    "admin-programmes": "/admin/programmes",
    "admin-programme": f"/admin/programmes/{PROGRAMME}",
    "admin-ballot": f"/admin/ballots/{BALLOT}",
    "admin-send": f"/admin/ballots/{BALLOT}/send/announcement",
    "admin-registration": f"/admin/programmes/{PROGRAMME}/proposals/new",
    "admin-quarantine": "/admin/quarantine",
    "admin-audit": "/admin/audit",
    "admin-staff": "/admin/staff",
    "admin-sign-in": "/admin/sign-in",
}
DEMO = {"demo": "/demo", "chat": "/demo/line/"}
PAGES = {**RESIDENT, **STAFF, **DEMO}


_RESIDENT = "/demo/line/control/residents/5"
_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")
_LINK = re.compile(rf"/b/{BALLOT}/vote/[^\"?]+")


def personal_pages(origin: str) -> Mapping[str, str]:
    """The pages of a resident who voted in the chat and asked for a link: the form, a receipt, a stale link."""
    _post(origin, f"{_RESIDENT}/say", {"text": "vote", "wait_s": 20})
    receipt = _post(origin, f"{_RESIDENT}/tap", {"label": "Nice to have!", "nth": 0, "wait_s": 20})
    _post(origin, f"{_RESIDENT}/say", {"text": "vote", "wait_s": 20})
    link = _post(origin, f"{_RESIDENT}/tap", {"label": "Vote in a browser", "nth": 0, "wait_s": 20})
    return {
        "vote": _found(_LINK, link),
        "receipt": f"/r/{_found(_CODE, receipt)}",
        "vote-stale": f"/b/{BALLOT}/vote/x",
    }


def _found(pattern: re.Pattern[str], answer: str) -> str:
    found = pattern.search(answer)
    assert found, answer[:2000]
    return found.group()


def _post(origin: str, path: str, body: object) -> str:
    request = urllib.request.Request(
        origin + path, json.dumps(body).encode(), {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=40) as answer:
        return bytes(answer.read()).decode()
