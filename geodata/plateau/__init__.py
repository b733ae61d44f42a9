"""Readers of PLATEAU's building data: CityGML 2.0, plain or in a zip, and GeoJSON with footprints."""
