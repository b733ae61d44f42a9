"""What the operations share: names in paths, and the refusals that are documented with them."""

from typing import Annotated, Any

from fastapi import Path, Query

from civic.kernel.ids import SLUG
from civic.web import Refusal

_PATTERN = f"^{SLUG.pattern}$"

ProgrammeSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a programme")]
ProposalSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a proposal")]
BallotSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a ballot")]
ProgrammeFilter = Annotated[str, Query(pattern=_PATTERN, description="Slug of a programme")]

EVERYWHERE: dict[int | str, dict[str, Any]] = {
    304: {"description": "Unchanged since the answer whose ETag came back as If-None-Match; without a body"},
    503: {"model": Refusal, "description": "The database does not answer; try again after Retry-After seconds"},
}
NAMED: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "No such published object"},
    422: {"model": Refusal, "description": "The name is no slug (a-z, 0-9 and hyphens, at most 64)"},
    **EVERYWHERE,
}

GLB_MEDIA_TYPE = "model/gltf-binary"

# Said as content of its own: a model would be documented in the media type of the operation's good answer.
_AS_JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}

NAMED_BESIDE_GEOJSON: dict[int | str, dict[str, Any]] = {
    status: {"description": answer["description"], "content": _AS_JSON} if "model" in answer else answer
    for status, answer in NAMED.items()
}
"""The same refusals for an operation that answers GeoJSON: they are plain JSON there too."""

NAMED_BESIDE_GLB: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {GLB_MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    **NAMED_BESIDE_GEOJSON,
}
"""A GLB file, and the same refusals."""
