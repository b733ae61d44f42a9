"""Pure geometry and 3D: coordinates, shapes, model intake, placement in metres. No database, no web."""
