"""Bodies: closed meshes on the surface of their limbs, facing outward."""

import numpy as np
import pytest

from geodata.scene.modelling import Limb, body

RED, BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def test_a_limb_is_drawn_onto_its_surface():
    mesh = body([Limb((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.2, 0.2, RED)], 0.05).mesh
    nearest = np.clip(mesh.positions[:, 1], 0.0, 1.0)[:, None] * np.array([0.0, 1.0, 0.0])
    away = mesh.positions - nearest
    assert np.linalg.norm(away, axis=1) == pytest.approx(np.full(len(away), 0.2), abs=1e-4)
    assert (mesh.normals * away).sum(axis=1) == pytest.approx(np.full(len(away), 0.2), abs=1e-3)


def test_normals_lean_where_a_limb_narrows():
    mesh = body([Limb((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.3, 0.1, RED)], 0.04).mesh
    side = (mesh.positions[:, 1] > 0.1) & (mesh.positions[:, 1] < 0.9)
    assert mesh.normals[side, 1] == pytest.approx(np.full(int(side.sum()), 0.2 / np.hypot(1.0, 0.2)), abs=1e-3)


def test_a_flat_limb_is_thinner_along_z():
    places = body([Limb((0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.3, 0.3, RED, 0.5)], 0.04).mesh.positions
    assert np.abs(places).max(axis=0)[[0, 2]] == pytest.approx([0.3, 0.15], abs=0.02)


def test_a_body_is_closed_and_takes_the_colour_of_the_nearest_limb():
    limbs = [
        Limb((-0.3, 0.0, 0.0), (0.0, 0.0, 0.0), 0.12, 0.1, RED),
        Limb((0, 0, 0), (0.3, 0, 0), 0.1, 0.12, BLUE),
    ]
    prop = body(limbs, 0.03)
    sides = prop.mesh.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    there = {(int(a), int(b)) for a, b in sides}
    assert all((b, a) in there for a, b in there)
    assert (prop.colors[prop.mesh.positions[:, 0] < -0.15] == RED).all()
    assert (prop.colors[prop.mesh.positions[:, 0] > 0.15] == BLUE).all()
