"""Materials and the pictures on them: judged by their first bytes, never decoded.

The declared type is not believed. The sizes come from the picture's own header, so that a 30,000 x 30,000 pixel
picture in a few kilobytes is refused here and not by somebody's phone.
"""

import struct

from geodata.ingest.buffers import BufferView, refuse_uri
from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, mapping, objects, reference
from geodata.ingest.limits import Limits

Size = tuple[int, int]

_KTX2 = b"\xabKTX 20\xbb\r\n\x1a\n"
_JPEG_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_JPEG_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_images(document: JsonObject, views: list[BufferView], limits: Limits) -> None:
    """Check number, place, kind and size of all images; raises ModelRejected."""
    images = objects(document, "images")
    if len(images) > limits.images:
        reject("too_many_images", count=len(images), limit=limits.images)
    sizes = [_image_size(image, f"images[{i}]", views, limits) for i, image in enumerate(images)]
    if sum(width * height for width, height in sizes) > limits.image_pixels:
        _reject_large("images", limits)


def check_materials(document: JsonObject, limits: Limits) -> int:
    """Check materials and textures and that they point to things that exist; returns how many materials."""
    materials, textures = objects(document, "materials"), objects(document, "textures")
    if len(materials) > limits.materials:
        reject("too_many_materials", count=len(materials), limit=limits.materials)
    images, samplers = objects(document, "images"), objects(document, "samplers")
    for i, texture in enumerate(textures):
        reference(texture, "source", f"textures[{i}]", len(images))
        reference(texture, "sampler", f"textures[{i}]", len(samplers))
    for i, material in enumerate(materials):
        surface = mapping(material, "pbrMetallicRoughness", f"materials[{i}]")
        _check_textures(material, f"materials[{i}]", len(textures))
        _check_textures(surface, f"materials[{i}]", len(textures))
    return len(materials)


def _check_textures(described: JsonObject, where: str, texture_count: int) -> None:
    for key in described:
        if key.endswith("Texture"):
            reference(mapping(described, key, where), "index", where, texture_count)


def _image_size(image: JsonObject, where: str, views: list[BufferView], limits: Limits) -> Size:
    refuse_uri(image, where)
    number = reference(image, "bufferView", where, len(views))
    if number is None:
        reject("image_unreadable", where=where)
    data = bytes(views[number].data)
    if data.startswith(_KTX2):
        reject("ktx2_textures")
    size = picture_size(data)
    if size is None:
        reject("image_unreadable", where=where)
    if max(size) > limits.image_side:
        _reject_large(where, limits)
    return size


def _reject_large(where: str, limits: Limits) -> None:
    reject("image_too_large", where=where, limit=limits.image_side, limit_mpx=f"{limits.image_pixels / 1e6:g}")


def picture_size(data: bytes) -> Size | None:
    """Read (width, height) in pixels from the header of a PNG, JPEG or WebP; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        size = _png_size(data)
    elif data.startswith(b"\xff\xd8\xff"):
        size = _jpeg_size(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        size = _webp_size(data)
    else:
        size = None
    return size if size is not None and min(size) > 0 else None


def _png_size(data: bytes) -> Size | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> Size | None:
    """Walk the marker segments up to the frame header (ITU T.81, B.2.2)."""
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        if marker == 0xFF:  # a fill byte before the marker
            position += 1
        elif marker in _JPEG_WITHOUT_LENGTH:
            position += 2
        else:
            position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
    return None


def _webp_size(data: bytes) -> Size | None:
    """Read the canvas of the three WebP kinds (RFC 9649, section 2)."""
    kind = data[12:16]
    if len(data) < 30:
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
