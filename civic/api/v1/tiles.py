"""Proposals in 3D for other people's maps: a tileset of what is placed, and GLB files that name their licence."""

import asyncio
import hashlib
from typing import Any

from fastapi import APIRouter, Header
from starlette.responses import JSONResponse, Response

from civic.api.v1.models_tiles import TilesetOut
from civic.api.v1.parameters import GLB_MEDIA_TYPE, NAMED, NAMED_BESIDE_GLB, ProgrammeSlug, ProposalSlug
from civic.api.v1.placements import Shown, shown_placements
from civic.ballots.queries import shown_proposal
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.programmes.queries import programme_by_slug
from civic.programmes.tables import Programme
from civic.proposals.surroundings import placement_of
from civic.proposals.tables import ProposalVersion
from civic.web.representations import is_among
from geodata import placement as geometry
from geodata.glb_licence import with_copyright
from geodata.heights import GEOID
from geodata.tiles import PlacedContent, tileset

MODEL = "/programmes/{programme}/proposals/{proposal}.glb"

_ONLY_A_FILE = {"content-security-policy": "default-src 'none'; sandbox", "cache-control": "no-cache"}
_ETAG_DIGITS = 32


class GLBResponse(Response):
    """A binary glTF file."""

    media_type = GLB_MEDIA_TYPE


def router(context: Context) -> APIRouter:
    """The operations on proposals in 3D."""
    routes = APIRouter(tags=["3D"])

    @routes.get("/programmes/{programme}/tileset.json", responses=NAMED, response_model=TilesetOut)
    async def get_tileset(programme: ProgrammeSlug) -> JSONResponse:
        """The placed proposals as 3D Tiles 1.1, at their heights above the ellipsoid."""
        async with context.database.reading() as session:
            season = await programme_by_slug(session, programme)
            shown = await shown_placements(session, programme)
        return JSONResponse(_tileset(season, shown))

    @routes.head(MODEL, include_in_schema=False)
    @routes.get(
        MODEL,
        responses=NAMED_BESIDE_GLB,
        response_class=GLBResponse,
    )
    async def get_model(
        programme: ProgrammeSlug, proposal: ProposalSlug, if_none_match: str | None = Header(None)
    ) -> Response:
        """The 3D model of a proposal; title, programme and licence stand in the file itself."""
        async with context.database.reading() as session:
            season = await programme_by_slug(session, programme)
            _, version = await shown_proposal(session, season.id or 0, proposal)
        line = _copyright(season, version)
        headers = {**_ONLY_A_FILE, "etag": _etag(version.model, line)}
        if if_none_match is not None and is_among(headers["etag"].encode(), if_none_match.encode()):
            return Response(status_code=304, headers=headers)
        data = await asyncio.to_thread(lambda: with_copyright(context.store.get(version.model), line))
        headers["content-disposition"] = f'attachment; filename="{proposal}.glb"'
        return GLBResponse(data, headers=headers)

    return routes


def _tileset(programme: Programme, shown: list[Shown]) -> dict[str, Any]:
    extras = {
        "programme": programme.slug,
        "title": programme.title,
        "geoid": GEOID,
        "notice_ja": geometry.PLANNING_AID_JA,
        "notice_en": geometry.PLANNING_AID_EN,
    }
    try:
        return tileset([_content(one) for one in shown], extras)
    except ValueError as error:
        raise NotFound(
            "height_unknown",
            "ジオイドの範囲の外に置かれた提案があり、楕円体からの高さがわかりません。提案の位置を確かめてください。",
        ) from error


def _content(shown: Shown) -> PlacedContent:
    width, height, depth = shown.version.facts["bounds_m"]
    return PlacedContent(
        uri=f"proposals/{shown.proposal.slug}.glb",
        placement=placement_of(shown.placement),
        ground_m=shown.site.ground_m,
        bounds_m=(width, height, depth),
        extras={
            "proposal": shown.proposal.slug,
            "title": shown.version.content["title"],
            "licence": shown.version.content["licence"],
            "site": shown.site.slug,
        },
    )


def _copyright(programme: Programme, version: ProposalVersion) -> str:
    """One line in every language that there is: title, programme, licence."""
    title, season = (" / ".join(texts.values()) for texts in (version.content["title"], programme.title))
    return f"{title} | {season} | {version.content['licence']}"


def _etag(model: str, line: str) -> str:
    """Of the two things that the file is made from, so that telling that it is unchanged reads no file."""
    return f'"{hashlib.sha256(f"{model} {line}".encode()).hexdigest()[:_ETAG_DIGITS]}"'
