"""One page with the 3D view on it, served as the product serves it, without a database behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from support.source import ROOT

from civic.web.assets import read_assets
from civic.web.headers import content_security_policy

FRONTEND = ROOT / "frontend"
POLICY = content_security_policy(scenes=True)
TYPES = {
    "css": "text/css",
    "glb": "model/gltf-binary",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
}
PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><rect width="4" height="3" fill="#9bc"/></svg>'
TEXTS = {
    "label": "3D view",
    "loading": "Loading",
    "failed": "No 3D today",
    "unsupported": "No 3D here",
    "lost": "3D has stopped",
    "close": "Close 3D",
    "tools": "Ways to look",
    "people": "Eye level",
    "approach": "Farther",
    "overview": "From above",
    "compare": "Compare sizes",
    "person": "165 cm",
    "fullscreen": "Full screen",
}
PAGE = """<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>3D</title>
        <link rel="stylesheet" href="{stylesheet}">
        <link rel="icon" href="/poster.svg">
        <script type="module" src="{script}"></script>
    </head>
    <body>
        <main>
            <h1>A bench</h1>
            <civic-viewer data-scene="/scene.json" {texts}>
                <figure class="picture"><img src="/poster.svg" width="1024" height="768" alt="A bench"></figure>
                <button type="button">See in 3D</button>
            </civic-viewer>
            <p class="below">{below}</p>
        </main>
    </body>
</html>"""


@dataclass
class ViewerPage:
    """What is served, by path; a test may change or remove anything."""

    files: dict[str, bytes] = field(default_factory=dict)
    origin: str = ""

    def put_scene(self, document: dict[str, Any], model: bytes, surroundings: bytes) -> None:
        """Serve a scene with its two models."""
        addresses = {
            "model": {**document["model"], "url": "/model.glb"},
            "surroundings": {"url": "/surroundings.glb"},
        }
        self.files |= {
            "/scene.json": json.dumps(document | addresses).encode(),
            "/model.glb": model,
            "/surroundings.glb": surroundings,
        }

    def answer(self, path: str) -> bytes | None:
        """The bytes of a path; None where there is nothing."""
        if not path.startswith("/static/"):
            return self.files.get(path)
        name = path.removeprefix("/static/").partition("?")[0]
        found = [FRONTEND / folder / name for folder in ("static", "styles")]
        return next((file.read_bytes() for file in found if file.is_file()), None)


@contextmanager
def served_viewer() -> Iterator[ViewerPage]:
    """The page on a free port of 127.0.0.1."""
    page = ViewerPage({"/": _html(), "/poster.svg": PIXEL})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page.answer(self.path)
            self.send_response(HTTPStatus.OK if body is not None else HTTPStatus.NOT_FOUND)
            ending = self.path.partition("?")[0].rpartition(".")[2] if self.path != "/" else "html"
            self.send_header("content-type", TYPES[ending])
            self.send_header("content-security-policy", POLICY)
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page.origin = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield page
    finally:
        server.shutdown()
        server.server_close()


def _html() -> bytes:
    assets = read_assets(FRONTEND)
    texts = " ".join(f'data-{name}="{text}"' for name, text in TEXTS.items())
    below = "A long text. " * 120
    html = PAGE.format(stylesheet=assets.stylesheet, script=assets.url("viewer"), texts=texts, below=below)
    return html.encode()
