"""Files of proposals that everybody may see: pictures, surroundings, and the scene that a 3D view reads."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from civic.drawings.queries import drawing_may_be_shown, drawn_placement
from civic.drawings.tables import Drawing
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.proposals.queries import may_be_shown
from civic.proposals.tables import ProposalVersion
from civic.web.pictures import PUBLIC_FILES

FOR_EVER = {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
}
_SHA256 = re.compile(r"[0-9a-f]{64}")


def file_routes(context: Context) -> list[Route]:
    """The routes below /files; a file named by its content may be kept for ever."""
    files = ProposalFiles(context)
    return [
        Route(f"{PUBLIC_FILES}/pictures/{{sha256}}.jpg", files.picture),
        Route(f"{PUBLIC_FILES}/surroundings/{{sha256}}.glb", files.surroundings),
        Route(f"{PUBLIC_FILES}/scenes/{{placement:int}}.json", files.scene),
    ]


class ProposalFiles:
    """One method a kind of file."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def picture(self, request: Request) -> Response:
        """A picture of a published version."""
        return await self._stored(request.path_params["sha256"], "image/jpeg")

    async def surroundings(self, request: Request) -> Response:
        """What stands around a published placement, as GLB."""
        return await self._stored(request.path_params["sha256"], "model/gltf-binary")

    async def scene(self, request: Request) -> Response:
        """The scene of a published placement. NotFound while it is not drawn."""
        async with self._context.database.reading() as session:
            drawing, version = await drawn_placement(session, request.path_params["placement"])
        if not may_be_shown(version):
            raise _unknown()
        return JSONResponse(scene_document(drawing, version), headers={"cache-control": "no-cache"})

    async def _stored(self, sha256: str, media_type: str) -> Response:
        async with self._context.database.reading() as session:
            shown = _SHA256.fullmatch(sha256) is not None and await drawing_may_be_shown(session, sha256)
        path = self._context.store.path(sha256)
        if not shown or not path.is_file():
            raise _unknown()
        return FileResponse(path, media_type=media_type, headers=FOR_EVER)


def scene_document(drawing: Drawing, version: ProposalVersion) -> Mapping[str, Any]:
    """The stored scene with the addresses of its two models."""
    document = drawing.document
    return {
        **document,
        "model": {**document["model"], "url": f"{PUBLIC_FILES}/models/{version.model}.glb"},
        "surroundings": {"url": f"{PUBLIC_FILES}/surroundings/{drawing.surroundings}.glb"},
    }


def _unknown() -> NotFound:
    return NotFound("file_unknown", "このファイルはありません。提案のページを開き直して、そこから選んでください。")
