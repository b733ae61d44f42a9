"""Which files a page loads: the built ones, or the styles as they stand."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest
from fastapi import FastAPI
from support.servers import serving
from yarl import URL

from civic.web.assets import mount_assets, read_assets

STYLES = {"civic.css": "@import 'components/a.css';", "components/a.css": "p { margin: 0 }"}
MANIFEST = {
    "src/entries/viewer.ts": {"file": "assets/viewer-1a2b.js", "isEntry": True},
    "src/styles.css": {"file": "assets/styles-3c4d.css", "isEntry": True},
    "src/viewer/scene.ts": {"file": "assets/scene-5e6f.js"},
}


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """A frontend folder that was never built."""
    for name, text in STYLES.items():
        path = tmp_path / "styles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def built(frontend: Path) -> Path:
    """The same after a build."""
    assets = frontend / "static" / "assets"
    assets.mkdir(parents=True)
    for entry in MANIFEST.values():
        (frontend / "static" / entry["file"]).write_text("built")
    (frontend / "static" / "manifest.json").write_text(json.dumps(MANIFEST))
    (frontend / "static" / "styles.sha256").write_text(sha256("".join(STYLES.values()).encode()).hexdigest())
    return frontend


async def fetched(frontend: Path, path: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, text and headers of one address."""
    app = FastAPI()
    mount_assets(app, frontend)
    async with (
        serving(app) as url,
        aiohttp.ClientSession() as http,
        http.get(URL(url + path, encoded=True)) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


async def test_without_a_build_there_are_styles_and_no_scripts(frontend):
    assets = read_assets(frontend)
    assert assets.url("viewer") == ""
    path, _, version = assets.stylesheet.partition("?v=")
    status, text, _ = await fetched(frontend, path)
    assert (path, status, text) == ("/static/civic.css", 200, STYLES["civic.css"])
    (frontend / "styles" / "components" / "a.css").write_text("p { margin: 1px }")
    assert read_assets(frontend).stylesheet != f"{path}?v={version}"


def test_a_build_is_named_by_its_sources(built):
    assets = read_assets(built)
    assert assets.url("viewer") == "/static/assets/viewer-1a2b.js"
    assert assets.url("scene") == "", "a chunk is no entry"
    assert assets.stylesheet == "/static/assets/styles-3c4d.css"


def test_a_build_of_other_styles_is_not_shown(built):
    (built / "styles" / "civic.css").write_text("p { margin: 2px }")
    assert read_assets(built).stylesheet.startswith("/static/civic.css?v=")


async def test_hashed_files_are_kept_for_a_year_and_others_asked_for_again(built):
    _, text, headers = await fetched(built, "/static/assets/viewer-1a2b.js")
    assert (text, headers["cache-control"]) == ("built", "public, max-age=31536000, immutable")
    _, _, headers = await fetched(built, "/static/components/a.css")
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["assets/none.js", "assets/%2e%2e/manifest.json", "manifest.json"])
async def test_what_is_no_asset_is_not_found(built, path):
    status, _, _ = await fetched(built, f"/static/{path}")
    assert status == 404


async def test_without_a_build_scripts_are_not_found(frontend):
    status, _, _ = await fetched(frontend, "/static/assets/viewer-1a2b.js")
    assert status == 404
