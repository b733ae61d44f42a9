"""How collections of features are answered."""

from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse

from civic.api.v1.parameters import NAMED_BESIDE_GEOJSON


class GeoJSONResponse(JSONResponse):
    """A feature collection under the media type of RFC 7946."""

    media_type = "application/geo+json"

    def render(self, content: BaseModel) -> bytes:
        """The bytes, by pydantic itself: FastAPI would first make a thousand features a tree of dicts."""
        return content.model_dump_json().encode()


def documented_as(collection: type[BaseModel]) -> dict[str, Any]:
    """What a route says of itself that answers such a collection."""
    return {
        "responses": NAMED_BESIDE_GEOJSON,
        "response_model": collection,
        "response_class": GeoJSONResponse,
    }
