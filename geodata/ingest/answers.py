"""What the limited reader leaves in a job's folder, and how the other side reads it: it trusts nothing it finds.

A job's folder holds `job.json` and `input`; afterwards `answer.json` and, for an accepted model, `canonical.glb`,
`triangles.npy` and the plans `outline.wkb`, `obstacle.wkb` and `floor.wkb`.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata.ingest.errors import SENTENCES, ModelRejected
from geodata.ingest.facts import ModelFacts, Point
from geodata.ingest.formats.units import UNITS, Units
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model

INPUT, JOB, ANSWER = "input", "job.json", "answer.json"
CANONICAL, TRIANGLES = "canonical.glb", "triangles.npy"
PLANS = ("outline", "obstacle", "floor")
_MOST_ANSWER_BYTES = 100_000
_NUMBERS = ("triangles", "bounds_m", "min_m", "max_m", "origin_m", "outline_cell_m", "suggested_unit")


def write_job(folder: Path, data: bytes, name: str, units: Units, limits: Limits) -> None:
    """Lay out a job for the reader."""
    (folder / INPUT).write_bytes(data)
    job = {"name": name, "units": asdict(units), "limits": asdict(limits)}
    (folder / JOB).write_text(json.dumps(job), encoding="ascii")


def read_job(folder: Path) -> tuple[bytes, str, Units, Limits]:
    """Give what `write_job` laid out."""
    job = json.loads((folder / JOB).read_text(encoding="ascii"))
    return (folder / INPUT).read_bytes(), job["name"], Units(**job["units"]), Limits(**job["limits"])


def write_refusal(folder: Path, refusal: ModelRejected) -> None:
    """Leave a refusal."""
    said = {"code": refusal.code, "ja": refusal.message_ja, "en": refusal.message_en, "known": refusal.known}
    (folder / ANSWER).write_text(json.dumps({"refusal": said}), encoding="ascii")


def write_model(folder: Path, model: Model) -> None:
    """Leave an accepted model; the answer comes last, when everything it speaks of is there."""
    (folder / CANONICAL).write_bytes(model.canonical)
    np.save(folder / TRIANGLES, model.triangles, allow_pickle=False)
    for plan in PLANS:
        (folder / f"{plan}.wkb").write_bytes(shapely.to_wkb(getattr(model.facts, plan)))
    facts = {name: getattr(model.facts, name) for name in _NUMBERS}
    said = {"code": model.code, "ja": model.message_ja, "en": model.message_en}
    (folder / ANSWER).write_text(json.dumps({"model": {**said, "facts": facts}}), encoding="ascii")


def read_answer(folder: Path, data: bytes, limits: Limits) -> Model:
    """Give the model that the reader found in `data`; raises ModelRejected for its refusal.

    Raises ValueError, KeyError, TypeError or OSError when what lies there is no answer.
    """
    answer = json.loads(_bytes(folder / ANSWER, _MOST_ANSWER_BYTES))
    if "refusal" in answer:
        said = answer["refusal"]
        if said["code"] not in SENTENCES:
            raise ValueError("an unknown code")
        raise ModelRejected(said["code"], str(said["ja"]), str(said["en"]), dict(said["known"]))
    found = answer["model"]
    canonical = _bytes(folder / CANONICAL, limits.file_bytes)
    facts = _facts(folder, found["facts"], limits)
    return Model(
        facts=facts,
        triangles=_triangles(folder, facts.triangles, limits),
        canonical=canonical,
        sha256=hashlib.sha256(canonical).hexdigest(),
        original_sha256=hashlib.sha256(data).hexdigest(),
        code=str(found["code"]),
        message_ja=str(found["ja"]),
        message_en=str(found["en"]),
    )


def _facts(folder: Path, found: dict[str, Any], limits: Limits) -> ModelFacts:
    if not 0 < int(found["triangles"]) <= limits.triangles:
        raise ValueError("facts that cannot be")
    outline, obstacle, floor = (_plan(folder / f"{plan}.wkb", limits) for plan in PLANS)
    suggested = found["suggested_unit"]
    return ModelFacts(
        triangles=int(found["triangles"]),
        bounds_m=_point(found["bounds_m"]),
        min_m=_point(found["min_m"]),
        max_m=_point(found["max_m"]),
        origin_m=_point(found["origin_m"]),
        outline=outline,
        outline_cell_m=float(found["outline_cell_m"]),
        obstacle=obstacle,
        floor=floor,
        suggested_unit=suggested if suggested in UNITS else None,
    )


def _point(found: list[Any]) -> Point:
    x, y, z = (float(value) for value in found)
    return x, y, z


def _plan(path: Path, limits: Limits) -> BaseGeometry:
    return shapely.from_wkb(_bytes(path, limits.written_bytes))


def _triangles(folder: Path, count: int, limits: Limits) -> NDArray[np.float64]:
    if (folder / TRIANGLES).stat().st_size > limits.written_bytes:
        raise ValueError("too many triangles")
    with (folder / TRIANGLES).open("rb") as file:
        triangles: NDArray[np.float64] = np.load(file, allow_pickle=False)
    if triangles.shape != (count, 3, 3) or triangles.dtype != np.float64 or not np.isfinite(triangles).all():
        raise ValueError("triangles that cannot be")
    return triangles


def _bytes(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        found = file.read(most + 1)
    if len(found) > most:
        raise ValueError(f"{path.name} is too large")
    return found
