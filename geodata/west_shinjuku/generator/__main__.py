"""`python -m geodata.west_shinjuku.generator` writes the models of both programmes again."""

import sys

from geodata.west_shinjuku.generator.catalogue import write_all


def main() -> None:
    """Writes all models and prints one line a file."""
    for path in write_all():
        sys.stdout.write(f"{path.parent.name}/{path.name} {path.stat().st_size} bytes\n")


main()
