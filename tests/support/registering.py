"""Fills in the registration as a browser would: what the page holds, with some fields changed."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import aiohttp
from support.site import Answer, Site
from support.tiny_programme import PROGRAMME

NEW = f"/admin/programmes/{PROGRAMME}/proposals/new"
GOOD: dict[str, Any] = {
    "title_ja": "木かげの縁側",
    "title_en": "Shady porch",
    "summary_ja": "腰をかけて休めます。",
    "summary_en": "",
    "for_whom": ["elderly", "pets"],
    "group": "table-a",
    "alt_ja": "木の板の縁側。",
    "alt_en": "A porch of planks.",
    "licence": "CC-BY-4.0",
    "place": "0",
    "site-0": "plaza",
    "lon-0": "",
    "lat-0": "",
    "heading-0": "90",
    "base-0": "0",
    "scale-0": "1",
    "cost-0": "2,800,000円",
    "publish": "yes",
    "slug": "",
}
"""Everything but the file."""


def filled(file: tuple[str, bytes] | None = None, **changes: Any) -> aiohttp.FormData:
    """The multipart form; a change to None leaves the field out. Underscores stand for the keys' hyphens."""
    form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
    changed = {re.sub(r"_(?=\d$)", "-", name): value for name, value in changes.items()}
    for name, value in (GOOD | changed).items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                form.add_field(name, str(one))
    if file is not None:
        form.add_field("file", io.BytesIO(file[1]), filename=file[0], content_type="model/gltf-binary")
    return form


def hidden(answer: Answer) -> dict[str, str]:
    """What the page carries for the next time: the stored file, the hash of the answers, the slug."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    [slug] = re.findall(r'id="slug"\s+name="slug"\s+value="([^"]*)"', answer.text) or [""]
    return {name: unescape(value) for name, value in (found | {"slug": slug}).items() if name != "place"}


async def check(site: Site, file: tuple[str, bytes] | None = None, path: str = NEW, **changes: Any) -> Answer:
    """Press 確かめる."""
    return await site.post(f"{path}?lang=en", filled(file, action="check", **changes))


async def register(site: Site, answer: Answer, path: str = NEW, **changes: Any) -> Answer:
    """Press 登録する on the page of an answer, with the same fields typed."""
    return await site.post(f"{path}?lang=en", filled(None, **{"action": "register", **hidden(answer), **changes}))


def told(answer: Answer) -> list[str]:
    """The sentences of the error summary, with the fields they lead to."""
    [summary] = re.findall(r'role="alert".*?</div>', answer.text, re.S) or [""]
    return [f"{field}: {unescape(text)}" for field, text in re.findall(r'href="#([^"]+)">([^<]+)<', summary)]
