"""A licence inside a GLB: the JSON chunk says it, and no other byte changes."""

import json
import struct

import pytest
from support.tiny_programme import box_glb

from geodata.glb_licence import with_copyright

LINE = "木のベンチ | 小さな事業 | CC0-1.0"


def chunks(glb):
    """The chunks of a GLB by hand: [(kind, data)]."""
    magic, version, length = struct.unpack_from("<4sII", glb)
    assert (magic, version, length) == (b"glTF", 2, len(glb))
    found, at = [], 12
    while at < len(glb):
        size, kind = struct.unpack_from("<I4s", glb, at)
        assert size % 4 == 0
        found.append((kind, glb[at + 8 : at + 8 + size]))
        at += 8 + size
    assert at == len(glb)
    return found


def packed(*parts):
    body = b"".join(struct.pack("<I4s", len(data), kind) + data for kind, data in parts)
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def test_the_line_stands_in_the_file_and_all_else_is_as_it_was():
    before = packed(
        (b"JSON", b'{"asset":{"version":"2.0"},"b":[1.0,1e-07,2]}   '), (b"BIN\0", b"abcd"), (b"XTRA", b"")
    )
    after = chunks(with_copyright(before, LINE))
    assert [kind for kind, _ in after] == [b"JSON", b"BIN\0", b"XTRA"]
    assert [data for _, data in after[1:]] == [b"abcd", b""]
    document = json.loads(after[0][1])
    assert list(document) == ["asset", "b"]
    assert document["asset"] == {"version": "2.0", "copyright": LINE}
    assert repr(document["b"]) == "[1.0, 1e-07, 2]"


def test_what_the_file_says_of_itself_stays_behind_the_line():
    marked = with_copyright(box_glb("bench", 1, 1, 1), LINE)
    assert json.loads(chunks(marked)[0][1])["asset"]["copyright"].startswith(f"{LINE} | CC0-1.0")


def test_the_same_file_and_line_give_the_same_bytes():
    glb = box_glb("bench", 1, 1, 1)
    assert with_copyright(glb, LINE) == with_copyright(glb, LINE)
    assert chunks(with_copyright(glb, LINE))[1] == chunks(glb)[1]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"glTF",
        b"solid cube with more than twenty bytes",
        packed((b"BIN\0", b"abcd"), (b"JSON", b"{}  ")),
        packed((b"JSON", b"[]  ")),
        packed((b"JSON", b"{}  ")),
        packed((b"JSON", b'{"asset":{}}')) + b"more",
        packed((b"JSON", b"nope")),
    ],
)
def test_what_is_no_glb_is_refused(broken):
    with pytest.raises(ValueError, match=r"."):
        with_copyright(broken, LINE)
