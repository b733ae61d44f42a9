"""Laws over random damage: whatever the bytes, the gate answers in time with facts or with a refusal."""

import copy
import json
import math
import time

import numpy as np
import pytest
from glb_builder import BOX_FACES, Glb, box, box_corners, pack_glb, shape
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodata.ingest import ModelFacts, ModelRejected, read_glb


def rich_model():
    """A model that uses most of what the gate reads, so that damage has something to hit."""
    glb = box()
    normals = glb.accessor([(0.0, 1.0, 0.0)] * 8)
    glb.doc["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = normals
    picture = b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0"
    glb.doc["images"] = [{"bufferView": glb.view(picture), "mimeType": "image/jpeg"}]
    glb.doc["textures"] = [{"source": 0}]
    glb.doc["accessors"][0]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": glb.view(b"\x03"), "componentType": 5121},
        "values": {"bufferView": glb.view(bytes(12))},
    }
    glb.doc["nodes"] = [
        {"children": [1, 2], "rotation": [0, 0, 0, 1]},
        {"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 3, 0, 0, 1]},
        {"mesh": 0, "scale": [-1, 2, 1], "translation": [5, 0, 0]},
    ]
    return glb.pack()


GOOD = rich_model()
DOCUMENT_END = 20 + int.from_bytes(GOOD[12:16], "little")
DOCUMENT = json.loads(GOOD[20:DOCUMENT_END])
BINARY = GOOD[DOCUMENT_END + 8 :]


def answers_in_time(data):
    """Run the gate: only a refusal may be raised, what is accepted has finite facts, and neither takes long."""
    start = time.process_time()
    try:
        facts = read_glb(data).facts
        assert all(math.isfinite(value) for value in (*facts.bounds_m, facts.footprint_area_m2))
    except ModelRejected as refusal:
        facts = refusal.known
    assert isinstance(facts, ModelFacts | dict)
    assert time.process_time() - start <= 5.0


def test_the_undamaged_model_is_good():
    assert read_glb(GOOD).code == "ok"


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_changed_bytes(changes):
    data = bytearray(GOOD)
    for position, value in changes:
        data[position] = value
    answers_in_time(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(GOOD)), st.integers(0, len(GOOD)), st.binary(max_size=40))
def test_cut_and_spliced_bytes(start, end, middle):
    answers_in_time(GOOD[:start] + middle + GOOD[end:])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_json_chunk(text):
    answers_in_time(pack_glb(text, BINARY))


def paths(value, path=()):
    """List the path of every value inside a JSON document."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += paths(item, (*path, key))
    return found


NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 4, 7, 2**31, 2**32, 2**63, 2**64, -(2**70), 0.5, 1e308, -1e308])
STRANGE = st.one_of(NUMBERS, st.sampled_from([None, True, "", "x", [], {}, [[]], [0], {"count": 1}, "\ud800"]))


@settings(max_examples=600, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(paths(DOCUMENT)), STRANGE), min_size=1, max_size=3))
def test_strange_values_in_the_document(changes):
    document = json.loads(json.dumps(DOCUMENT))
    for path, value in changes:
        target = document
        for key in path[:-1]:
            target = target[key] if isinstance(target, dict) and key in target else _item(target, key)
        if isinstance(target, dict) or (isinstance(target, list) and isinstance(path[-1], int)):
            _put(target, path[-1], copy.deepcopy(value))
    answers_in_time(pack_glb(document, BINARY))


def _item(target, key):
    return target[key] if isinstance(target, list) and isinstance(key, int) and key < len(target) else None


def _put(target, key, value):
    if isinstance(target, dict) or key < len(target):
        target[key] = value


coordinates = st.floats(-40, 40, width=32)
corners = st.tuples(coordinates, coordinates, coordinates)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(corners, corners, corners), min_size=1, max_size=12),
    st.floats(-math.pi, math.pi),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(-50, 50)),
)
def test_turning_and_moving_a_model_changes_neither_height_nor_area(faces, angle, shift):
    written = np.array(faces)
    sides = np.linalg.norm(written - np.roll(written, 1, axis=1), axis=2)
    across = np.cross(written[:, 1] - written[:, 0], written[:, 2] - written[:, 0])
    assume(np.linalg.norm(across, axis=1).max() > 0.01)  # else there is too little of it to measure
    still, turned = (shape([corner for face in faces for corner in face]) for _ in range(2))
    turned.doc["nodes"][0].update(translation=shift, rotation=[0, math.sin(angle / 2), 0, math.cos(angle / 2)])
    before, after = read_glb(still.pack()).facts, read_glb(turned.pack()).facts
    assert after.height_m == pytest.approx(before.height_m, abs=1e-4)
    # Corners snap to 1 mm and a wall is 1 mm wide, so an edge may change the area by 2 mm times its length.
    assert after.footprint_area_m2 == pytest.approx(before.footprint_area_m2, abs=0.002 * sides.sum() + 1e-4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(corners, st.floats(0.125, 5, width=32)), min_size=1, max_size=10))
def test_bounds_are_those_of_the_corners(boxes):
    """numpy's least and greatest over the corners that were written, in single precision as stored."""
    written, faces = [], []
    for low, size in boxes:
        faces += [tuple(number + len(written) for number in face) for face in BOX_FACES]
        written += box_corners(low, tuple(value + size for value in low))
    stored = np.array(written, dtype=np.float32).astype(float)
    facts = read_glb(shape(written, faces).pack()).facts
    assert facts.min_m == tuple(stored.min(axis=0))
    assert facts.max_m == tuple(stored.max(axis=0))
    assert facts.triangles == 12 * len(boxes)


def test_a_model_of_all_primitive_kinds_counts_what_is_drawn():
    """Six corners: 2 triangles, 4 of a strip, 4 of a fan, none of points, lines, loops and strips of lines."""
    glb = Glb()
    attributes = {"POSITION": glb.accessor([(i, i * i / 9, i % 2) for i in range(6)])}
    glb.mesh(*({"attributes": attributes, "mode": mode} for mode in range(7)))
    assert read_glb(glb.pack()).facts.triangles == 10
