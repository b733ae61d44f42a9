"""Pictures as files: JPEG without any metadata, small enough for a phone on a bad line."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITIES = (86, 82, 78, 72, 66, 58)
MAX_BYTES = 250_000


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """Encode sRGB pixels (height, width, 3) as JPEG: the best quality that stays below 250 kB."""
    picture = Image.fromarray(pixels)
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        data = buffer.getvalue()
        if len(data) <= MAX_BYTES:
            break
    return data


def middle_square(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut the middle square out of a picture that is wider than tall."""
    height, width = pixels.shape[:2]
    left = (width - height) // 2
    return pixels[:, left : left + height]
