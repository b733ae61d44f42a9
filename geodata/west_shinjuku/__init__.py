"""West Shinjuku as an example: two programme folders with their models, and the towers around the sites."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "programmes"

PROGRAMMES = (_FOLDER / "nishi-shinjuku-2023", _FOLDER / "nishi-shinjuku-2026")
"""The folders of the example programmes, the older first."""
