"""A thing that stands around in a scene, many times over: a tree, a person, a planter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.glb_writer import Floats, Mesh, merge
from geodata.scene.subject import rotation_y

Color = tuple[float, float, float]


@dataclass(frozen=True)
class Prop:
    """A mesh in metres on y = 0, front towards +z.

    `colors` (n, 3) are linear RGB, one a corner; `leafy` (m,) tells which triangles let light through.
    """

    mesh: Mesh
    colors: Floats
    leafy: NDArray[np.bool_]


@dataclass(frozen=True)
class Stand:
    """One standing of a prop: which, where (x, y, z in metres), turned by radians about y, scaled."""

    prop: str
    at: tuple[float, float, float]
    turn: float = 0.0
    scale: float = 1.0


def painted(mesh: Mesh, color: Color) -> Prop:
    """A mesh in one colour."""
    return solid(mesh, np.tile(np.array(color), (len(mesh.positions), 1)))


def solid(mesh: Mesh, colors: Floats) -> Prop:
    """A mesh that no light passes."""
    return Prop(mesh, colors, np.zeros(len(mesh.triangles), bool))


def joined(props: Iterable[Prop]) -> Prop:
    """One prop of several, each where it is."""
    listed = list(props)
    return Prop(
        merge(prop.mesh for prop in listed),
        np.concatenate([prop.colors for prop in listed]),
        np.concatenate([prop.leafy for prop in listed]),
    )


def shifted(prop: Prop, at: tuple[float, float, float], turn: float = 0.0) -> Prop:
    """The prop turned about y (radians), then moved."""
    frame = rotation_y(turn)
    mesh = prop.mesh
    moved = Mesh(mesh.positions @ frame.T + np.array(at), mesh.normals @ frame.T, mesh.triangles)
    return replace(prop, mesh=moved)


def standing(prop: Prop, stand: Stand) -> Mesh:
    """The mesh of a prop where it stands, in scene metres."""
    frame = rotation_y(stand.turn)
    positions = stand.scale * prop.mesh.positions @ frame.T + np.array(stand.at)
    return Mesh(positions, prop.mesh.normals @ frame.T, prop.mesh.triangles)


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """The vectors (n, 3) at length 1; those without length stay."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float64] = vectors / np.where(lengths > 0, lengths, 1.0)
    return scaled
