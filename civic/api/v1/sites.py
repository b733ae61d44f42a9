"""Sites as GeoJSON."""

from fastapi import APIRouter
from shapely.geometry import Polygon
from starlette.responses import JSONResponse

from civic.api.v1.models import PolygonOut, SiteCollection, SiteFeature, SiteProperties
from civic.api.v1.parameters import NAMED_BESIDE_GEOJSON, ProgrammeFilter
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_slug, sites_of
from civic.sites.tables import Site
from geodata.shapes import from_wkb, to_geojson


class GeoJSONResponse(JSONResponse):
    """A feature collection under the media type of RFC 7946."""

    media_type = "application/geo+json"

    def render(self, content: SiteCollection) -> bytes:
        """The bytes, by pydantic itself: FastAPI would first make a thousand features a tree of dicts."""
        return content.model_dump_json().encode()


def router(context: Context) -> APIRouter:
    """The operation on sites."""
    routes = APIRouter(tags=["sites"])

    @routes.get(
        "/sites.geojson",
        responses=NAMED_BESIDE_GEOJSON,
        response_model=SiteCollection,
        response_class=GeoJSONResponse,
    )
    async def list_sites(programme: ProgrammeFilter) -> GeoJSONResponse:
        """The sites that a programme uses, as polygons in longitude and latitude."""
        async with context.database.reading() as session:
            season = await programme_by_slug(session, programme)
            sites = await sites_of(session, season.id or 0)
        features = [_feature(site) for site in sites]
        return GeoJSONResponse(SiteCollection(type="FeatureCollection", features=features))

    return routes


def _feature(site: Site) -> SiteFeature:
    boundary = from_wkb(site.boundary)
    assert isinstance(boundary, Polygon), "the gate lets only polygons in"
    return SiteFeature(
        type="Feature",
        id=site.slug,
        geometry=PolygonOut.model_validate(to_geojson(boundary)),
        properties=SiteProperties.model_validate(site, from_attributes=True),
    )
