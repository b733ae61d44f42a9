"""Which format a file is in: its content decides; its name only where the content says nothing."""

import re
from typing import Literal

from geodata.ingest.errors import reject
from geodata.ingest.formats.foreign import family_of_content, family_of_name, refuse_family
from geodata.ingest.formats.stl import is_binary
from geodata.ingest.formats.text import BOM
from geodata.ingest.formats.units import Up

Kind = Literal["glb", "gltf", "obj", "ply", "stl", "zip"]

_BY_NAME: dict[str, Kind] = {"gltf": "gltf", "obj": "obj", "ply": "ply", "stl": "stl"}
_OBJ_CORNER = re.compile(rb"^v[ \t]+[-+.\d]", re.MULTILINE)


def recognise(data: bytes, name: str) -> Kind:
    """Tell the format; raises ModelRejected, with the way out, for a format that is not read."""
    kind = _told_by_content(data, name)
    if kind:
        return kind
    family = family_of_content(data) or family_of_name(name)
    if family:
        refuse_family(family)
    ending = name.lower().rpartition(".")[2]
    if ending in _BY_NAME:
        return _BY_NAME[ending]
    if _OBJ_CORNER.search(data[:65_536]):
        return "obj"
    reject("not_glb" if ending == "glb" else "format_unknown")


def usual_up(kind: Kind) -> Up:
    """The axis that usually points up in this format: printers and scanners write STL and PLY with z up."""
    return "z" if kind in ("stl", "ply") else "y"


def _told_by_content(data: bytes, name: str) -> Kind | None:
    head = data[:512].removeprefix(BOM)
    if head.startswith(b"glTF"):
        return "glb"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None if family_of_name(name) else "zip"
    if head.startswith((b"ply\n", b"ply\r")):
        return "ply"
    if is_binary(data):
        return "stl"
    text = head.lstrip()
    if text.startswith(b"{"):
        return "gltf"
    return "stl" if re.match(rb"solid\s", text, re.IGNORECASE) else None
