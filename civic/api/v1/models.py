"""The shapes of programmes, proposals and sites in the API. Lengths are metres, times RFC 3339 in UTC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from civic.kernel.clock import iso

Texts = Annotated[Mapping[str, str], Field(description="A text by language: ja, perhaps en")]
Instant = Annotated[
    datetime,
    PlainSerializer(iso, return_type=str, when_used="json"),
    Field(json_schema_extra={"format": "date-time"}),
]
Yen = Annotated[int, Field(ge=0, description="Whole yen")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Level = Literal["ground", "deck", "underground"]
BallotState = Literal["scheduled", "open", "closed", "sealed", "decided", "cancelled"]


class ProgrammeSummary(BaseModel):
    """A programme in a list."""

    slug: str
    title: Texts


class StageOut(BaseModel):
    """A stage with its half-open window."""

    kind: Literal["intake", "session", "review", "ballot", "decision", "delivery", "feedback"]
    opens_at: Instant
    closes_at: Instant


class SiteSummary(BaseModel):
    """A site by name; its polygon is in sites.geojson."""

    slug: str
    title: Texts


class ProposalSummary(BaseModel):
    """A proposal in a list."""

    slug: str
    title: Texts


class BallotSummary(BaseModel):
    """A ballot in a list."""

    slug: str
    title: Texts
    state: BallotState
    opens_at: Instant
    closes_at: Instant


class ProgrammeOut(BaseModel):
    """A programme with everything published in it."""

    slug: str
    title: Texts
    stages: list[StageOut]
    sites: list[SiteSummary]
    proposals: list[ProposalSummary]
    ballots: list[BallotSummary]


class ModelOut(BaseModel):
    """The 3D model: where its GLB file is, and what the gate measured."""

    url: str
    sha256: Sha256
    triangles: int
    bounds_m: Annotated[list[float], Field(min_length=3, max_length=3, description="Width, height, depth")]
    height_m: float
    footprint_area_m2: float
    outline_exact: bool


class CheckOut(BaseModel):
    """One checked rule."""

    name: str
    verdict: Literal["pass", "warn", "fail"]
    value: float
    limit: float | None
    unit: str
    reason_ja: str
    reason_en: str


class ChecksOut(BaseModel):
    """The checks of a placement: a planning aid, never an approval."""

    verdict: Literal["pass", "warn", "fail"]
    checks: list[CheckOut]
    inputs_sha256: Sha256
    rules_version: str
    data_year: int | None
    notice_ja: str
    notice_en: str


class PlacementOut(BaseModel):
    """Where the model's origin stands: degrees (JGD2011), heading clockwise from grid north."""

    site: str
    lon: float
    lat: float
    heading_deg: float
    base_m: float
    scale: float
    cost_yen: Yen
    checks: ChecksOut


class ProposalOut(BaseModel):
    """A proposal in the version that is voted on, else in its newest one."""

    slug: str
    programme: str
    version: int
    title: Texts
    summary: Texts
    alt: Texts
    for_whom: list[str]
    licence: str
    model: ModelOut
    placements: list[PlacementOut]
    ballots: list[BallotSummary]


class PolygonOut(BaseModel):
    """A GeoJSON polygon, [longitude, latitude]."""

    type: Literal["Polygon"]
    coordinates: list[list[Annotated[list[float], Field(min_length=2, max_length=2)]]]


class SiteProperties(BaseModel):
    """A site beside its polygon."""

    slug: str
    title: Texts
    level: Level
    ground_m: Annotated[float, Field(description="Height of the ground above Tokyo Peil")]
    manager: str | None
    land_type: str | None
    special_regime: str | None
    rules: dict[str, Any]


class SiteFeature(BaseModel):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: PolygonOut
    properties: SiteProperties


class SiteCollection(BaseModel):
    """A GeoJSON feature collection (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[SiteFeature]


class GeometryOut(BaseModel):
    """A GeoJSON geometry, [longitude, latitude]."""

    type: Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]
    coordinates: list[Any]


class LayerProperties(BaseModel):
    """What stands or runs on a site."""

    site: str
    layer: Literal["gates", "obstacles", "tactile_paving", "emergency_lanes", "entrances", "hydrants"]
    level: Level


class LayerFeature(BaseModel):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: GeometryOut
    properties: LayerProperties


class LayerCollection(BaseModel):
    """A GeoJSON feature collection (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[LayerFeature]
