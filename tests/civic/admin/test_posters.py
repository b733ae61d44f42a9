"""Posters of a programme: a code for each site, and how many came by it."""

import html
import re
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from support.tiny_programme import PROGRAMME

from civic.admin.posters import posters_of
from civic.programmes.queries import programme_by_slug, sites_of
from civic.residents.actions import count_arrival
from webhooks.line.arrivals import place_code

PAGE = f"/admin/programmes/{PROGRAMME}"
POSTERS = f"{PAGE}/posters"


async def came(site, *times):
    async with site.context.database.writing() as session:
        for now in times:
            await count_arrival(session, "plaza", now)


async def test_a_poster_says_what_how_long_until_when_and_who_in_three_languages(site):
    await site.open_ballot()
    page = (await site.get(POSTERS, "en")).text
    for said in ("30秒", "30秒（びょう）", "30 seconds", "まで", "主催：", "Run by"):
        assert said in html.unescape(page)
    assert re.search(r"until \d\d:\d\d JST", page)
    assert re.findall(r'class="poster-text" lang="(\w+)"', page)[:3] == ["ja", "ja", "en"]


async def test_each_site_has_a_code_of_its_own(site):
    page = (await site.get(POSTERS)).text
    sheets = page.count('class="poster"')
    assert sheets == page.count("<svg") - page.count("<svg", 0, page.index('class="poster"')) > 0
    assert " style=" not in page


async def test_the_code_makes_the_phone_say_what_the_chat_understands(site):
    settings = site.context.settings.model_copy(update={"line_basic_id": "@attara"})
    async with site.context.database.reading() as session:
        page = await posters_of(session, PROGRAMME, settings, "ja", site.clock())
    links = [urlsplit(poster.link) for poster in page.posters]
    assert {(link.netloc, link.path) for link in links} == {("line.me", "/R/oaMessage/%40attara/")}
    assert [place_code(unquote(link.query)) for link in links] == [place.slug for place in await sites(site)]


async def test_without_an_account_the_code_opens_the_public_page(site):
    assert f"/p/{PROGRAMME}</p>" in (await site.get(POSTERS)).text


async def sites(site):
    async with site.context.database.reading() as session:
        season = await programme_by_slug(session, PROGRAMME)
        return await sites_of(session, season.id)


async def test_how_many_came_stands_on_the_programmes_page(site):
    now = site.clock()
    await came(site, now, now, now - timedelta(days=3), now - timedelta(days=40))
    page = (await site.get(PAGE, "en")).text
    table = page[page.index("How often the QR code") :]
    assert re.findall(r"<td[^>]*>(\d+)</td>", table)[:3] == ["2", "3", "4"]
    assert f'href="{POSTERS}?lang=en"' in page
