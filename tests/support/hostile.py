"""Thirty texts that people may send as titles and names, a programme that bears them all, and a demo of it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from support.browser import Demo, leave_undrawn, running_demo
from support.servers import environment, run_civic
from support.tiny_programme import box_glb, square

from civic.kernel import clock
from civic.kernel.db import clean_text
from civic.programme_files.format import written_time

PROGRAMME, OPEN, DECIDED = "hostile", "hostile-open", "hostile-decided"
MOST_TITLE, MOST_TEXT = 200, 2_000
_STRIKES = "".join(chr(0x300 + mark) for mark in range(40))

TEXTS: Mapping[str, str] = {
    "script": "<script>window.hacked=1;alert(1)</script>",
    "way out of elements": "</title></textarea></select></option></script><script>window.hacked=1</script>",
    "image": '"><img src=x onerror="window.hacked=1">',
    "attribute": "' autofocus tabindex=1 onfocus='window.hacked=1' x='",
    "svg": "<svg/onload=window.hacked=1><animate onbegin=window.hacked=1 attributeName=x>",
    "frame": '<iframe srcdoc="&lt;script&gt;parent.hacked=1&lt;/script&gt;"></iframe>',
    "script address": "javascript:window.hacked=1//",
    "address": "https://evil.example/?q=<b>&lang=en#" + "x/" * 70,
    "style": "</style><style>*{display:none!important}</style>",
    "style value": "red;background:url(//evil.example/x);position:fixed;inset:0",
    "refresh": '<meta http-equiv=refresh content="0;url=//evil.example"><base href=//evil.example>',
    "comment": "<!-- --!> ]]> <![CDATA[ <plaintext> <!--",
    "template braces": "{{7*7}} {% raw %} {# ${7*7} #{7*7} <%= 7*7 %>",
    "format braces": "{n} {title} {0} {organiser} %s %(x)s %d {",
    "entities": "&lt;b&gt; &amp;amp; &#60;script&#62; &nbsp &copy",
    "quotes": "' \" ` ´ “ ” ‘ ’ « » 「 」 『 』 ＂ ＇ \\' \\\" \\",
    "right to left": "שלום עולם مرحبا بالعالم (1) - 100%",
    "override": "\u202egnp.exe\u202dabc\u202b\u202a",
    "isolates": "\u2066\u2067\u2068abc אבג\u2067",
    "families": "👩‍👩‍👧‍👦👨🏽‍❤️‍💋‍👨🏿" * 8,
    "stacked": "".join(letter + _STRIKES for letter in "Zalg"),
    "one word": "W" * MOST_TITLE,
    "kanji": "漢" * MOST_TITLE,
    "long words": "Pneumonoultramicroscopicsilicovolcanoconiosis Rindfleischetikettierungsueberwachungsaufgaben"
    "uebertragungsgesetz",
    "decomposed": "カ\u3099ーテ\u3099ンにか\u3099くふ\u3099ち",
    "controls": "a\x01\x08\x0b\x1b[31mred\x7f\x9bb",
    "formula": "=1+1 =HYPERLINK(\"http://evil.example\") +cmd|' /C calc'!A0 @SUM(1+1) -2+3",
    "nothing": "null",
    "rare planes": "𠮷野家 𝒳𝓎𝓏 🏴󠁧󠁢󠁥󠁮󠁧󠁿 𓀀𓁐 \U00030edd \U000e0041",
    "spaces": "\u200b\ufeff a\u3000\u00a0\t\n\u2028\u2029 b \u200d\u2060\u00ad",
}
assert len(TEXTS) == 30
assert max(map(len, TEXTS.values())) <= MOST_TITLE

_NAMES, _ALL = list(TEXTS), list(TEXTS.values())
COUNT = len(_ALL) // 2
"""So many proposals, sites and groups, each with one text in Japanese and one in English."""


def pair(number: int, turned: int = 0) -> dict[str, str]:
    """The two texts of the proposal, site or group with this number, the list turned by so many pairs."""
    at = 2 * ((number + turned) % COUNT)
    return {"ja": _ALL[at], "en": _ALL[at + 1]}


def long(text: str) -> str:
    """The same again and again, as long as a text may be."""
    return (text * (MOST_TEXT // len(text) + 1))[:MOST_TEXT]


def as_shown(text: str) -> str:
    """A text as a page holds it: composed, its isolates in pairs, with every white space as one blank."""
    return re.sub(r"[\s\x1c-\x1f\x85]+", " ", clean_text(text)).strip()


def write_hostile_programme(folder: Path, **changes: Any) -> Path:
    """Write the folder and return it; ``changes`` override keys of the programme itself."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "area.geojson").write_text(json.dumps(square(139.68, 35.68, 0.02)))
    (folder / "site.geojson").write_text(json.dumps(square(139.6920, 35.6890, 0.0004)))
    (folder / "box.glb").write_bytes(box_glb(TEXTS["script"], 2.0, 1.0, 0.5))
    text = yaml.safe_dump(hostile_document() | changes, allow_unicode=True)
    (folder / "programme.yaml").write_text(text, encoding="utf-8")
    return folder


