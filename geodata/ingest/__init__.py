"""The model gate: bytes from anyone in, measured facts or a kind refusal out."""

from geodata.ingest.errors import ModelRejected
from geodata.ingest.facts import ModelFacts
from geodata.ingest.glb import read_glb, read_model
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model

__all__ = ["Limits", "Model", "ModelFacts", "ModelRejected", "read_glb", "read_model"]
