"""The model gate: bytes from anyone in, measured facts or a kind refusal out."""

from geodata.ingest.errors import ModelRejected
from geodata.ingest.facts import ModelFacts
from geodata.ingest.glb import Model, check_model, read_glb

__all__ = ["Model", "ModelFacts", "ModelRejected", "check_model", "read_glb"]
