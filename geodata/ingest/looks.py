"""Materials, textures and pictures as the canonical file keeps them: known fields with plain values, no more."""

import re
from typing import Any

from geodata.ingest.binary import Binary
from geodata.ingest.buffers import BufferView
from geodata.ingest.extensions import MAY_BE_REQUIRED
from geodata.ingest.fields import JsonObject, is_integer, mapping, numbers, objects
from geodata.ingest.limits import Limits
from geodata.ingest.pixels import kept_picture

TRANSFORM = "KHR_texture_transform"

_SURFACES = frozenset(name for name in MAY_BE_REQUIRED if name.startswith("KHR_materials_"))
_LENGTHS = {"baseColorFactor": 4, "emissiveFactor": 3}
_PLAIN = {"metallicFactor", "roughnessFactor", "alphaCutoff", "doubleSided", *_LENGTHS}
_MODES = ("OPAQUE", "MASK", "BLEND")
_SAMPLING = {
    "magFilter": {9728, 9729},
    "minFilter": {9728, 9729, *range(9984, 9988)},
    "wrapS": {33071, 33648, 10497},
    "wrapT": {33071, 33648, 10497},
}
_WORD = re.compile(r"[A-Za-z]{1,40}")
_LONGEST = 16


class Looks:
    """Collects what the kept materials need, numbered in the order of first use."""

    def __init__(self, document: JsonObject, views: list[BufferView], binary: Binary, limits: Limits) -> None:
        self._document, self._views, self._binary, self._limits = document, views, binary, limits
        self._numbers: dict[tuple[str, int], int] = {}
        self.extensions: set[str] = set()
        self.kept: dict[str, list[JsonObject]] = {"materials": [], "textures": [], "samplers": [], "images": []}

    def material(self, number: int) -> int:
        """Keep a material; returns its number in the canonical file."""
        return self._once("materials", number, self._material)

    def _once(self, kind: str, number: int, make: Any) -> int:
        if (kind, number) not in self._numbers:
            made = make(number, objects(self._document, kind)[number])
            self._numbers[kind, number] = len(self.kept[kind])
            self.kept[kind].append(made)
        return self._numbers[kind, number]

    def _material(self, number: int, described: JsonObject) -> JsonObject:
        kept = self._values(described, core=True)
        surface = self._values(mapping(described, "pbrMetallicRoughness"), core=True)
        if surface:
            kept["pbrMetallicRoughness"] = surface
        if described.get("alphaMode") in _MODES:
            kept["alphaMode"] = described["alphaMode"]
        own = mapping(described, "extensions", f"materials[{number}]")
        extensions = {
            name: self._values(mapping(own, name), core=False) for name in sorted(_SURFACES & own.keys())
        }
        if extensions:
            kept["extensions"] = extensions
            self.extensions |= extensions.keys()
        return kept

    def _values(self, described: JsonObject, *, core: bool) -> JsonObject:
        """Give the plain values and the textures of a material, its surface, or one of its extensions."""
        kept: JsonObject = {}
        for key, value in described.items():
            if key.endswith("Texture") and _WORD.fullmatch(key) and isinstance(value, dict):
                texture = self._texture_info(value)
                if texture is not None:
                    kept[key] = texture
            elif (key in _PLAIN if core else _WORD.fullmatch(key)) and _is_plain(key, value):
                kept[key] = value
        return kept

    def _texture_info(self, described: JsonObject) -> JsonObject | None:
        """Give how a material reaches a texture; None when there is no picture behind it."""
        if self._source(described.get("index")) is None:
            return None
        kept = {key: described[key] for key in ("scale", "strength") if _is_plain(key, described.get(key))}
        if is_integer(described.get("texCoord")):
            kept["texCoord"] = described["texCoord"]
        transform = mapping(mapping(described, "extensions"), TRANSFORM)
        plain = {key: value for key, value in transform.items() if _WORD.fullmatch(key) and _is_plain(key, value)}
        if plain:
            kept["extensions"] = {TRANSFORM: plain}
            self.extensions.add(TRANSFORM)
        return {"index": self._once("textures", described["index"], self._texture), **kept}

    def _source(self, number: Any) -> int | None:
        """Give the picture behind a texture, the better one where there are two."""
        textures, images = objects(self._document, "textures"), objects(self._document, "images")
        if not _is_index(number, textures):
            return None
        texture = textures[number]
        webp = mapping(mapping(texture, "extensions"), "EXT_texture_webp").get("source")
        return next((one for one in (webp, texture.get("source")) if _is_index(one, images)), None)

    def _texture(self, number: int, described: JsonObject) -> JsonObject:
        source = self._source(number)
        assert source is not None
        kept = {"source": self._once("images", source, self._image)}
        if "sampler" in described:
            kept["sampler"] = self._once("samplers", described["sampler"], _sampler)
        return kept

    def _image(self, number: int, described: JsonObject) -> JsonObject:
        data = bytes(self._views[described["bufferView"]].data)
        kept, media_type = kept_picture(data, self._limits.texture_side, f"images[{number}]")
        return {"bufferView": self._binary.add(kept), "mimeType": media_type}


def _sampler(_: int, described: JsonObject) -> JsonObject:
    return {key: described[key] for key, known in _SAMPLING.items() if described.get(key) in known}


def _is_index(value: Any, items: list[JsonObject]) -> bool:
    return is_integer(value) and 0 <= value < len(items)


def _is_plain(key: str, value: Any) -> bool:
    """Tell whether a value is a truth, a finite number, or a short list of as many numbers as there must be."""
    if isinstance(value, bool):
        return True
    if isinstance(value, list):
        return len(value) == _LENGTHS.get(key, len(value)) <= _LONGEST and numbers(value, len(value)) is not None
    return key not in _LENGTHS and numbers([value], 1) is not None
