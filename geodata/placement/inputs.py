"""Everything a result depends on, as one hash that anyone can compute again."""

from dataclasses import fields
from typing import Any

from geodata.placement.canonical import canonical_number, canonical_shape, canonical_text, sha256_of
from geodata.placement.ground import Ground
from geodata.placement.rulebook import RULES_VERSION
from geodata.placement.site import Building, Layers, SiteRules
from geodata.placement.stance import Placement
from geodata.shapes import DECIMALS, to_geojson


def inputs_sha256(model_sha256: str, placement: Placement, ground: Ground) -> str:
    """Hash everything a result depends on: model, placement, site, what is near it, the version of the rules.

    SHA-256, in hexadecimal, of JSON with sorted keys and no spaces. The boundary is in its canonical GeoJSON;
    other shapes are normalised GeoJSON, rounded to 7 decimals of a degree; a rival is a hash of its own.
    Buildings, rivals and levels are sorted, so that the order in which they were found does not matter.
    """
    inputs = {
        "model_sha256": model_sha256,
        "placement": placement.as_json(),
        "rules_version": RULES_VERSION,
        "site": _site(ground.site),
        "buildings": sorted((_building(building) for building in ground.buildings), key=canonical_text),
        "rivals": sorted(rival.sha256 for rival in ground.rivals),
        "other_levels": sorted((_site(level) for level in ground.other_levels), key=canonical_text),
        "days_used": ground.days_used,
        "data_year": ground.data_year,
    }
    return sha256_of(inputs)


def _site(site: SiteRules) -> dict[str, Any]:
    others = {
        field.name: getattr(site, field.name) for field in fields(site) if field.name not in ("boundary", "layers")
    }
    return {
        **{name: value if isinstance(value, str) else canonical_number(value) for name, value in others.items()},
        "boundary": to_geojson(site.boundary),
        "layers": _layers(site.layers),
    }


def _layers(layers: Layers) -> dict[str, Any]:
    return {
        field.name: sorted(
            (canonical_shape(shape, DECIMALS) for shape in getattr(layers, field.name)), key=canonical_text
        )
        for field in fields(layers)
    }


def _building(building: Building) -> dict[str, Any]:
    return {
        "id": building.id,
        "footprint": canonical_shape(building.footprint, DECIMALS),
        "height_m": float(building.height_m),
        "ground_m": canonical_number(building.ground_m),
    }
