"""`python -m geodata.pictures` reads one job (JSON) on stdin, draws it, and prints one JSON line."""

import json
import sys

from geodata.pictures.job import run_job


def main() -> int:
    """Run the job; 0 when all files are written, else 1 and a line `{"error": …}`."""
    try:
        answer = run_job(json.load(sys.stdin))
    except Exception as error:  # whatever it was, the parent process needs one line to show
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main())
