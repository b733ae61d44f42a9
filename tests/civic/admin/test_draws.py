"""A planner names a public value for an open tie and draws it; pages and the API then tell one result."""

import re

import orjson
import pytest
from support.tiny_programme import BALLOT, load_programme, write_tiny_programme

from civic.admin.trail import deed_in_words

PAGE = f"/admin/ballots/{BALLOT}"
LONG = "1" * 201


@pytest.fixture
async def level_site(site, tmp_path):
    """Bench and tree cost the same on the plaza, and one voter chose each."""
    folder = write_tiny_programme(tmp_path / "level", now=site.clock())
    file = folder / "programme.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("800000", "1000000"), encoding="utf-8")
    await load_programme(site.context, folder)
    await site.open_ballot()
    await site.vote("U1", "bench")
    await site.vote("U2", "tree")
    await site.seal()
    return site


async def offered(site) -> set[str]:
    return set(re.findall(rf'action="{PAGE}/(\w+)', (await site.get(PAGE)).text))


async def refused(site, deed, **fields) -> tuple[int, str]:
    answer = await site.post(f"{PAGE}/{deed}?lang=en", fields)
    (alert,) = re.findall(r'role="alert">([^<]*)<', answer.text)
    return answer.status, alert


async def results(site) -> dict:
    return orjson.loads((await site.get(f"/api/v1/ballots/{BALLOT}/results")).text)


async def test_a_tie_is_named_and_drawn_on_its_page(level_site):
    site = level_site
    before = await results(site)
    assert (before["status"], before["draw"], before["selected"]) == ("tie_pending", None, [])
    assert await offered(site) == {"name_beacon", "decision"}
    for path in (PAGE, "/admin/programmes/tiny"):
        page = (await site.get(path, "en")).text
        assert "next a public lot is drawn" in page, path
        assert "A lot is still to be drawn" in page, path
    status, said = await refused(site, "draw", value="1", source="2")
    assert (status, "First name the public value" in said) == (409, True)
    assert (await refused(site, "name_beacon", beacon=" "))[0] == 422
    assert (await site.post(f"{PAGE}/name_beacon", {"beacon": "Closing value <30 Nov>"})).status == 303
    assert await offered(site) == {"draw", "decision"}
    assert "Closing value &lt;30 Nov&gt;" in (await site.get(PAGE, "en")).text
    answer = await site.post(f"{PAGE}/draw", {"value": LONG, "source": "the exchange"})
    assert answer.status == 422
    assert f'value="{LONG}"' in answer.text
    assert 'value="the exchange"' in answer.text
    assert (await site.post(f"{PAGE}/draw", {"value": "38,208.03", "source": "the exchange"})).status == 303
    assert await offered(site) == {"decision"}
    assert "a public lot is drawn" not in (await site.get(PAGE, "en")).text
    after = await results(site)
    first, last = sorted(("bench", "tree"), key=after["draw"]["lots"].__getitem__)
    assert after["status"] == "final"
    assert [place["proposal"] for place in after["selected"]] == [first]
    assert (after["draw"]["value"], after["draw"]["source"]) == ("38,208.03", "the exchange")
    for lang, titles in {
        "en": {"bench": "Wooden bench", "tree": "Big tree"},
        "ja": {"bench": "木のベンチ", "tree": "大きな木"},
    }.items():
        page = (await site.get(PAGE, lang)).text
        lots = page[page.index('class="lots"') :]
        assert lots.index(titles[first]) < lots.index(after["draw"]["lots"][first])
        assert lots.index(titles[first]) < lots.index(titles[last])
        assert re.search(rf'value="{first}"\s+checked', page)
        assert not re.search(rf'value="{last}"\s+checked', page)


async def test_a_result_without_a_tie_has_no_lot(voted_site):
    await voted_site.seal()
    assert (await results(voted_site))["draw"] is None
    assert await offered(voted_site) == {"decision"}
    assert (await refused(voted_site, "name_beacon", beacon="x"))[0] == 409


async def test_a_method_that_does_not_suit_is_told_before_the_opening(site, tmp_path):
    assert "notice-warning" not in (await site.get(PAGE)).text
    folder = write_tiny_programme(tmp_path / "mes", now=site.clock(), method="mes", max_approvals=1)
    await load_programme(site.context, folder)
    page = (await site.get(PAGE)).text
    assert "一人が一つの案しか選べない投票には向きません" in page
    assert "予算がないと" in page
    await site.open_ballot()
    assert "notice-warning" not in (await site.get(PAGE)).text


@pytest.mark.parametrize("verb", ["tie.beacon_named", "tie.drawn"])
def test_a_draw_has_words_in_the_trail(verb):
    assert deed_in_words(verb, "ja") not in {verb, deed_in_words(verb, "en")}
