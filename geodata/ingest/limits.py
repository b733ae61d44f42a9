"""The sizes the gate allows, in one place: small enough for a phone, large enough for a workshop."""

MAX_FILE_BYTES = 20_000_000
MAX_JSON_BYTES = 4_000_000
MAX_JSON_DEPTH = 64
MAX_CHUNKS = 16
MAX_ACCESSORS = 20_000
MAX_ACCESSOR_BYTES = 64_000_000  # honest accessors do not overlap, so a 20 MB file stays far below
MAX_NODES = 2_000
MAX_NODE_DEPTH = 64
MAX_DRAWS = 10_000
MAX_TRIANGLES = 500_000
MAX_VERTICES = 3 * MAX_TRIANGLES
MAX_MATERIALS = 200
MAX_IMAGES = 64
MAX_IMAGE_SIDE = 4_096
MAX_IMAGE_PIXELS = 64_000_000

# Metres. 100 m drawn in millimetres reads as 100 km; beyond that no unit explains it.
MAX_EXTENT_M = 100_000.0
MIN_EXTENT_M = 0.01
SUSPECT_ABOVE_M = 100.0
SUSPECT_BELOW_M = 0.2
