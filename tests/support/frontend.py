"""The front end's own tools, and what they built."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from support.requirements import require
from support.source import ROOT


def run_frontend(*words: str) -> subprocess.CompletedProcess[str]:
    """``scripts/frontend`` with these words, as make calls it."""
    return subprocess.run(
        ["sh", "scripts/frontend", *words],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True)
class Build:
    """The files that Vite made, by the sources in its manifest."""

    folder: Path = ROOT / "frontend" / "static"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Skips where nothing is built."""
        path = self.folder / "manifest.json"
        if not path.is_file():
            require("node", "the front end is not built (make frontend)")
        return json.loads(path.read_bytes())

    def loaded_at_once(self, sources: Iterable[str]) -> set[str]:
        """The chunks that a browser fetches for these sources before anybody taps anything."""
        return set(self._reached(sources, "imports"))

    def loaded_ever(self, sources: Iterable[str]) -> set[str]:
        """Those and what they fetch later."""
        return set(self._reached(sources, "imports", "dynamicImports"))

    def gzip_bytes(self, chunks: Iterable[str]) -> int:
        """What the chunks weigh on the way."""
        files = {self.manifest[chunk]["file"] for chunk in chunks}
        return sum(len(gzip.compress((self.folder / file).read_bytes())) for file in files)

    def _reached(self, sources: Iterable[str], *kinds: str) -> Iterator[str]:
        seen: set[str] = set()
        waiting = list(sources)
        while waiting:
            source = waiting.pop()
            if source in seen:
                continue
            seen.add(source)
            waiting += [other for kind in kinds for other in self.manifest[source].get(kind, [])]
            yield source
