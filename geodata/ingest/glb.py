"""The gate itself: bytes of a GLB in, a measured model or a refusal out."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.accessors import read_accessors
from geodata.ingest.buffers import read_buffer_views
from geodata.ingest.container import read_container
from geodata.ingest.errors import SENTENCES, ModelRejected
from geodata.ingest.extensions import check_extensions
from geodata.ingest.facts import ModelFacts, measure, remark
from geodata.ingest.geometry import scene_triangles
from geodata.ingest.images import check_images, check_materials
from geodata.ingest.meshes import read_meshes
from geodata.ingest.scene import read_instances


@dataclass(frozen=True)
class Model:
    """An accepted model: its facts, its triangles, and what there is to say about it.

    `triangles` is an array (k, 3, 3): triangle, corner, x y z in metres of the file's frame, all instances
    unfolded. `sha256` is that of the file, in hexadecimal. `code` is `ok` or the code of a remark.
    """

    facts: ModelFacts
    triangles: NDArray[np.float64]
    sha256: str
    code: str
    message_ja: str
    message_en: str


def read_glb(data: bytes) -> Model:
    """Check and measure a GLB of at most 20 MB in at most a few seconds and 500 MB.

    Raises ModelRejected, and nothing else, for any bytes. Counts and bounds are judged on the description
    before anything is decoded; what the file claims about its own size (accessor min and max) is never used.
    """
    container = read_container(data)
    document = container.document
    extensions = check_extensions(document)
    views = read_buffer_views(document, container.binary)
    check_images(document, views)
    materials = check_materials(document)
    accessors = read_accessors(document, views)
    meshes = read_meshes(document, accessors, "KHR_mesh_quantization" in extensions, materials)
    triangles = scene_triangles(meshes, read_instances(document, len(meshes)))
    facts = measure(triangles)
    code, values = remark(facts)
    sentence = SENTENCES[code].filled(values)
    return Model(facts, triangles, hashlib.sha256(data).hexdigest(), code, sentence.ja, sentence.en)


def check_model(data: bytes) -> dict[str, Any]:
    """Give the answer of `civic model check` as a JSON object; on reject `facts` holds what became known."""
    try:
        model = read_glb(data)
    except ModelRejected as refusal:
        return _answer("reject", refusal.code, refusal.message_ja, refusal.message_en, refusal.known)
    return _answer("accept", model.code, model.message_ja, model.message_en, model.facts.as_json())


def _answer(verdict: str, code: str, ja: str, en: str, facts: dict[str, Any]) -> dict[str, Any]:
    return {"verdict": verdict, "code": code, "message_ja": ja, "message_en": en, "facts": facts}
