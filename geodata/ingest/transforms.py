"""Node transforms: a matrix, or translation, rotation and scale (glTF 2.0 specification, section 3.5.3)."""

import numpy as np
from numpy.typing import NDArray

from geodata.ingest.errors import reject
from geodata.ingest.fields import JsonObject, numbers

Matrix = NDArray[np.float64]

UNIT_TOLERANCE = 0.01  # quantised quaternions are off by up to 0.8 %
SHEAR_TOLERANCE = 0.01  # cosine between axes that should stand at right angles


def local_matrix(node: JsonObject, where: str) -> Matrix:
    """Give the matrix (4, 4), acting on column vectors, from a node's own to its parent's coordinates."""
    if "matrix" not in node:
        return _composed(node, where)
    if {"translation", "rotation", "scale"} & node.keys():
        reject("transform_invalid", where=where)
    matrix = np.array(_numbers(node, "matrix", [0.0] * 16, where)).reshape(4, 4).T
    if not np.allclose(matrix[3], [0, 0, 0, 1], rtol=0, atol=1e-6) or _is_sheared(matrix[:3, :3]):
        reject("transform_invalid", where=where)
    matrix[3] = [0, 0, 0, 1]
    return matrix


def _composed(node: JsonObject, where: str) -> Matrix:
    matrix = np.eye(4)
    rotation = _rotation(np.array(_numbers(node, "rotation", [0.0, 0.0, 0.0, 1.0], where)), where)
    matrix[:3, :3] = rotation * np.array(_numbers(node, "scale", [1.0, 1.0, 1.0], where))
    matrix[:3, 3] = _numbers(node, "translation", [0.0, 0.0, 0.0], where)
    return matrix


def _rotation(quaternion: Matrix, where: str) -> Matrix:
    with np.errstate(over="ignore"):
        length = float(np.linalg.norm(quaternion))
    if not abs(length - 1.0) <= UNIT_TOLERANCE:
        reject("transform_invalid", where=where)
    x, y, z, w = quaternion / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _is_sheared(axes: Matrix) -> bool:
    """Tell whether the axes lean; browsers split a matrix into TRS and would silently draw another shape."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(axes, axis=0)
        unit = axes / np.where(lengths > 0, lengths, 1.0)
        cosines = np.abs(unit.T @ unit)[np.triu_indices(3, k=1)]
    return not bool((cosines <= SHEAR_TOLERANCE).all())


def _numbers(node: JsonObject, key: str, default: list[float], where: str) -> list[float]:
    found = numbers(node.get(key, default), len(default))
    if found is None:
        reject("transform_invalid", where=where)
    return found
