"""The shape of a tileset (3D Tiles 1.1, OGC 22-025r4), as far as ours goes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from civic.api.v1.models import Texts

Error = Annotated[float, Field(ge=0, description="Metres that are missed when it is not drawn")]


class PlacedExtras(BaseModel):
    """What a tile holds, and how it may be used."""

    proposal: str
    title: Texts
    licence: str
    site: str


class TilesetExtras(BaseModel):
    """What the tileset is; heights come from the geoid GSIGEO2011."""

    programme: str
    title: Texts
    geoid: str
    notice_ja: str
    notice_en: str


class AssetOut(BaseModel):
    """The version of 3D Tiles."""

    version: Literal["1.1"]
    extras: TilesetExtras


class BoxOut(BaseModel):
    """A centre and three half axes."""

    model_config = ConfigDict(extra="forbid")

    box: Annotated[list[float], Field(min_length=12, max_length=12)]


class SphereOut(BaseModel):
    """A centre and a radius."""

    model_config = ConfigDict(extra="forbid")

    sphere: Annotated[list[float], Field(min_length=4, max_length=4)]


class ContentOut(BaseModel):
    """Where the GLB file is, relative to the tileset."""

    uri: str


class TileOut(BaseModel):
    """A placed proposal; ``transform`` leads from its frame to EPSG:4978, by columns."""

    transform: Annotated[list[float], Field(min_length=16, max_length=16)]
    boundingVolume: BoxOut
    geometricError: Error
    content: ContentOut
    extras: PlacedExtras


class RootOut(BaseModel):
    """The root. Without a published placement it has no children and a sphere without a size."""

    boundingVolume: BoxOut | SphereOut
    geometricError: Error
    refine: Literal["ADD"]
    children: Annotated[list[TileOut], Field(min_length=1)] | None = None


class TilesetOut(BaseModel):
    """The placed proposals of a programme as 3D Tiles."""

    asset: AssetOut
    geometricError: Error
    root: RootOut
