"""What the pages of others may read: the open data, and nothing of a person or of the staff."""

from __future__ import annotations

import json

import pytest
from support.tiny_programme import BALLOT, PROGRAMME

API = "/api/v1"
OPEN = [
    f"{API}/programmes",
    f"{API}/programmes/{PROGRAMME}",
    f"{API}/programmes/{PROGRAMME}/tileset.json",
    f"{API}/programmes/{PROGRAMME}/proposals/bench.glb",
    f"{API}/placements.geojson?programme={PROGRAMME}",
    f"{API}/ballots/{BALLOT}",
]
OURS = ["/", f"/p/{PROGRAMME}", f"/b/{BALLOT}", "/admin", "/admin/sign-in", "/r/0000-0000-0000-0000", "/healthz"]
LEAVE = "access-control-allow-origin"


async def ask(site, method: str, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    """The status and the headers of an answer to a script of another site."""
    answer = await site.ask(method, path, origin="https://map.example.org", **headers)
    return answer.status, {name.lower(): value for name, value in answer.headers.items()}


@pytest.mark.parametrize("path", OPEN)
async def test_open_data_may_be_read_from_everywhere(site, path):
    for method in ("GET", "HEAD", "GET"):  # the second time it may have been kept
        status, headers = await ask(site, method, path)
        assert (status, headers[LEAVE]) == (200, "*")
        assert "access-control-allow-credentials" not in headers
    again, unchanged = await ask(site, "GET", path, if_none_match=headers["etag"])
    assert (again, unchanged[LEAVE]) == (304, "*")


async def test_the_model_that_the_api_names_may_be_read_too(site):
    proposal = json.loads((await site.get(f"{API}/programmes/{PROGRAMME}/proposals/bench")).text)
    path = "/files/models/" + proposal["model"]["url"].rpartition("/")[2]
    status, headers = await ask(site, "GET", path)
    assert (status, headers[LEAVE]) == (200, "*")


@pytest.mark.parametrize("path", OPEN)
async def test_a_browser_that_asks_first_is_answered(site, path):
    asked = {"access_control_request_method": "GET", "access_control_request_headers": "if-none-match"}
    status, headers = await ask(site, "OPTIONS", path, **asked)
    assert (status, headers[LEAVE]) == (204, "*")
    assert headers["access-control-allow-methods"] == "GET, HEAD"
    assert headers["access-control-allow-headers"] == "if-none-match"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_but_reading_is_open(site, method):
    status, headers = await ask(site, method, f"{API}/programmes")
    assert status == 405
    assert LEAVE not in headers


@pytest.mark.parametrize("path", OURS)
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
async def test_pages_and_people_are_not_open(site, path, method):
    _, headers = await ask(site, method, path, access_control_request_method="GET")
    assert not [name for name in headers if name.startswith("access-control")]
