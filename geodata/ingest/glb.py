"""The gate itself: bytes of a model in, a measured model or a refusal out."""

import hashlib
from dataclasses import replace

import numpy as np

from geodata.ingest.canonical import canonical_glb
from geodata.ingest.container import read_container
from geodata.ingest.document import read_document
from geodata.ingest.draco import inflated
from geodata.ingest.errors import SENTENCES
from geodata.ingest.facts import measure, remark
from geodata.ingest.formats import to_glb
from geodata.ingest.formats.units import Units, suggest
from geodata.ingest.geometry import scene_triangles
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model

DEFAULT_LIMITS = Limits()


def read_model(data: bytes, name: str, units: Units, limits: Limits) -> Model:
    """Check and measure a model in any accepted format; `name` is what its sender calls the file.

    Raises ModelRejected. Foreign decoders see foreign bytes here: where those may be hostile, run it in the
    limited reader (`python -m geodata.ingest`).
    """
    model = read_glb(to_glb(data, name, units, limits), limits)
    suggested = suggest(max(model.facts.bounds_m), units)
    facts = replace(model.facts, suggested_unit=suggested)
    return replace(model, facts=facts, original_sha256=hashlib.sha256(data).hexdigest())


def read_glb(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Model:
    """Check and measure a GLB, in at most a few seconds and 500 MB.

    Raises ModelRejected for whatever is wrong with the bytes. Counts and bounds are judged on the description
    before anything is decoded; what the file claims about its own size (accessor min and max) is never used.
    """
    container = inflated(read_container(data, limits), limits)
    document = read_document(container, limits)
    triangles = scene_triangles(document.meshes, document.instances, limits)
    facts = measure(triangles, limits)
    canonical = canonical_glb(document, facts.origin_m, limits)
    code, values = remark(facts)
    said = SENTENCES[code].filled(values)
    return Model(
        facts=facts,
        triangles=triangles - np.array(facts.origin_m),
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        original_sha256=hashlib.sha256(data).hexdigest(),
        code=code,
        message_ja=said.ja,
        message_en=said.en,
    )
