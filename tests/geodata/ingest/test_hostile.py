"""Models that must be refused: each with its code, in words for people, within two seconds."""

import time

import hostile_data
import hostile_files
import hostile_packed
import hostile_scenes
import pytest
from glb_builder import BOX_FACES, box, box_corners, shape
from hostile_cases import CASES

from geodata.ingest import ModelRejected, read_glb
from geodata.ingest.errors import SENTENCES
from geodata.ingest.format_sentences import FORMAT_SENTENCES

FILES_OF_CASES = (hostile_data, hostile_files, hostile_packed, hostile_scenes)  # importing them fills CASES


@pytest.mark.parametrize("name", CASES)
def test_is_refused_with_its_code_within_two_seconds(name):
    make, code = CASES[name]
    data = make()
    start = time.perf_counter()
    with pytest.raises(ModelRejected) as refusal:
        read_glb(data)
    assert time.perf_counter() - start <= 2.0
    assert refusal.value.code == code
    assert refusal.value.message_ja.endswith("。")
    assert refusal.value.message_en.endswith(".")
    assert "{" not in refusal.value.message_ja + refusal.value.message_en


def test_every_code_of_a_refusal_has_a_case():
    """Those of the other formats and of the limited reader have their own tests."""
    elsewhere = FORMAT_SENTENCES.keys() | {code for code in SENTENCES if code.startswith("reader_")}
    assert SENTENCES.keys() - elsewhere - {code for _, code in CASES.values()} == {"ok", "unit_suspect"}


def test_a_name_from_the_file_reaches_the_sentence_only_as_plain_letters():
    with pytest.raises(ModelRejected) as refusal:
        read_glb(hostile_files.unknown_required_extension())
    assert "ACME_?script?" in refusal.value.message_ja
    assert "<" not in refusal.value.message_ja + refusal.value.message_en


def test_the_answer_of_model_check_keeps_what_is_known():
    with pytest.raises(ModelRejected) as refusal:
        read_glb(hostile_scenes.only_points())
    assert refusal.value.as_json() == {
        "verdict": "reject",
        "code": "no_triangles",
        "message_ja": SENTENCES["no_triangles"].ja,
        "message_en": SENTENCES["no_triangles"].en,
        "facts": {"triangles": 0},
    }


def test_the_limit_itself_is_allowed():
    """64 levels, 2,000 nodes: one more of either is refused above."""
    chain = [{"children": [i + 1]} for i in range(63)]
    glb = box()
    glb.doc["nodes"] = [*chain, {"mesh": 0}, *[{}] * (2000 - 64)]
    assert read_glb(glb.pack()).code == "ok"


def test_a_model_just_below_the_limit_is_measured():
    """480,000 triangles: 24,000 in the file, drawn 20 times one metre apart."""
    corners = box_corners((0, 0, 0), (0.1, 0.1, 0.1))
    glb = shape(corners, BOX_FACES * 2000)  # 24,000 triangles
    glb.doc["nodes"] = [{"mesh": 0, "translation": [i, 0, 0]} for i in range(20)]
    glb.doc["scenes"] = [{"nodes": list(range(20))}]
    start = time.process_time()
    facts = read_glb(glb.pack()).facts
    assert time.process_time() - start <= 30.0
    assert facts.triangles == 480_000
    assert facts.bounds_m == pytest.approx((19.1, 0.1, 0.1))
