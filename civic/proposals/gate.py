"""The gate as the installation runs it: foreign models are read in a limited process, never in ours."""

import atexit
import hashlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from functools import cache
from pathlib import Path

from geodata.ingest.answers import read_answer, write_job
from geodata.ingest.errors import ModelRejected, reject
from geodata.ingest.formats.units import Units
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model

_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_GRACE_S = 20.0  # for the gatekeeper's own start on a busy machine
_ATTEMPTS = 2
_REMEMBERED_BYTES = 64_000_000

Key = tuple[str, str, Units, Limits]


def admit(data: bytes, name: str, units: Units, limits: Limits) -> Model:
    """Check and measure a model in any accepted format, in a process that can neither harm nor exhaust ours.

    Blocking, for up to `limits.wall_s` and the models before it; safe from any thread. What was accepted lately is
    remembered: a form that is looked at five times is measured once. Raises ModelRejected, with a code of its own
    when the reader ran out of memory or time, or broke off.
    """
    if len(data) > limits.file_bytes:
        reject("file_too_large", size_mb=f"{len(data) / 1e6:.1f}", limit_mb=f"{limits.file_bytes / 1e6:g}")
    key = (hashlib.sha256(data).hexdigest(), name, units, limits)
    known = _ACCEPTED.get(key)
    if known is None:
        known = _read_apart(data, name, units, limits)
        _ACCEPTED.keep(key, known)
    return known


def _read_apart(data: bytes, name: str, units: Units, limits: Limits) -> Model:
    with tempfile.TemporaryDirectory(prefix="attara-gate-") as place:
        folder = Path(place)
        write_job(folder, data, name, units, limits)
        outcome = _gatekeeper().ask(folder, limits.wall_s)
        if outcome != "answered":
            reject(outcome)
        return _answer(folder, data, limits)


def _answer(folder: Path, data: bytes, limits: Limits) -> Model:
    try:
        return read_answer(folder, data, limits)
    except ModelRejected:
        raise
    except Exception:  # what a reader left that foreign bytes may have taken over
        reject("reader_died")


class Accepted:
    """The models accepted last, up to so many bytes of triangles and files."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._models: OrderedDict[Key, Model] = OrderedDict()

    def get(self, key: Key) -> Model | None:
        """Give a model that is remembered."""
        with self._lock:
            if key in self._models:
                self._models.move_to_end(key)
            return self._models.get(key)

    def keep(self, key: Key, model: Model) -> None:
        """Remember a model; the ones asked for longest ago make room."""
        with self._lock:
            self._models[key] = model
            while sum(_bytes_of(kept) for kept in self._models.values()) > self._most_bytes:
                self._models.popitem(last=False)


def _bytes_of(model: Model) -> int:
    return model.triangles.nbytes + len(model.canonical)


_ACCEPTED = Accepted(_REMEMBERED_BYTES)


class Gatekeeper:
    """The warm parent of the readers, started when first asked and again when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Its process, once there is one."""
        return self._process.pid if self._process is not None else None

    def ask(self, folder: Path, wall_s: float) -> str:
        """Have the job of a folder done; returns `answered` or the code of a refusal."""
        line = json.dumps({"folder": str(folder), "wall_s": wall_s}).encode() + b"\n"
        with self._lock:
            for _ in range(_ATTEMPTS):
                answer = self._exchange(line, wall_s + _GRACE_S)
                if answer:
                    return str(json.loads(answer)["outcome"])
                self._end()
        return "reader_died"

    def close(self) -> None:
        """End it; it starts again when asked again."""
        with self._lock:
            self._end()

    def _exchange(self, line: bytes, within_s: float) -> bytes:
        """Send a line and give the line that comes back; nothing when the gatekeeper is gone or mute."""
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            return b""
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            return process.stdout.readline() if selector.select(within_s) else b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._place = tempfile.TemporaryDirectory(prefix="attara-gatekeeper-")
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "geodata.ingest"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_ONE_THREAD,
                cwd=self._place.name,
            )
        return self._process

    def _end(self) -> None:
        if self._process is None or self._place is None:
            return
        self._process.kill()
        self._process.communicate()
        self._place.cleanup()
        self._process = self._place = None


def _gatekeeper() -> Gatekeeper:
    """The gatekeeper of this process: a forked copy of us must not speak into its parent's."""
    return _gatekeeper_of(os.getpid())


@cache
def _gatekeeper_of(pid: int) -> Gatekeeper:
    gatekeeper = Gatekeeper()
    atexit.register(gatekeeper.close)
    return gatekeeper
