import hashlib
import re
from datetime import timedelta

import pytest
from support.registering import NEW, check, filled, hidden, register, told
from support.tiny_programme import BALLOT, PROGRAMME, box_glb, load_programme

from civic.audit.queries import latest_entries
from civic.ballots.queries import ballot_by_slug, law_of
from civic.kernel.errors import Conflict
from civic.kernel.ids import is_slug
from civic.programme_files.checking import check_document
from civic.programme_files.exporting import export_programme, write_folder
from civic.programme_files.reading import read_document
from civic.programmes.queries import programme_by_slug
from civic.proposals.queries import latest_version, placements_of, proposal_by_slug, proposals_of

PORCH = ("えんがわ.glb", box_glb("porch", 3.0, 2.0, 1.5))
TOWER = ("tower.glb", box_glb("tower", 2.0, 7.5, 2.0))


async def stored(site, slug):
    """The newest version of a proposal and its places."""
    async with site.context.database.reading() as session:
        programme = await programme_by_slug(session, PROGRAMME)
        proposal = await proposal_by_slug(session, programme.id, slug)
        version = await latest_version(session, proposal.id)
        return proposal, version, await placements_of(session, version.id)


async def slugs(site):
    async with site.context.database.reading() as session:
        programme = await programme_by_slug(session, PROGRAMME)
        return [proposal.slug for proposal in await proposals_of(session, programme.id)]


def edit(slug):
    return f"/admin/programmes/{PROGRAMME}/proposals/{slug}/edit"


def warned(placement):
    return [check["name"] for check in placement.checks["checks"] if check["verdict"] == "warn"]


async def test_a_proposal_is_checked_and_then_registered(both_site):
    site = both_site
    answer = await check(site, PORCH)
    assert answer.status == 200
    assert "3.0 m wide, 1.5 m deep, 2.0 m high" in answer.text
    assert "It lies inside the site." in answer.text
    assert 'class="plan-footprint"' in answer.text
    assert await slugs(site) == ["bench", "tree", "stage"]
    saved = await register(site, answer)
    assert saved.status == 303
    assert saved.headers["location"] == f"/admin/programmes/{PROGRAMME}/proposals/shady-porch/registered?lang=en"
    proposal, version, [(placement, place)] = await stored(site, "shady-porch")
    assert (proposal.position, version.number, place.slug, placement.verdict) == (3, 1, "plaza", "warn")
    assert warned(placement) == ["overlap"]  # in the middle of the plaza stands a proposed bench, too
    assert version.content["title"] == {"ja": "木かげの縁側", "en": "Shady porch"}
    assert version.content["summary"] == {"ja": "腰をかけて休めます。"}
    assert version.content["for_whom"] == ["elderly", "pets"]
    assert version.content["licence"] == "CC-BY-4.0"
    assert version.content["consent"] == {"publish": True}
    assert (placement.lon, placement.lat) == (139.6922, 35.6892)  # the middle of the plaza
    assert (placement.heading_deg, placement.cost_yen) == (90.0, 2_800_000)
    assert version.content["original"]["sha256"] == hashlib.sha256(PORCH[1]).hexdigest()
    async with site.context.database.reading() as session:
        [newest] = await latest_entries(session, 1)
    assert (newest.verb, newest.subject, newest.actor) == (
        "proposal.registered",
        f"{PROGRAMME}/shady-porch",
        "demo:staff",
    )
    page = await site.get(saved.headers["location"])
    assert "Registered" in page.text
    assert "Shady porch" in page.text
    assert (await site.get(f"/p/{PROGRAMME}/shady-porch", "en")).status == 200


async def test_nothing_is_saved_before_its_answers_were_shown(site):
    at_once = await site.post(NEW, filled(PORCH, action="register"))
    assert at_once.status == 409
    assert [sentence.split(":")[0] for sentence in told(at_once)] == ["answers"]
    answer = await check(site, PORCH)
    moved = await register(site, answer, heading_0="45")
    assert moved.status == 409
    assert await slugs(site) == ["bench", "tree", "stage"]
    assert (await register(site, moved, heading_0="45")).status == 303


async def test_what_does_not_meet_its_conditions_is_saved_only_when_that_is_said(site):
    answer = await check(site, TOWER)
    assert answer.status == 200
    assert "Its top is 7.50 m above the ground, over the limit of 6 m." in answer.text
    refused = await register(site, answer)
    assert refused.status == 409
    assert [sentence.split(":")[0] for sentence in told(refused)] == ["despite"]
    assert (await register(site, answer, despite="yes")).status == 303
    _, _, [(placement, _)] = await stored(site, "shady-porch")
    assert placement.verdict == "fail"


