"""Putting solids together: an assembly of parts, each a mesh with its material."""

import math
from dataclasses import dataclass, field

import numpy as np

from geodata.glb_writer import Floats, Material, Mesh
from geodata.west_shinjuku.generator.shapes import Point

ORIGIN: Point = (0.0, 0.0, 0.0)
_LARGEST_CORRECTION = 0.08


@dataclass
class Assembly:
    """A thing made of parts, in metres, y up, front towards +z."""

    parts: list[tuple[Mesh, Material]] = field(default_factory=list)

    def add(
        self,
        material: Material,
        mesh: Mesh,
        at: Point = ORIGIN,
        *,
        yaw: float = 0.0,
        pitch: float = 0.0,
        roll: float = 0.0,
    ) -> None:
        """Adds a solid, rolled about z, pitched about x, yawed about y (degrees), then moved to `at`."""
        self.parts.append((_moved(mesh, _rotation(yaw, pitch, roll), at), material))

    def join(self, other: "Assembly", at: Point = ORIGIN, yaw: float = 0.0) -> None:
        """Adds all parts of another assembly, turned by `yaw` degrees and moved to `at`."""
        frame = _rotation(yaw, 0.0, 0.0)
        self.parts.extend((_moved(mesh, frame, at), material) for mesh, material in other.parts)

    def bounds(self) -> tuple[Floats, Floats]:
        """The lowest and the highest corner of the bounding box."""
        points = np.concatenate([mesh.positions for mesh, _ in self.parts])
        return points.min(axis=0), points.max(axis=0)


def fitted(assembly: Assembly, width: float, depth: float, height: float) -> Assembly:
    """The assembly with its origin under its middle and exactly the stated size.

    Leaves and ropes end where they end; this takes up the last few per cent.

    Raises:
        ValueError: a side is more than 8 % off, so the model itself is wrong.
    """
    low, high = assembly.bounds()
    scale = np.array([width, height, depth]) / (high - low)
    if np.abs(scale - 1).max() > _LARGEST_CORRECTION:
        raise ValueError(f"model measures {np.round(high - low, 3)} m (x, y, z), stated {width, height, depth}")
    origin = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    return Assembly([(_scaled(mesh, origin, scale), material) for mesh, material in assembly.parts])


def _scaled(mesh: Mesh, origin: Floats, scale: Floats) -> Mesh:
    normals = mesh.normals / scale
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Mesh((mesh.positions - origin) * scale, normals, mesh.triangles)


def _moved(mesh: Mesh, frame: Floats, at: Point) -> Mesh:
    return Mesh(mesh.positions @ frame.T + np.array(at), mesh.normals @ frame.T, mesh.triangles)


def _rotation(yaw: float, pitch: float, roll: float) -> Floats:
    (sin_y, cos_y), (sin_p, cos_p), (sin_r, cos_r) = (
        (math.sin(turn), math.cos(turn)) for turn in map(math.radians, (yaw, pitch, roll))
    )
    about_y = np.array([[cos_y, 0.0, sin_y], [0.0, 1.0, 0.0], [-sin_y, 0.0, cos_y]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cos_p, -sin_p], [0.0, sin_p, cos_p]])
    about_z = np.array([[cos_r, -sin_r, 0.0], [sin_r, cos_r, 0.0], [0.0, 0.0, 1.0]])
    frame: Floats = about_y @ about_x @ about_z
    return frame
