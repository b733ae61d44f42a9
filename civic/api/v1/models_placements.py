"""The shapes of placements and checks as GeoJSON (RFC 7946), and of a tileset (3D Tiles 1.1)."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from civic.api.v1.models import CheckOut, ChecksOut, GeometryOut, Level, Sha256, Texts, Yen

Position = Annotated[list[float], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(min_length=4)]


class FootprintOut(BaseModel):
    """What a placed model covers, [longitude, latitude]."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[list[Ring]] | list[Ring]


class StandsOut(BaseModel):
    """Whose placement it is."""

    proposal: str
    title: Texts
    site: str
    level: Level


class PlacementProperties(StandsOut, ChecksOut):
    """A placement beside its footprint, with its checks: a planning aid, never an approval."""

    footprint: Annotated[
        Literal["outline", "extent"],
        Field(
            description="outline: what the model covers, to 1 cm if it is not intricate; extent: width by depth"
        ),
    ]
    lon: float
    lat: float
    heading_deg: Annotated[float, Field(description="Clockwise from grid north")]
    base_m: float
    scale: float
    cost_yen: Yen


class PlacementFeature(BaseModel):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: Annotated[str, Field(description="Proposal and number of the placement, from 1")]
    geometry: FootprintOut
    properties: PlacementProperties


class PlacementCollection(BaseModel):
    """A GeoJSON feature collection (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[PlacementFeature]


class CheckProperties(StandsOut, CheckOut):
    """One check beside what it found on the map: a planning aid, never an approval."""

    placement: Annotated[str, Field(description="The id of the placement in placements.geojson")]
    inputs_sha256: Sha256
    rules_version: str
    data_year: int | None
    notice_ja: str
    notice_en: str


class CheckFeature(BaseModel):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: Annotated[str, Field(description="The placement's id and the name of the check")]
    geometry: GeometryOut
    properties: CheckProperties


class CheckCollection(BaseModel):
    """A GeoJSON feature collection (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[CheckFeature]