async def test_without_consent_it_is_internal(site):
    answer = await check(site, PORCH, publish=None)
    assert (await register(site, answer, publish=None)).status == 303
    assert (await site.get(f"/p/{PROGRAMME}/shady-porch")).status == 404
    assert "only staff can see it" in (await site.get(f"{NEW[:-3]}shady-porch/registered", "en")).text


async def test_pressing_twice_registers_once(site):
    answer = await check(site, PORCH)
    assert (await register(site, answer)).status == 303
    assert (await register(site, answer)).status == 303
    assert await slugs(site) == ["bench", "tree", "stage", "shady-porch"]
    _, version, _ = await stored(site, "shady-porch")
    assert version.number == 1


async def test_the_same_slug_from_two_tabs_is_refused_with_everything_kept(site):
    one, other = await check(site, PORCH), await check(site, TOWER, site_0="park")
    assert (await register(site, one)).status == 303
    answer = await register(site, other, site_0="park", despite="yes", summary_ja="ほかの案")
    assert answer.status == 409
    assert told(answer) == ["slug: There is already a proposal named “shady-porch”. Please choose another name."]
    assert "ほかの案" in answer.text
    assert "<details open" in answer.text
    assert (await register(site, answer, site_0="park", slug="other-porch", despite="yes")).status == 303
    assert (await slugs(site))[-1] == "other-porch"


async def test_a_name_is_made_that_nobody_has(site):
    for expected in ("bench-2", "bench-3"):
        answer = await check(site, PORCH, title_en="Bench!")
        assert hidden(answer)["slug"] == expected
        assert (await register(site, answer, title_en="Bench!")).status == 303
    answer = await check(site, PORCH, title_en="")
    assert hidden(answer)["slug"] == "proposal-1"


async def test_a_correction_is_a_new_version_and_the_open_ballot_keeps_its_own(site):
    await site.open_ballot()
    path = edit("bench")
    page = await site.get(path, "en")
    assert page.status == 200
    assert "This is version 1." in page.text
    assert "bench.glb" in page.text
    same = {"place": "0", "site_0": "plaza", "lon_0": "139.6922", "lat_0": "35.6892"}
    answer = await check(site, PORCH, path, corrects="1", **same)
    assert (await register(site, answer, path, **same)).status == 303
    _, version, _ = await stored(site, "bench")
    assert (version.number, version.content["title"]["en"]) == (2, "Shady porch")
    async with site.context.database.reading() as session:
        law = await law_of(session, await ballot_by_slug(session, BALLOT))
    [bench] = [option for option in law.document["options"] if option["proposal"] == "bench"]
    assert bench["version"] == 1
    assert "木のベンチ" in (await site.get(f"/p/{PROGRAMME}/bench")).text


async def test_the_form_of_a_proposal_gives_it_back_unchanged(site):
    """Its second place and the texts and codes that the form does not know included."""
    path = edit("stage")
    page = await site.get(path)
    fields = dict(re.findall(r'name="([a-z]+-\d)"\s+value="([^"]*)"\s+inputmode', page.text))
    sites = re.findall(r'name="(site-\d)"\s+value="(\w+)"\s+checked', page.text)
    assert dict(sites) == {"site-0": "park", "site-1": "plaza"}
    before = await stored(site, "stage")
    content = before[1].content
    texts = {
        f"{name}_{lang}": content[name][lang] for name in ("title", "summary", "alt") for lang in ("ja", "en")
    }
    typed = {**texts, **fields, **dict(sites), "place": ["0", "1"], "licence": content["licence"]}
    answer = await register(site, page, path, **typed)
    assert answer.status == 303, told(answer)
    after = await stored(site, "stage")
    assert (after[1].number, after[1].content) == (1, content)


async def test_a_correction_of_an_older_version_is_refused(site):
    path = edit("bench")
    one = await check(site, PORCH, path, corrects="1")
    assert (await register(site, one, path)).status == 303
    other = await check(site, TOWER, path, corrects="1", site_0="park")
    answer = await register(site, other, path, corrects="1", site_0="park", despite="yes")
    assert answer.status == 409
    assert "corrected on another screen in the meantime (it is at version 2 now)" in told(answer)[0]
    _, version, _ = await stored(site, "bench")
    assert version.number == 2


