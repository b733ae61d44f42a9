"""Other formats than GLB: told apart, read strictly, and turned into a GLB for the gate to judge."""

from geodata.ingest.formats.conversion import to_glb
from geodata.ingest.formats.recognise import recognise, usual_up
from geodata.ingest.formats.units import UNITS, Units, suggest

__all__ = ["UNITS", "Units", "recognise", "suggest", "to_glb", "usual_up"]
