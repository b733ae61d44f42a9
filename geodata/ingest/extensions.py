"""glTF extensions: which ones a model may need, and which ones would draw something we did not measure."""

import re

from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, mapping

# Drawn by the browser's loader and without effect on shape or size.
MAY_BE_REQUIRED = frozenset(
    {
        "EXT_texture_webp",
        "KHR_lights_punctual",
        "KHR_materials_anisotropy",
        "KHR_materials_clearcoat",
        "KHR_materials_dispersion",
        "KHR_materials_emissive_strength",
        "KHR_materials_ior",
        "KHR_materials_iridescence",
        "KHR_materials_sheen",
        "KHR_materials_specular",
        "KHR_materials_transmission",
        "KHR_materials_unlit",
        "KHR_materials_volume",
        "KHR_mesh_quantization",
        "KHR_texture_transform",
    }
)
QUANTIZATION = "KHR_mesh_quantization"
# These change what is drawn as soon as they are used, required or not, so the measured shape would be another.
NEVER = {
    "KHR_draco_mesh_compression": "draco_compressed",
    "EXT_meshopt_compression": "meshopt_compressed",
    "KHR_meshopt_compression": "meshopt_compressed",
    "EXT_mesh_gpu_instancing": "gpu_instancing",
}


def check_extensions(document: JsonObject) -> frozenset[str]:
    """Refuse extensions we cannot honour; returns the names in use, optional unknown ones included."""
    used, required = _names(document, "extensionsUsed"), _names(document, "extensionsRequired")
    for name in sorted(used | required):
        if name in NEVER:
            reject(NEVER[name])
    if "KHR_texture_basisu" in required:
        reject("ktx2_textures")
    for name in sorted(required - MAY_BE_REQUIRED):
        reject("extension_required", name=re.sub(r"[^A-Za-z0-9_]", "?", name[:64]))
    return used | required


def required_extensions(document: JsonObject) -> frozenset[str]:
    """Give the names that a viewer must know."""
    return _names(document, "extensionsRequired")


def _names(document: JsonObject, key: str) -> frozenset[str]:
    found = document.get(key, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        reject("json_structure", where=key)
    return frozenset(found)


def check_own_extensions(described: JsonObject, where: str) -> None:
    """Refuse an object that uses a shape-changing extension although the document does not announce it."""
    for name in mapping(described, "extensions", where):
        if name in NEVER:
            reject(NEVER[name])