async def test_places_are_added_removed_and_put_in_the_middle(site):
    first = await check(site, PORCH)
    more = await site.post(NEW, filled(None, action="add", **hidden(first)))
    assert (more.status, re.findall(r'name="place" value="(\d)"', more.text)) == (200, ["0", "1"])
    assert told(more) == []
    both = {"place": ["0", "1"], "site_1": "park", "lon_1": "", "lat_1": "", "cost_1": "10", **hidden(first)}
    answer = await check(site, None, **both)
    assert answer.text.count("<figure") == 2
    assert "30 m²" in answer.text
    less = await site.post(NEW, filled(None, **{**both, "action": "remove-0"}))
    assert re.findall(r'name="place" value="(\d)"', less.text) == ["1"]
    away = await check(site, PORCH, lon_0="139.6999", lat_0="35.6999")
    assert "fail" in re.findall(r"check-(\w+)", away.text)
    back = await site.post(NEW, filled(None, **{**hidden(away), "lon_0": "139.6999", "action": "centre-0"}))
    assert 'value="139.6922"' in back.text
    twice = await check(site, None, **{**both, "site_1": "plaza"})
    assert "The same site stands here twice." in told(twice)[0]


MISTAKES = [
    ({"title_ja": " \u3000"}, "title_ja: Please fill in “Title”."),
    ({"title_ja": "\u200b\u200d"}, "title_ja: Please fill in “Title”."),
    ({"title_ja": "あ" * 201}, "title_ja: “Title” can have 200 characters; it has 201 now. Please shorten it."),
    ({"title_en": "x" * 10_000}, "title_en: “Title in English” can have 200 characters; it has 10000 now."),
    ({"summary_ja": ""}, "summary_ja: Please fill in “Description”."),
    ({"alt_ja": ""}, "alt_ja: Please fill in “What the pictures show”."),
    ({"licence": "MIT"}, "licence: Please choose the terms of use."),
    ({"site-0": "moon"}, "site-0: Please choose a site."),
    ({"lon-0": "35.6892", "lat-0": "139.6922"}, "lon-0: Latitude and longitude look swapped."),
    ({"lon-0": "2.35", "lat-0": "48.85"}, "lon-0: This point (longitude 2.35, latitude 48.85) is outside"),
    ({"lon-0": "139.6922"}, "lat-0: Please enter “Latitude” as a number (for example 35.6896)."),
    ({"lon-0": "NaN", "lat-0": "35.7"}, "lon-0: Please enter “Longitude” as a number"),
    ({"lon-0": "1e999", "lat-0": "35.7"}, "lon-0: Please enter “Longitude” as a number"),
    ({"lon-0": "9" * 29, "lat-0": "35.7"}, "lon-0: Please enter “Longitude” as a number from -180 to 180."),
    ({"heading-0": "400"}, "heading-0: Please enter “Heading” as a number from 0 to 360."),
    ({"heading-0": "南"}, "heading-0: Please enter “Heading” as a number (for example 168.6)."),
    ({"base-0": "-51"}, "base-0: Please enter “Height above the ground” as a number from -50 to 300."),
    ({"scale-0": "0"}, "scale-0: Please enter “Scale” as a number from 0.01 to 100."),
    ({"cost-0": ""}, "cost-0: Please enter “Cost” as a number"),
    ({"cost-0": "-1"}, "cost-0: Please enter “Cost” as a number from 0 to"),
    ({"cost-0": "0.5"}, "cost-0: Please enter “Cost” in whole yen."),
    ({"slug": "Bad Slug"}, "slug: Please use small letters, digits and hyphens"),
]


async def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(site):
    digest = hashlib.sha256(PORCH[1]).hexdigest()
    for changes, sentence in MISTAKES:
        answer = await check(site, PORCH, **changes)
        field = sentence.split(":")[0]
        [found] = told(answer)
        assert (answer.status, found[: len(sentence)]) == (422, sentence)
        assert f'id="{field}"' in answer.text, sentence
        assert f'id="{field}-error"' in answer.text, sentence
        assert hidden(answer)["model"] == digest
        assert all(typed in {"MIT", "moon"} or typed.strip() in answer.text for typed in changes.values()), (
            sentence
        )


async def test_a_heading_is_read_as_people_type_it(site):
    typed = {"９０": 90.0, "90度": 90.0, "360": 0.0, "": 0.0, "１６８．６": 168.6, "+45.5°": 45.5, " 7 ": 7.0}
    for number, (text, heading) in enumerate(typed.items()):
        names = {"heading_0": text, "title_en": f"Porch {number}"}
        answer = await check(site, PORCH, **names)
        assert (await register(site, answer, **names)).status == 303
        _, _, [(placement, _)] = await stored(site, f"porch-{number}")
        assert placement.heading_deg == heading


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data", "application/json", ""]
)
async def test_what_is_no_upload_form_is_refused(site, content_type):
    answer = await site.post(f"{NEW}?lang=en", b"title_ja=x", content_type=content_type)
    assert answer.status == 422
    assert "could not be read" in answer.text


