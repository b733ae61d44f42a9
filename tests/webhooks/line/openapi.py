"""LINE's OpenAPI specification as validators that look inside polymorphic objects.

The specification says "a base with ``discriminator.mapping``, children ``allOf`` the base"; a JSON Schema
validator would check a message against the empty base only. Here each base becomes a dispatcher on ``type``,
and the children's ``allOf`` point at a plain copy of the base. The files are shared test data.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

_CHECKOUT = Path(__file__).resolve().parents[3]
_PREFIX = "#/components/schemas/"
_PLAIN = "__plain"


def shared_dir() -> Path:
    """The folder with the shared test data; it may be absent."""
    return Path(os.environ.get("CIVIC_TEST_SHARED", _CHECKOUT.parent / "shared"))


def validator(schema: str, file: str = "messaging-api.yml") -> jsonschema_rs.Validator:
    """A validator of one schema of the specification; skips the test when the shared data is not here."""
    path = shared_dir() / "line" / file
    if not path.is_file():
        pytest.skip(f"{path} is missing: put LINE's OpenAPI files there or name their folder in CIVIC_TEST_SHARED")
    return _compiled(path, schema)


@cache
def _compiled(path: Path, schema: str) -> jsonschema_rs.Validator:
    document = {"$ref": _PREFIX + schema, "components": {"schemas": _dispatching(path)}}
    return jsonschema_rs.Draft202012Validator(document, validate_formats=True)


@cache
def _dispatching(path: Path) -> dict[str, Any]:
    schemas = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["components"]["schemas"]
    bases = {name for name, schema in schemas.items() if "discriminator" in schema}
    rewritten = {name: _with_plain_bases(schema, bases) for name, schema in schemas.items()}
    for name in bases:
        rewritten[name + _PLAIN] = {k: v for k, v in schemas[name].items() if k != "discriminator"}
        rewritten[name] = _dispatcher(schemas[name]["discriminator"])
    return rewritten


def _dispatcher(discriminator: dict[str, Any]) -> dict[str, Any]:
    key, children = discriminator["propertyName"], discriminator["mapping"]
    cases = [{"if": {"properties": {key: {"const": k}}}, "then": {"$ref": ref}} for k, ref in children.items()]
    return {"type": "object", "required": [key], "properties": {key: {"enum": list(children)}}, "allOf": cases}


def _with_plain_bases(schema: dict[str, Any], bases: set[str]) -> dict[str, Any]:
    parts = schema.get("allOf", [])
    return {**schema, "allOf": [_plain(part, bases) for part in parts]} if parts else schema


def _plain(part: dict[str, Any], bases: set[str]) -> dict[str, Any]:
    name = part.get("$ref", "").removeprefix(_PREFIX)
    return {"$ref": _PREFIX + name + _PLAIN} if name in bases else part
