"""Any accepted file in, the bytes of a GLB out."""

from geodata.ingest.errors import reject
from geodata.ingest.formats.archive import Lookup, open_archive
from geodata.ingest.formats.checks import check_file_size
from geodata.ingest.formats.gltf import gltf_to_glb
from geodata.ingest.formats.obj import read_obj
from geodata.ingest.formats.ply import read_ply
from geodata.ingest.formats.recognise import Kind, recognise
from geodata.ingest.formats.stl import read_stl
from geodata.ingest.formats.units import GLTF_UNITS, Units
from geodata.ingest.formats.writing import write_parts
from geodata.ingest.limits import Limits

_READERS = {"obj": read_obj, "ply": read_ply, "stl": read_stl}


def to_glb(data: bytes, name: str, units: Units, limits: Limits) -> bytes:
    """Turn a GLB, glTF, OBJ, STL or PLY, or a zip with one of them, into a GLB in metres with y up.

    A GLB comes back unchanged: it is not judged here. `name` only helps where the content says nothing; `units`
    is for OBJ, STL and PLY. Raises ModelRejected, and nothing else, for any bytes.
    """
    if not data:
        reject("empty_file")
    check_file_size(len(data), limits)
    kind = recognise(data, name)
    if kind != "zip":
        return _converted(kind, data, units, limits, None)
    packed_model = open_archive(data, limits)
    kind = recognise(packed_model.data, packed_model.name)
    if kind == "zip":
        reject("zip_nested", name=packed_model.name)
    return _converted(kind, packed_model.data, units, limits, packed_model.beside)


def _converted(kind: Kind, data: bytes, units: Units, limits: Limits, beside: Lookup | None) -> bytes:
    if kind in ("glb", "gltf"):
        if units != GLTF_UNITS:
            reject("units_fixed")
        return data if kind == "glb" else gltf_to_glb(data, limits, beside)
    return write_parts(_READERS[kind](data, limits, beside), units, limits)