async def test_unknown_programmes_and_proposals_are_404(site):
    for path in ("/admin/programmes/none/proposals/new", edit("none"), f"{NEW[:-3]}none/registered"):
        assert (await site.get(path)).status == 404
    assert (await check(site, PORCH, "/admin/programmes/none/proposals/new")).status == 404


async def test_another_sites_page_registers_nothing(site):
    answer = await check(site, PORCH)
    refused = await site.post(NEW, filled(None, action="register", **hidden(answer)), sec_fetch_site="cross-site")
    assert refused.status == 403
    assert await slugs(site) == ["bench", "tree", "stage"]


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//example.com>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>*{display:none}</style>",
    "<!-- comment",
    "]]><b>",
    "{{ 7*7 }}{% raw %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{title} {0} %s %(x)s",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "\u202eabc\u2066 שלום",
    "مرحبا بالعالم",
    "か\u3099きくけこ",
    "e\u0301" * 50,
    "Z" + "\u0335\u0336\u0337\u0338" * 40,
    "👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈",
    "木\u200b\u200d\ufeff",
    "=HYPERLINK(1)",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "../../etc/passwd",
    "'; drop table proposal; --",
    "あ" * 200,
    "W" * 200,
]
OWN_SCRIPT = re.compile(r'<script type="module" src="/static/[^"<>]+"></script>')
LIVE = ("<script", "<svg onload", "<img src=x", "<iframe", "<style", "<!-- comment", "' onmouseover='")
LIVE += ('" autofocus onfocus="', 'href="javascript:', 'href="data:')


async def test_hostile_words_are_only_words(site):
    for text in HOSTILE:
        texts = dict.fromkeys(("title_ja", "title_en", "summary_ja", "summary_en", "alt_ja", "alt_en"), text)
        answer = await check(site, (f"{text}.glb", PORCH[1]), **texts)
        assert answer.status == 200, (text, told(answer))
        saved = await register(site, answer, **texts)
        assert saved.status == 303, text
        slug = hidden(answer)["slug"]
        assert is_slug(slug)
        for page in (answer, await site.get(saved.headers["location"]), await site.get(edit(slug))):
            assert page.status == 200
            assert [live for live in LIVE if live in OWN_SCRIPT.sub("", page.text)] == []
        _, version, _ = await stored(site, slug)
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}\.glb", version.content["model"])
    assert len(await slugs(site)) == 3 + len(HOSTILE)


async def test_text_that_cannot_be_stored_is_refused(site):
    answer = await check(site, PORCH, title_ja="a\x00b")
    assert answer.status == 422
    assert await slugs(site) == ["bench", "tree", "stage"]


async def test_what_was_registered_is_exported_and_loads_again(site, tmp_path):
    answer = await check(site, PORCH)
    await register(site, answer)
    site.clock.pass_by(timedelta(seconds=1))
    async with site.context.database.reading() as session:
        files = await export_programme(session, PROGRAMME, site.context.store)
    folder = tmp_path / "exported"
    folder.mkdir()
    write_folder(folder, files)
    checked = check_document(read_document(folder))
    assert [proposal.slug for proposal in checked.content.proposals] == ["bench", "tree", "stage", "shady-porch"]
    placed = checked.content.proposals[-1].placements[0]
    assert (placed.site, placed.cost_yen) == ("plaza", 2_800_000)


async def test_loading_the_file_again_keeps_what_was_registered(site, tmp_path):
    answer = await check(site, PORCH)
    await register(site, answer)
    await load_programme(site.context, tmp_path / "programme")
    assert await slugs(site) == ["bench", "tree", "stage", "shady-porch"]


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [({}, '"table-a"', '"table-b"'), ({"group": "", "site_0": "park", "despite": "yes"}, '"park"', '"lawn"')],
)
async def test_a_file_cannot_take_away_what_a_registered_proposal_needs(site, tmp_path, changes, old, new):
    await register(site, await check(site, PORCH, **changes), **changes)
    file = tmp_path / "programme" / "programme.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(Conflict, match="needed_by_registered"):
        await load_programme(site.context, tmp_path / "programme")
    assert "shady-porch" in await slugs(site)