def hostile_document() -> dict[str, Any]:
    """The programme file as plain data: both ballots have all options and are open for a day."""
    now = clock.now().replace(microsecond=0)
    window = {"opens_at": written_time(now), "closes_at": written_time(now + timedelta(days=1))}
    numbers = range(COUNT)
    return {
        "programme": {"slug": PROGRAMME, "title": _many(), "area": "area.geojson"},
        "stages": [{"kind": "ballot", **window}],
        "sites": [_site(number) for number in numbers],
        "workshops": [
            {
                "slug": "workshop",
                "date": "2026-07-05",
                "title": pair(11),
                "groups": [{"slug": f"group-{number:02d}", "title": pair(number, 7)} for number in numbers],
            }
        ],
        "proposals": [_proposal(number) for number in numbers],
        "ballots": [
            {
                "slug": slug,
                "title": title,
                "method": "site_winner",
                "max_approvals": 3,
                "options": [option(number) for number in numbers],
                "late_grace_s": 0,
                **window,
            }
            for slug, title in ((OPEN, _many()), (DECIDED, {"ja": TEXTS["one word"], "en": TEXTS["kanji"]}))
        ],
    }


def option(number: int) -> str:
    """The slug of a proposal."""
    return f"idea-{number:02d}"


def _many() -> dict[str, str]:
    """Several kinds of harm at once, at full length."""
    ja = TEXTS["override"] + TEXTS["script"] + TEXTS["image"] + TEXTS["format braces"]
    en = TEXTS["isolates"] + TEXTS["svg"] + TEXTS["stacked"][:41]
    return {"ja": (ja + "漢" * MOST_TITLE)[:MOST_TITLE], "en": (en + "W" * MOST_TITLE)[:MOST_TITLE]}


def _site(number: int) -> dict[str, Any]:
    return {
        "slug": f"site-{number:02d}",
        "title": pair(number, 3),
        "level": "ground",
        "boundary": "site.geojson",
        "ground_m": 35.0,
        "manager": long(pair(number, 5)["ja"]),
        "land_type": TEXTS["image"],
        "rules": {"max_height_m": 4.0},
    }


def _proposal(number: int) -> dict[str, Any]:
    return {
        "slug": option(number),
        "group": f"group-{number:02d}",
        "title": pair(number),
        "summary": {lang: long(text) for lang, text in pair(number, 1).items()},
        "for_whom": ["elderly", pair(number, 9)["ja"]],
        "model": "box.glb",
        "alt": {lang: long(text) for lang, text in pair(number, 2).items()},
        "licence": pair(number, 4)["en"],
        "consent": {"publish": True},
        "placements": [{"site": f"site-{number:02d}", "lon": 139.6922, "lat": 35.6892, "cost_yen": 1_000_000}],
    }


@contextmanager
def hostile_demo(folder: Path) -> Iterator[Demo]:
    """``civic demo`` with this programme, both ballots open; of its proposals only the first is drawn."""
    data = folder / "var" / "demo"
    data.mkdir(parents=True)
    env = environment(data, f"sqlite+aiosqlite:///{data / 'civic.sqlite3'}", CIVIC_MODE="demo")
    source = write_hostile_programme(folder / "programme")
    for words in (("programme", "load", str(source)), ("ballot", "open", OPEN), ("ballot", "open", DECIDED)):
        ended = run_civic(env, folder, *words)
        assert ended.code == 0, ended.out + ended.err
    leave_undrawn(data / "civic.sqlite3", "json_extract(payload, '$.placement') != 1")
    with running_demo(folder) as demo:
        yield demo


def post_form(origin: str, path: str, **fields: str | Sequence[str]) -> int:
    """Send a form as a page of the same origin does; gives the status in the end."""
    body = urllib.parse.urlencode(fields, doseq=True).encode()
    request = urllib.request.Request(origin + path, body, {"Sec-Fetch-Site": "same-origin"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def act_as(origin: str, resident: int, deed: str, **body: Any) -> str:
    """A resident follows, says or taps something in the simulated chat; gives what was answered."""
    path = f"{origin}/demo/line/control/residents/{resident}/{deed}"
    data = json.dumps({"wait_s": 20, **body}).encode()
    request = urllib.request.Request(path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read()).decode()
