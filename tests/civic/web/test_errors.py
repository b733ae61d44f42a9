import json

import pytest
from sqlalchemy.exc import OperationalError, StatementError
from starlette.requests import Request
from starlette.responses import Response
from support.site import Site
from yarl import URL

from civic.kernel.errors import Conflict, Unavailable

HOSTILE = [
    "%00",
    "a%00b",
    "%FF%FE",
    "..%2f..%2fetc",
    "%2e%2e",
    "'",
    "%27%20or%20%271%27=%271",
    "%3Cscript%3E",
    "%E2%80%AE",
    "x" * 3000,
    "%EF%BC%91",
    "%ED%A0%80",
]
PARAMETERS = [
    "/p/{}",
    "/p/tiny/{}",
    "/b/{}",
    "/b/{}/results",
    "/r/{}",
    "/r?code={}",
    "/files/models/{}.glb",
    "/static/{}",
    "/admin/ballots/{}",
    "/api/v1/programmes/{}",
    "/api/v1/programmes/tiny/proposals/{}",
    "/api/v1/ballots/{}",
    "/api/v1/ballots/{}/results",
    "/api/v1/programmes/{}/tileset.json",
    "/api/v1/programmes/tiny/proposals/{}.glb",
    "/api/v1/sites.geojson?programme={}",
    "/api/v1/layers.geojson?programme={}",
    "/api/v1/placements.geojson?programme={}",
    "/api/v1/checks.geojson?programme={}",
    "/{}",
]


async def raising(site: Site, error: Exception):
    """The site with two routes that raise."""

    async def broken(_request: Request) -> Response:
        raise error

    site.app.add_route("/broken", broken)
    site.app.add_route("/api/broken", broken)
    return await site.get("/broken"), await site.get("/api/broken")


async def test_an_unknown_page_says_what_to_do_next(site):
    answer = await site.get("/nowhere", "en")
    assert answer.status == 404
    assert "There is no such page." in answer.text
    assert 'href="/?lang=en"' in answer.text
    assert "/nowhere?lang=ja" in answer.text


async def test_under_api_a_refusal_is_json_in_both_languages(site):
    answer = await site.get("/api/v1/nothing")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/json"
    body = json.loads(answer.text)
    assert set(body) == {"code", "message_ja", "message_en"}
    assert body["code"] == "page_unknown"


async def test_a_wrong_verb_keeps_the_list_of_right_ones(site):
    answer = await site.post("/privacy")
    assert answer.status == 405
    assert answer.headers["allow"] in {"GET, HEAD", "HEAD, GET"}
    assert "ページを開き直して" in answer.text


async def test_a_refusal_keeps_its_status_and_its_sentence(site):
    page, body = await raising(site, Conflict("ballot_frozen", "「{ballot}」は<変えられません>。", ballot="<b>"))
    assert page.status == body.status == 409
    assert "「&lt;b&gt;」は&lt;変えられません&gt;。" in page.text
    assert json.loads(body.text)["message_ja"] == "「<b>」は<変えられません>。"


async def test_a_database_that_is_away_is_503_and_says_when_to_come_back(site):
    page, body = await raising(site, OperationalError("select 1", {}, Exception("gone")))
    assert page.status == body.status == 503
    assert page.headers["retry-after"] == "5"
    assert json.loads(body.text)["code"] == "database_unavailable"
    assert "select" not in page.text


async def test_unavailable_says_when_to_come_back(site):
    page, _ = await raising(site, Unavailable("busy", "いま混み合っています。"))
    assert (page.status, page.headers["retry-after"]) == (503, "5")


FAULTS = [ZeroDivisionError("secret"), StatementError("m", "s", {}, ValueError("secret"))]


@pytest.mark.parametrize("error", FAULTS)
async def test_a_fault_of_ours_tells_nothing_about_itself(site, error):
    page, body = await raising(site, error)
    assert page.status == body.status == 500
    assert "secret" not in page.text + body.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert json.loads(body.text)["code"] == "unexpected"


async def test_an_odd_parameter_is_refused_calmly(both_site):
    for path in PARAMETERS:
        for odd in HOSTILE:
            answer = await both_site.get(URL(path.format(odd), encoded=True))
            assert answer.status in {404, 422}, (path, odd)
            assert "<script>" not in answer.text
            if path.startswith("/api"):
                assert set(json.loads(answer.text)) == {"code", "message_ja", "message_en"}


async def test_a_broken_host_header_is_answered(site):
    answer = await site.get("/p/tiny", host="[::1")
    assert answer.status == 200
    assert "[::1" not in answer.text


async def test_no_link_is_made_from_a_host_header(site):
    for path in ("/", "/b/tiny-ballot", "/api/v1/programmes/tiny/proposals/bench"):
        answer = await site.get(path, host="evil.example")
        assert "evil.example" not in answer.text + str(answer.headers)
    assert "https://vote.example.jp/files/models/" in answer.text
