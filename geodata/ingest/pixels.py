"""The pictures on a model as they are kept: decoded once, without anything that is no pixel, at a phone's size.

What is written is one of two plain forms. A picture that already has one of them stays byte for byte, so that
cleaning what was cleaned changes nothing although JPEG loses a little each time.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geodata.ingest.errors import reject

FORMATS = ("PNG", "JPEG", "WEBP")
QUALITY = 90
LOSSLESS_PIXELS = 256 * 256  # small pictures are palettes and patterns, whose edges JPEG would smear

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_PLAIN_MARKERS = frozenset({0xE0, 0xDB, 0xC0, 0xC4})  # JFIF, tables, a baseline frame: no comment, no profile
_JFIF_BYTES = 16


def kept_picture(data: bytes, side: int, where: str) -> tuple[bytes, str]:
    """Give a picture's bytes as they are kept, at most `side` pixels a side, and their media type.

    PNG where something shows through or the picture is small, else JPEG. Raises ModelRejected when its pixels
    cannot be read.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            fits = max(picture.size) <= side
            plain = fits and picture.format == "JPEG" and picture.mode == "RGB" and is_plain_jpeg(data)
            if plain and picture.width * picture.height > LOSSLESS_PIXELS:
                picture.load()
                return data, "image/jpeg"
            picture.thumbnail((side, side))
            return _encoded(np.asarray(picture.convert("RGBA")))
    except MemoryError:
        raise
    except Exception:  # Pillow's decoders raise many kinds; all mean that the pixels cannot be read
        reject("image_broken", where=where)


def _encoded(pixels: NDArray[np.uint8]) -> tuple[bytes, str]:
    """Encode pixels (height, width, 4), which know no comment and no profile; the choice depends on them alone."""
    out, opaque = io.BytesIO(), int(pixels[..., 3].min()) == 255
    picture = Image.fromarray(pixels[..., :3] if opaque else pixels)
    if opaque and picture.width * picture.height > LOSSLESS_PIXELS:
        picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
        return out.getvalue(), "image/jpeg"
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue(), "image/png"


def is_plain_jpeg(data: bytes) -> bool:
    """Tell whether a JPEG holds nothing but one baseline picture: no metadata, nothing behind its end."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker == _SOS:
            return _ends_once(data[position + 2 + length :])
        if marker not in _PLAIN_MARKERS or (marker == 0xE0 and length != _JFIF_BYTES):
            return False
        position += 2 + length
    return False


def _ends_once(scan: bytes) -> bool:
    """Tell whether a scan runs to the end of the file; within one, FF is followed by 00 or a restart marker."""
    found = np.frombuffer(scan, np.uint8)
    after = found[1:][found[:-1] == 0xFF]
    inside, last = after[:-1], scan[-2:] == bytes((0xFF, _EOI))
    return last and bool(((inside == 0) | ((inside >= 0xD0) & (inside <= 0xD7))).all())
