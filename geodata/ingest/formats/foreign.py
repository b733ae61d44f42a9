"""Formats we cannot read: told by their first bytes or their name, and answered with the steps of that program."""

import re
from typing import NoReturn

from geodata.ingest.errors import reject

_MAGIC = (
    (b"Kaydara FBX Binary", "fbx"),
    (b"; FBX", "fbx"),
    (b"PXR-USDC", "usd"),
    (b"#usda", "usd"),
    (b"\xff\xfe\xff\x0eS\0k\0e\0t\0c\0h\0U\0p\0", "skp"),
    (b"BLENDER", "blend"),
    (b"3D Geometry File Format", "3dm"),
    (b"VOX \x96\0\0\0", "vox"),
    (b"VOX \xc8\0\0\0", "vox"),
    (b"AC10", "dwg"),
    (b"AutoCAD Binary DXF", "dwg"),
)
_ENDINGS = {
    "fbx": "fbx",
    "usd": "usd",
    "usda": "usd",
    "usdc": "usd",
    "usdz": "usd",
    "skp": "skp",
    "ifc": "ifc",
    "ifczip": "ifc",
    "blend": "blend",
    "3ds": "3ds",
    "dae": "dae",
    "kmz": "dae",
    "3dm": "3dm",
    "max": "max",
    "vox": "vox",
    "schem": "schem",
    "schematic": "schem",
    "litematic": "schem",
    "nbt": "schem",
    "mcworld": "schem",
    "step": "step",
    "stp": "step",
    "iges": "step",
    "igs": "step",
    "dwg": "dwg",
    "dxf": "dwg",
    "3mf": "3mf",
}
_STEP_HEAD = re.compile(rb"\A\s*ISO-10303-21\s*;")
_IFC_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'IFC", re.IGNORECASE)
_COLLADA = re.compile(rb"<COLLADA[\s>]")
_3DS_MAIN, _3DS_VERSION = b"MM", b"\x02\x00\x0a\x00\x00\x00"


def family_of_content(data: bytes) -> str | None:
    """Name the family of a file by its first bytes; None when they tell nothing."""
    head = data[:4096]
    for magic, family in _MAGIC:
        if head.startswith(magic):
            return family
    if _STEP_HEAD.match(head):
        return "ifc" if _IFC_SCHEMA.search(head) else "step"
    if head.startswith(_3DS_MAIN) and head[6:12] == _3DS_VERSION:
        return "3ds"
    return "dae" if _COLLADA.search(head) else None


def family_of_name(name: str) -> str | None:
    """Name the family of a file by the end of its name; None for a name we accept or do not know."""
    stem, dot, ending = name.lower().rpartition(".")
    return _ENDINGS.get(ending) if dot and stem else None


def refuse_family(family: str) -> NoReturn:
    """Refuse with the export steps of the program that writes this family."""
    reject(f"format_{family}")
