"""Sites, and what stands on them, as GeoJSON."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from shapely.geometry import Polygon

from civic.api.v1.geojson import GeoJSONResponse, documented_as
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
from civic.api.v1.parameters import ProgrammeFilter
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_slug, sites_of
from civic.sites.tables import Site
from geodata.geojson import geojson
from geodata.layers import layer_geometries
from geodata.shapes import from_wkb, to_geojson


def router(context: Context) -> APIRouter:
    """The operations on sites."""
    routes = APIRouter(tags=["sites"])

    @routes.get("/sites.geojson", **documented_as(SiteCollection))
    async def list_sites(programme: ProgrammeFilter) -> GeoJSONResponse:
        """The sites that a programme uses, as polygons in longitude and latitude."""
        features = [_feature(site) for site in await _sites(context, programme)]
        return GeoJSONResponse(SiteCollection(type="FeatureCollection", features=features))

    @routes.get("/layers.geojson", **documented_as(LayerCollection))
    async def list_layers(programme: ProgrammeFilter) -> GeoJSONResponse:
        """What stands and runs on the sites, as far as it is known: gates, obstacles, tactile paving and more."""
        features = [feature for site in await _sites(context, programme) for feature in _layers(site)]
        return GeoJSONResponse(LayerCollection(type="FeatureCollection", features=features))

    return routes


async def _sites(context: Context, programme: str) -> Sequence[Site]:
    async with context.database.reading() as session:
        season = await programme_by_slug(session, programme)
        return await sites_of(session, season.id or 0)


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
