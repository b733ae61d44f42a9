"""A box as a Draco-compressed GLB, right or bent."""

import DracoPy
import numpy as np
from glb_builder import BOX_FACES, Glb, box_corners

DRACO = "KHR_draco_mesh_compression"
CORNERS = box_corners((3.0, 1.0, 2.0), (5.0, 2.5, 3.0))


def compressed(**how):
    """The box's corners and faces as Draco bytes; losslessly, corner order kept."""
    points, faces = np.array(CORNERS, np.float32), np.array(BOX_FACES, np.uint32)
    return DracoPy.encode(points, faces, quantization_bits=0, compression_level=0, preserve_order=True, **how)


def draco_glb(data, *, corners=8, indices=36, attributes=None, **primitive):
    """A GLB whose only shape is in Draco bytes."""
    glb = Glb()
    glb.doc["accessors"] = [
        {"componentType": 5126, "count": corners, "type": "VEC3"},
        {"componentType": 5123, "count": indices, "type": "SCALAR"},
    ]
    extension = {"bufferView": glb.view(data), "attributes": {"POSITION": 0} if attributes is None else attributes}
    glb.mesh({"attributes": {"POSITION": 0}, "indices": 1, "extensions": {DRACO: extension}, **primitive})
    glb.doc["extensionsUsed"] = glb.doc["extensionsRequired"] = [DRACO]
    return glb
