"""One shape, five formats, the same sizes to a millimetre."""

import math

import pytest
from shapes_in_formats import (
    as_glb,
    as_gltf,
    as_stl,
    as_zip,
    box_mesh,
    obj_text,
    ply_binary,
    ply_text,
    seat_mesh,
    stl_text,
)

from geodata.ingest import read_glb
from geodata.ingest.formats import Units, to_glb
from geodata.ingest.limits import Limits

METRES, PRINTED = Units(), Units(0.001, "z")

WRITERS = {
    "glb": (as_glb, "a.glb", METRES),
    "gltf": (as_gltf, "a.gltf", METRES),
    "obj": (lambda *mesh: obj_text(*mesh).encode(), "a.obj", METRES),
    "obj in a zip": (lambda *mesh: as_zip({"a/a.obj": obj_text(*mesh)}), "a.zip", METRES),
    "gltf in a zip": (lambda *mesh: as_zip({"a.gltf": as_gltf(*mesh)}), "a.zip", METRES),
    "stl": (as_stl, "a.stl", PRINTED),
    "stl text": (stl_text, "a.stl", PRINTED),
    "stl that says solid": (lambda *mesh: as_stl(*mesh, header=b"solid but binary"), "a.stl", PRINTED),
    "ply text": (ply_text, "a.ply", METRES),
    "ply little endian": (ply_binary, "a.ply", METRES),
    "ply big endian": (lambda *mesh: ply_binary(*mesh, order=">"), "a.ply", METRES),
}


def facts_of(data, name, units):
    return read_glb(to_glb(data, name, units, Limits())).facts


@pytest.mark.parametrize("writer", WRITERS)
def test_a_box_keeps_its_size(writer):
    write, name, units = WRITERS[writer]
    facts = facts_of(write(*box_mesh()), name, units)
    assert facts.bounds_m == pytest.approx((6.0, 3.2, 2.4), abs=0.001)
    assert facts.footprint_area_m2 == pytest.approx(14.4, abs=0.01)
    assert facts.outline.bounds == pytest.approx((-3.0, -1.2, 3.0, 1.2), abs=0.001)
    assert facts.min_m == pytest.approx((1.0, 0.0, -0.4), abs=0.001)
    assert facts.triangles == 12


@pytest.mark.parametrize("writer", WRITERS)
def test_a_seat_with_a_leaning_back_keeps_its_size(writer):
    """Deep is the slab, 0.5 m, and what the back leans out behind it: 0.5 m x tan 15 degrees = 0.134 m."""
    write, name, units = WRITERS[writer]
    facts = facts_of(write(*seat_mesh()), name, units)
    depth = 0.5 + 0.5 * math.tan(math.radians(15))
    assert facts.bounds_m == pytest.approx((1.83, 0.95, depth), abs=0.001)
    assert facts.footprint_area_m2 == pytest.approx(1.83 * depth, abs=0.005)


@pytest.mark.parametrize("writer", WRITERS)
def test_the_content_decides_whatever_the_name_says(writer):
    write, name, units = WRITERS[writer]
    renamed = facts_of(write(*box_mesh()), "model", units)
    assert renamed.bounds_m == facts_of(write(*box_mesh()), name, units).bounds_m


@pytest.mark.parametrize("writer", WRITERS)
def test_the_same_file_gives_the_same_bytes(writer):
    write, name, units = WRITERS[writer]
    data = write(*box_mesh())
    assert to_glb(data, name, units, Limits()) == to_glb(data, name, units, Limits())


def test_a_glb_comes_back_unchanged():
    data = as_glb(*box_mesh())
    assert to_glb(data, "a.glb", METRES, Limits()) is data


def test_a_model_in_map_coordinates_keeps_its_millimetres():
    """At 34 km single precision counts in steps of 4 mm; the box is still 6.0 x 3.2 x 2.4 m."""
    corners, faces = box_mesh()
    far = [(x - 12_818.761, y + 33.0, z - 34_428.095) for x, y, z in corners]
    facts = facts_of(obj_text(far, faces).encode(), "a.obj", METRES)
    assert facts.bounds_m == pytest.approx((6.0, 3.2, 2.4), abs=1e-5)
    assert facts.min_m == pytest.approx(far[0], abs=1e-5)


def test_feet_and_inches():
    corners, faces = box_mesh()
    text = obj_text(corners, faces).encode()
    assert facts_of(text, "a.obj", Units(0.3048)).bounds_m == pytest.approx((1.8288, 0.97536, 0.73152), abs=1e-4)
    assert facts_of(text, "a.obj", Units(0.0254)).bounds_m == pytest.approx((0.1524, 0.08128, 0.06096), abs=1e-4)
