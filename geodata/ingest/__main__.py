"""The gatekeeper: one line in, one line out, each job in a forked process of its own.

It starts once and keeps its libraries warm, so that a model costs a fork and not a start of Python. It never sees
a foreign byte itself, only the paths of folders: `{"folder": "/…", "wall_s": 30.0}` on standard input gives
`{"outcome": "answered"}` on standard output. It ends when its input does.
"""

import json
import sys
from pathlib import Path

from geodata.ingest.reader import read_apart


def serve() -> None:
    """Answer jobs until standard input ends."""
    for line in sys.stdin:
        job = json.loads(line)
        outcome = read_apart(Path(job["folder"]), float(job["wall_s"]))
        sys.stdout.write(json.dumps({"outcome": outcome}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
