"""Sites, and what stands on them, as GeoJSON."""

from collections.abc import Iterator

from fastapi import APIRouter
from shapely.geometry import Polygon

from civic.api.v1.geojson import GeoJSONResponse
from civic.api.v1.models import (
    GeometryOut,
    LayerCollection,
    LayerFeature,
    LayerProperties,
    PolygonOut,
    SiteCollection,
    SiteFeature,
    SiteProperties,
)
from civic.api.v1.parameters import NAMED_BESIDE_GEOJSON, ProgrammeFilter
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_slug, sites_of
from civic.sites.tables import Site
from geodata.geojson import geojson
from geodata.layers import layer_geometries
from geodata.shapes import from_wkb, to_geojson


def router(context: Context) -> APIRouter:
    """The operations on sites."""
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

    @routes.get(
        "/layers.geojson",
        responses=NAMED_BESIDE_GEOJSON,
        response_model=LayerCollection,
        response_class=GeoJSONResponse,
    )
    async def list_layers(programme: ProgrammeFilter) -> GeoJSONResponse:
        """What stands and runs on the sites, as far as it is known: gates, obstacles, tactile paving and more."""
        async with context.database.reading() as session:
            season = await programme_by_slug(session, programme)
            sites = await sites_of(session, season.id or 0)
        features = [feature for site in sites for feature in _layers(site)]
        return GeoJSONResponse(LayerCollection(type="FeatureCollection", features=features))

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


def _layers(site: Site) -> Iterator[LayerFeature]:
    for layer, geometries in layer_geometries(site.layers).items():
        for number, geometry in enumerate(geometries, 1):
            yield LayerFeature(
                type="Feature",
                id=f"{site.slug}/{layer}/{number}",
                geometry=GeometryOut.model_validate(geojson(geometry)),
                properties=LayerProperties.model_validate(
                    {"site": site.slug, "layer": layer, "level": site.level}
                ),
            )
