"""Titles of people are shown as text, whatever they hold."""

from html.parser import HTMLParser

import pytest
from support.site import site_of

from civic.kernel.db import clean_text

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "quote": "' onmouseover='alert(1)",
    "template": "{{ 7*7 }}{% raw %}",
    "format": "{title} {0} %s %(x)s",
    "entity": "&lt;b&gt; &amp;",
    "right-to-left": "\u202eabc\u2066 שלום",
    "long": "あ" * 200,
    "zero-width": "\u200b\u200d\ufeff",
    "url": "javascript:alert(1)",
    "joined emoji": "👩‍👩‍👧‍👦" * 8,
    "decomposed": "カ\u3099ーテ\u3099ン",
    "formula": '=HYPERLINK("http://evil.example")',
    "one word": "W" * 200,
}

PAGES = [
    "/",
    "/p/tiny",
    "/p/tiny/bench",
    "/b/tiny-ballot",
    "/b/tiny-ballot/results",
    "/admin",
    "/admin/ballots/tiny-ballot",
    "/admin/programmes",
    "/admin/programmes/tiny",
    "/admin/audit",
]


OWN = ("/static/", "/files/")


def loaded(page: str) -> list[str]:
    """What the page's own elements load; a script without a source counts as an empty address."""
    found: list[str] = []

    class Elements(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag in {"script", "img", "iframe", "object", "embed"}:
                found.append(dict(attrs).get("src") or "")

    Elements().feed(page)
    return found


def escaped(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        text = text.replace(char, entity)
    return text


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_title_is_only_text(tmp_path, name):
    text = HOSTILE[name]
    titles = {"bench": {"ja": text, "en": text}, "tree": {"ja": text}}
    async with site_of(tmp_path, titles=titles, title={"ja": text}) as site:
        await site.open_ballot()
        await site.vote("U1", "bench")
        await site.post("/admin/ballots/tiny-ballot/withdraw", {"proposal": "tree", "reason": text})
        await site.seal()
        await site.post("/admin/ballots/tiny-ballot/decision", {"proposals": "bench", "reason": text})
        fields = {"installation": "1", "status": "permit", "note": text}
        await site.post("/admin/ballots/tiny-ballot/install", fields)
        shown = 0
        for path in PAGES:
            page = await site.get(path)
            assert page.status == 200
            assert all(source.startswith(OWN) for source in loaded(page.text)), path
            for live in ("onerror=alert(1)>", "' onmouseover='", 'href="javascript:'):
                assert live not in page.text
            shown += escaped(clean_text(text)) in page.text
        assert shown >= 6
