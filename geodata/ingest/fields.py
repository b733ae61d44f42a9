"""Typed reading of an untrusted glTF document: each getter returns what glTF promises or refuses the model."""

import math
from typing import Any

from geodata.ingest.errors import reject

JsonObject = dict[str, Any]


def objects(parent: JsonObject, key: str, where: str = "") -> list[JsonObject]:
    """Read a list of objects; an absent key is an empty list."""
    found = parent.get(key, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        reject("json_structure", where=_path(where, key))
    return found


def mapping(parent: JsonObject, key: str, where: str = "") -> JsonObject:
    """Read an object; an absent key is an empty one."""
    found = parent.get(key, {})
    if not isinstance(found, dict):
        reject("json_structure", where=_path(where, key))
    return found


def integer(parent: JsonObject, key: str, where: str, default: int | None = None, least: int = 0) -> int:
    """Read an integer of at least `least`; glTF writes integers without a fraction, and so do we ask."""
    found = parent.get(key, default)
    if found is None or not is_integer(found) or found < least:
        reject("json_structure", where=_path(where, key))
    return int(found)


def reference(parent: JsonObject, key: str, where: str, size: int) -> int | None:
    """Read an index into a list of `size` items; None when the key is absent."""
    if key not in parent:
        return None
    return checked_reference(parent[key], _path(where, key), size)


def references(parent: JsonObject, key: str, where: str, size: int) -> list[int]:
    """Read a list of indices into a list of `size` items; an absent key is an empty list."""
    found = parent.get(key, [])
    if not isinstance(found, list):
        reject("json_structure", where=_path(where, key))
    return [checked_reference(value, _path(where, key), size) for value in found]


def checked_reference(value: Any, where: str, size: int) -> int:
    """Check one index into a list of `size` items."""
    if not is_integer(value):
        reject("json_structure", where=where)
    if not 0 <= value < size:
        reject("reference_invalid", where=where)
    return int(value)


def numbers(value: Any, length: int) -> list[float] | None:
    """Read exactly `length` finite numbers, or None when the value is anything else."""
    if not isinstance(value, list) or len(value) != length:
        return None
    return [float(item) for item in value] if all(_is_finite_number(item) for item in value) else None


def is_integer(value: Any) -> bool:
    """Tell JSON integers from all else; true and false are no numbers."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_finite_number(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return is_integer(value) and abs(value) < 2**63


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
