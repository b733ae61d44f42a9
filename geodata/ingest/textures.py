"""The pictures on a model, decoded small: for images whose header the gate has already judged."""

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geodata.ingest.buffers import BufferView
from geodata.ingest.fields import JsonObject, is_integer, mapping, numbers, objects

MAX_SIDE = 1_024
FORMATS = ("PNG", "JPEG", "WEBP")
CLAMP, MIRROR = 33071, 33648

Uvs = NDArray[np.float32]


@dataclass(frozen=True)
class Texture:
    """A picture (height, width, 4) of sRGB bytes, and how the corners' coordinates reach it.

    `attribute` names the coordinates; `transform` (2, 3) turns u, v, 1 into picture coordinates
    (KHR_texture_transform); `wraps` are the glTF wrap modes along u and v.
    """

    pixels: NDArray[np.uint8]
    attribute: str
    transform: NDArray[np.float32]
    wraps: tuple[int, int]

    def sample(self, uvs: Uvs) -> NDArray[np.float32]:
        """Read the picture at (n, 2) coordinates, bilinearly; returns (n, 4) from 0 to 1, still sRGB."""
        height, width = self.pixels.shape[:2]
        placed = uvs @ self.transform[:, :2].T + self.transform[:, 2]
        left, right, across = _neighbours(placed[:, 0], width, self.wraps[0])
        top, bottom, down = _neighbours(placed[:, 1], height, self.wraps[1])
        upper = _mixed(self.pixels[top, left], self.pixels[top, right], across)
        lower = _mixed(self.pixels[bottom, left], self.pixels[bottom, right], across)
        return _mixed(upper, lower, down) / np.float32(255.0)


def _mixed(
    one: NDArray[np.generic], other: NDArray[np.generic], share: NDArray[np.float32]
) -> NDArray[np.float32]:
    first = one.astype(np.float32)
    mixed: NDArray[np.float32] = first + (other.astype(np.float32) - first) * share[:, None]
    return mixed


def _neighbours(
    values: NDArray[np.float32], size: int, wrap: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    place = np.nan_to_num(values) * size - 0.5
    first = np.floor(place)
    share = (place - first).astype(np.float32)
    number = np.clip(first, -(2**40), 2**40).astype(np.int64)
    return _wrapped(number, size, wrap), _wrapped(number + 1, size, wrap), share


def _wrapped(number: NDArray[np.int64], size: int, wrap: int) -> NDArray[np.int64]:
    if wrap == CLAMP:
        return np.clip(number, 0, size - 1)
    if wrap == MIRROR:
        folded = number % (2 * size)
        return np.minimum(folded, 2 * size - 1 - folded)
    return number % size


def read_texture(described: JsonObject, document: JsonObject, views: list[BufferView]) -> Texture | None:
    """Decode the picture a material names, at most 1,024 pixels a side; None when there is none to read."""
    if not described:
        return None
    texture = objects(document, "textures")[described["index"]]
    pixels = _pixels(texture, document, views)
    if pixels is None:
        return None
    transform = mapping(mapping(described, "extensions"), "KHR_texture_transform")
    chosen = transform.get("texCoord", described.get("texCoord", 0))
    number = chosen if is_integer(chosen) else 0
    return Texture(pixels, f"TEXCOORD_{number}", _matrix(transform), _wraps(texture, document))


def _pixels(texture: JsonObject, document: JsonObject, views: list[BufferView]) -> NDArray[np.uint8] | None:
    webp = mapping(mapping(texture, "extensions"), "EXT_texture_webp")
    image = _item(objects(document, "images"), webp.get("source", texture.get("source")))
    if image is None:
        return None
    try:
        with Image.open(io.BytesIO(views[image["bufferView"]].data), formats=FORMATS) as picture:
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            picture.thumbnail((MAX_SIDE, MAX_SIDE))
            return np.asarray(picture.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def _item(items: list[JsonObject], number: Any) -> JsonObject | None:
    return items[number] if is_integer(number) and 0 <= number < len(items) else None


def _matrix(transform: JsonObject) -> NDArray[np.float32]:
    offset = numbers(transform.get("offset"), 2) or [0.0, 0.0]
    scale = numbers(transform.get("scale"), 2) or [1.0, 1.0]
    turn = (numbers([transform.get("rotation", 0.0)], 1) or [0.0])[0]
    cos, sin = math.cos(turn), math.sin(turn)
    return np.array(
        [[cos * scale[0], sin * scale[1], offset[0]], [-sin * scale[0], cos * scale[1], offset[1]]], np.float32
    )


def _wraps(texture: JsonObject, document: JsonObject) -> tuple[int, int]:
    sampler = _item(objects(document, "samplers"), texture.get("sampler")) or {}
    return sampler.get("wrapS", 10497), sampler.get("wrapT", 10497)
