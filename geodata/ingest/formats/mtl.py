"""MTL: the materials of an OBJ, as far as glTF's metallic-roughness surface can say the same."""

import math
from dataclasses import dataclass

from geodata.ingest.errors import reject
from geodata.ingest.formats.archive import Lookup, decoded
from geodata.ingest.formats.checks import at_most, plain
from geodata.ingest.formats.part import Paint, linear
from geodata.ingest.formats.text import MAX_LINE_BYTES, floats
from geodata.ingest.images import picture_size
from geodata.ingest.limits import Limits

Paints = dict[bytes, Paint]

_MAX_BYTES = 1_000_000
_OPTION_ARGUMENTS = {b"-mm": 2, b"-o": 3, b"-s": 3, b"-t": 3}
_OPTIONS = {b"-blendu", b"-blendv", b"-bm", b"-boost", b"-cc", b"-clamp", b"-imfchan", b"-texres", b"-type"}


@dataclass
class _Draft:
    """What the lines of one material said so far."""

    color: tuple[float, float, float] = (1.0, 1.0, 1.0)
    alpha: float = 1.0
    metallic: float = 0.0
    roughness: float = 0.9
    picture: bytes | None = None
    cutout: bool = False

    def paint(self) -> Paint:
        """Give the surface; exporters leave an unused grey beside a picture, so the picture stands alone."""
        color = (1.0, 1.0, 1.0) if self.picture else self.color
        return Paint((*color, self.alpha), self.metallic, self.roughness, self.picture, self.cutout)


def read_mtl(data: bytes, limits: Limits, beside: Lookup) -> Paints:
    """Read the materials by name, with the pictures that lie beside the model; raises ModelRejected."""
    if len(data) > _MAX_BYTES:
        reject("mtl_too_large", limit_mb=_MAX_BYTES // 1_000_000)
    drafts: dict[bytes, _Draft] = {}
    draft = _Draft()
    for line in data.splitlines():
        if len(line) > MAX_LINE_BYTES:
            reject("text_line_too_long", limit=MAX_LINE_BYTES)
        word, _, rest = line.strip().replace(b"\t", b" ").partition(b" ")
        if word == b"newmtl":
            draft = drafts[rest.strip()] = _Draft()
            at_most("too_many_materials", len(drafts), limits.materials)
        else:
            _apply(draft, word, rest.strip(), beside)
    return {name: one.paint() for name, one in drafts.items()}


def _apply(draft: _Draft, word: bytes, rest: bytes, beside: Lookup) -> None:
    if word == b"Kd":
        red, green, blue = linear(floats(b" ".join(_three(rest)), "Kd")).tolist()
        draft.color = (red, green, blue)
    elif word == b"d":
        draft.alpha = _share(rest.removeprefix(b"-halo"), "d")
    elif word == b"Tr":
        draft.alpha = 1.0 - _share(rest, "Tr")
    elif word == b"Pm":
        draft.metallic = _share(rest, "Pm")
    elif word == b"Pr":
        draft.roughness = _share(rest, "Pr")
    elif word == b"map_Kd":
        draft.picture = _picture(rest, beside)
    elif word == b"map_d":
        draft.cutout = True


def _three(rest: bytes) -> list[bytes]:
    """One number stands for three alike."""
    values = rest.split()
    if len(values) not in (1, 3):
        reject("text_invalid", where="Kd")
    return values * 3 if len(values) == 1 else values


def _share(rest: bytes, where: str) -> float:
    values = floats(rest, where)
    if len(values) != 1:
        reject("text_invalid", where=where)
    return min(max(float(values[0]), 0.0), 1.0)


def _picture(rest: bytes, beside: Lookup) -> bytes:
    name = decoded(_without_options(rest))
    picture = beside.find(name)
    if picture is None:
        reject("file_missing", name=plain(name))
    if picture.startswith(b"RIFF") or picture_size(picture) is None:
        reject("image_unreadable", where=plain(name))
    return picture


def _without_options(rest: bytes) -> bytes:
    """Drop the options before a file name; a name may hold spaces."""
    words = rest.split(b" ")
    while words and (words[0] in _OPTIONS or words[0] in _OPTION_ARGUMENTS):
        most = _OPTION_ARGUMENTS.get(words.pop(0), 1)
        words = words[most:] if most == 1 else words[_leading_numbers(words, most) :]
    return b" ".join(words)


def _leading_numbers(words: list[bytes], most: int) -> int:
    return next((i for i, word in enumerate(words[:most]) if not _is_number(word)), min(most, len(words)))


def _is_number(word: bytes) -> bool:
    try:
        return math.isfinite(float(word))
    except ValueError:
        return False
