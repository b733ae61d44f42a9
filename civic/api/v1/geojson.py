"""How collections of features are answered."""

from pydantic import BaseModel
from starlette.responses import JSONResponse


class GeoJSONResponse(JSONResponse):
    """A feature collection under the media type of RFC 7946."""

    media_type = "application/geo+json"

    def render(self, content: BaseModel) -> bytes:
        """The bytes, by pydantic itself: FastAPI would first make a thousand features a tree of dicts."""
        return content.model_dump_json().encode()
