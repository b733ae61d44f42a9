"""Pictures on resident pages: in their place, large first, and a calm place while they are being drawn."""

import gzip
import re
from collections.abc import Sequence

from sqlmodel import select
from support.site import BASE_URL, Site
from support.styles import stylesheet

from civic.drawings.actions import Drawn, Shapes, keep_drawing
from civic.drawings.rules import CAMERAS, EYES
from civic.kernel.i18n import frontend_dir
from civic.proposals.tables import Placement

PAGES = ("/", "/p/tiny", "/p/tiny/stage", "/b/tiny-ballot", "/b/tiny-ballot/results")
LIGHT = 30 * 1024


async def draw_all(site: Site, cameras: Sequence[str] = CAMERAS) -> None:
    """Pictures of every placement, by name only."""
    async with site.context.database.writing() as session:
        for placement in (await session.exec(select(Placement))).all():
            number = placement.id or 0
            pictures = {
                camera: Shapes(f"{number:032d}{place:032d}", f"{number:032d}{place + 9:032d}")
                for place, camera in enumerate(cameras)
            }
            await keep_drawing(session, number, Drawn("0" * 64, "1" * 64, {}, pictures), site.clock())


def images(text: str) -> list[dict[str, str]]:
    """The pictures of proposals on a page, each by its attributes."""
    tags = re.findall(r"<img\s([^>]*)>", text)
    found = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]
    return [image for image in found if image["src"].startswith("/files/")]


async def test_without_pictures_there_is_a_calm_place_for_them(voted_site):
    await voted_site.seal()
    for path in PAGES[1:]:
        page = await voted_site.get(path)
        assert images(page.text) == []
        assert "絵をつくっています" in page.text
        assert "<civic-viewer" not in page.text
        assert "og:image" not in page.text


async def test_while_some_pictures_are_missing_their_places_are_kept(site):
    await draw_all(site, CAMERAS[:1])
    page = (await site.get("/p/tiny/bench")).text
    assert len(images(page)) == 1
    assert page.count("絵をつくっています") == 2


async def test_every_picture_has_its_words_and_its_size_and_only_the_first_is_fetched_at_once(voted_site):
    await draw_all(voted_site)
    await voted_site.seal()
    for path in PAGES:
        shown = images((await voted_site.get(path, "en")).text)
        assert shown, path
        assert {image["alt"] for image in shown} == {"A brown box."}
        assert all(image["width"] and image["height"] and image["decoding"] == "async" for image in shown)
        assert [image["loading"] for image in shown] == ["eager"] + ["lazy"] * (len(shown) - 1), path


async def test_an_adult_a_child_and_a_wheelchair_user_see_the_same_place(site):
    await draw_all(site, (*CAMERAS, *EYES))
    page = await site.get("/p/tiny/bench", "en")
    row = re.search(r'<fieldset class="eyes">(.*?)</fieldset>', page.text, re.S)
    assert row is not None
    assert [image["alt"] for image in images(row[1])] == [
        "An adult&#39;s eyes (1.6 m high): A brown box.",
        "A child&#39;s eyes (1.1 m high): A brown box.",
        "From a wheelchair (eyes 1.2 m high): A brown box.",
    ]
    assert row[1].count('type="radio"') == row[1].count("<label") == 3
    assert row[1].count("checked") == 1
    shown = images(page.text)
    assert len(shown) == len(CAMERAS) + 1 + len(EYES)  # the first picture stands in the row too


async def test_other_eyes_appear_together_and_on_no_card(site):
    await draw_all(site, (*CAMERAS, EYES[0]))
    assert "eyes-" not in (await site.get("/p/tiny/bench")).text
    await draw_all(site, (*CAMERAS, *EYES))
    shown = {int(image["src"].split("/")[-1][32:64]) for image in images((await site.get("/p/tiny")).text)}
    assert shown == {CAMERAS.index("people")}


async def test_a_card_shows_the_picture_at_eye_level(site):
    await draw_all(site)
    shown = images((await site.get("/p/tiny")).text)
    assert {int(image["src"].split("/")[-1][32:64]) for image in shown} == {CAMERAS.index("people")}


async def test_the_3d_view_lies_behind_the_first_picture_of_each_place(site):
    await draw_all(site)
    page = await site.get("/p/tiny/stage", "en")
    viewers = re.findall(
        r'<civic-viewer\s+data-scene="/files/scenes/(\d+)\.json"(.*?)</civic-viewer>', page.text, re.S
    )
    assert len(viewers) == len({number for number, _ in viewers}) == 2
    for _, inside in viewers:
        assert inside.count("<img") == inside.count("<button") == 1
        assert all(value for value in re.findall(r'data-[\w-]+="([^"]*)"', inside))
    labels = re.findall(r"<(?:button|a)\b[^>]*>([^<]*)</(?:button|a)>", page.text)
    assert [label for label in labels if "3D" in label] == ["See in 3D"]


async def test_pages_of_scenes_alone_allow_what_a_3d_view_loads(site):
    for path in PAGES:
        policy = (await site.get(path)).headers["content-security-policy"]
        assert ("worker-src 'self'" in policy) == (path == "/p/tiny/stage")


async def test_without_script_the_button_of_the_3d_view_is_not_shown():
    assert "civic-viewer:not(:defined) button { display: none; }" in stylesheet()


async def test_a_shared_link_shows_title_words_and_picture_at_our_own_address(site):
    await draw_all(site)
    page = await site.get("/p/tiny/bench", "en", host="evil.example", x_forwarded_host="evil.example")
    shared = dict(re.findall(r'<meta property="og:([\w:]+)"\s+content="([^"]*)"', page.text))
    assert shared["title"] == "Wooden bench"
    assert shared["description"] == "Wooden bench, for a rest."
    assert shared["url"] == f"{BASE_URL}/p/tiny/bench"
    assert re.fullmatch(rf"{BASE_URL}/files/pictures/[0-9]{{64}}\.jpg", shared["image"])
    assert shared["image:alt"] == "A brown box."
    assert "evil.example" not in page.text


async def test_a_page_is_light_before_3d(voted_site):
    await draw_all(voted_site)
    await voted_site.seal()
    for path in PAGES:
        page = (await voted_site.get(path)).text
        scripts = [frontend_dir() / source[1:] for source in re.findall(r'<script[^>]*src="([^"]+)"', page)]
        weight = sum(len(gzip.compress(script.read_bytes())) for script in scripts)
        assert weight + len(gzip.compress(stylesheet().encode())) < LIGHT
        assert len(gzip.compress(page.encode())) < LIGHT / 3
