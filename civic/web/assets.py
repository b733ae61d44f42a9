"""What the pages load beside their HTML: the built islands and styles, else the styles as they stand.

The build (``make frontend``) lies in ``frontend/static``: ``manifest.json`` maps sources to hashed files under
``assets/``, ``styles.sha256`` says which styles were built.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from civic.kernel.canonical import sha256_hex

_MANIFEST = "manifest.json"
_STYLES = "src/styles.css"
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


@dataclass(frozen=True)
class Assets:
    """Addresses of the built files by their source, and of the stylesheet."""

    built: Mapping[str, str]
    stylesheet: str

    def url(self, name: str) -> str:
        """The script of the island entry ``src/entries/<name>.ts``; "" when it is not built."""
        return self.built.get(f"src/entries/{name}.ts", "")


def read_assets(frontend: Path) -> Assets:
    """The build in ``frontend/static``; without one, or with one of other styles, the styles as they stand."""
    built = _built(frontend / "static")
    version = _styles_version(frontend / "styles")
    if _built_version(frontend / "static") == version and _STYLES in built:
        return Assets(built, built[_STYLES])
    return Assets(built, f"/static/civic.css?v={version[:12]}")


def mount_assets(app: FastAPI, frontend: Path) -> None:
    """Serve the hashed files under /static/assets, for ever the same, and the styles under /static."""
    assets = frontend / "static" / "assets"
    if assets.is_dir():
        app.mount("/static/assets", CachedFiles(_FOR_EVER, directory=assets), name="assets")
    app.mount("/static", CachedFiles(_ASK_AGAIN, directory=frontend / "styles"), name="static")


class CachedFiles(StaticFiles):
    """A folder whose files all say the same about how long they may be kept."""

    def __init__(self, cache_control: str, *, directory: Path) -> None:
        super().__init__(directory=directory)
        self._cache_control = cache_control

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with its cache header. Raises HTTPException when there is none."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = self._cache_control
        return response


def _built(static: Path) -> dict[str, str]:
    """Source to address, from Vite's manifest; empty without a build."""
    manifest = static / _MANIFEST
    if not manifest.is_file():
        return {}
    entries = json.loads(manifest.read_bytes())
    return {source: f"/static/{entry['file']}" for source, entry in entries.items() if entry.get("isEntry")}


def _built_version(static: Path) -> str:
    path = static / "styles.sha256"
    return path.read_text(encoding="ascii") if path.is_file() else ""


def _styles_version(styles: Path) -> str:
    """SHA-256 of all stylesheets in the order of their paths, as vite.config.ts computes it too."""
    paths = sorted(styles.rglob("*.css"), key=lambda path: path.relative_to(styles).as_posix())
    return sha256_hex(b"".join(path.read_bytes() for path in paths))
