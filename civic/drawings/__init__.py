"""Drawings: pictures of a placement and what a 3D view needs, made once by the worker and kept with it."""
