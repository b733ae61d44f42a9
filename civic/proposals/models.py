"""Stored models, each read through the gate once."""

from civic.kernel.storage import FileStore
from civic.proposals.gate import admit
from geodata.ingest.formats.units import Units
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model


class StoredModels:
    """Gives a stored model by its SHA-256."""

    def __init__(self, store: FileStore, limits: Limits) -> None:
        self._store = store
        self._limits = limits
        self._known: dict[str, Model] = {}

    def __call__(self, sha256: str) -> Model:
        """Read it, or remember it."""
        if sha256 not in self._known:
            data = self._store.get(sha256)
            self._known[sha256] = admit(data, "model.glb", Units(), self._limits)
        return self._known[sha256]
