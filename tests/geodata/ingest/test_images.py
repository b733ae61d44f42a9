"""Picture sizes from headers written by hand after the formats' own documents."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest.images import picture_size


def png(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def jpeg(width, height, *segments):
    frame = struct.pack(">BBHBHHB", 0xFF, 0xC2, 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + b"".join(segments) + frame


def webp(kind, body):
    return b"RIFF" + struct.pack("<I", 22 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


APP0 = b"\xff\xe0\x00\x10" + b"JFIF\0" + bytes(9)
COMMENT_LIKE_A_FRAME = b"\xff\xfe\x00\x0b" + b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01"
TABLES = b"\xff\xc4\x00\x05\x00\x00\x00"
FILL = b"\xff\xff"


@pytest.mark.parametrize(
    "data",
    [
        png(640, 480),
        jpeg(640, 480, APP0),
        jpeg(640, 480, APP0, COMMENT_LIKE_A_FRAME, TABLES, b"\xff\x01", FILL[:1]),
        webp(b"VP8X", b"\0\0\0\0" + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")),
        webp(b"VP8L", b"\x2f" + (639 | 479 << 14).to_bytes(4, "little") + bytes(5)),
        webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640 | 1 << 14, 480 | 2 << 14)),
    ],
)
def test_width_and_height(data):
    assert picture_size(data) == (640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + bytes(20),
        png(640, 480)[:-1],
        png(0, 480),
        png(640, 480).replace(b"IHDR", b"IDAT"),
        b"\xff\xd8\xff\xe0\xff\xff" + bytes(20),
        b"\xff\xd8\xff\xe0\x00\x00" + bytes(20),
        b"\xff\xd8\xff" + b"\xff" * 100_000,
        webp(b"VP8 ", bytes(10)),
        webp(b"VP8L", bytes(10)),
        webp(b"ALPH", bytes(10)),
        webp(b"VP8X", b""),
    ],
)
def test_what_is_no_picture_has_no_size(data):
    assert picture_size(data) is None


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF    WEBPVP8 "]), st.binary(max_size=80))
def test_any_bytes_have_a_size_above_zero_or_none(start, rest):
    size = picture_size(start + rest)
    assert size is None or min(size) > 0
