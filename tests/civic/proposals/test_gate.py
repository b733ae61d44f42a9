"""The gate in its limited process: same answers as the plain reader, and nothing that a file does reaches us."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import hostile_data
import hostile_files
import hostile_packed
import hostile_scenes
import numpy as np
import pytest
from glb_builder import BOX_FACES, box, box_corners, shape
from hostile_cases import CASES

from civic.proposals.gate import Gatekeeper, admit
from geodata.ingest import Limits, ModelRejected, read_glb
from geodata.ingest.answers import write_job
from geodata.ingest.formats.units import Units

FILES_OF_CASES = (hostile_data, hostile_files, hostile_packed, hostile_scenes)  # importing them fills CASES
LIMITS, METRES = Limits(), Units()


# Other formats are recognised by what they hold before the strict reader of GLB sees them.
NOT_TAKEN_FOR_A_GLB = {"a_zip_archive": "zip_broken", "an_fbx_file": "format_fbx", "a_text_gltf": "no_scene"}


def through_the_gate(data, limits=LIMITS, name="model.glb"):
    return admit(data, name, METRES, limits)


def refusal_of(data, limits=LIMITS):
    with pytest.raises(ModelRejected) as refusal:
        through_the_gate(data, limits)
    return refusal.value


def heavy(parts=15):
    """Tens of thousands of triangles each: a quarter of a second's work for every part."""
    glb = shape(box_corners((0, 0, 0), (0.1, 0.1, 0.1)), BOX_FACES * 2000)
    glb.doc["nodes"] = [{"mesh": 0, "translation": [i, 0, 0]} for i in range(parts)]
    glb.doc["scenes"] = [{"nodes": list(range(parts))}]
    return glb.pack()


def test_it_gives_what_the_plain_reader_gives():
    data = box((3, 1, 2), (5, 2.5, 3)).pack()
    apart, plain = through_the_gate(data), read_glb(data)
    assert apart.as_json() == plain.as_json()
    assert (apart.canonical, apart.sha256, apart.original_sha256) == (
        plain.canonical,
        plain.sha256,
        plain.original_sha256,
    )
    assert np.array_equal(apart.triangles, plain.triangles)
    for plan in ("outline", "obstacle", "floor"):
        assert getattr(apart.facts, plan).equals(getattr(plain.facts, plan))


@pytest.mark.parametrize("name", CASES)
def test_every_hostile_file_is_refused_with_its_code(name):
    make, code = CASES[name]
    refusal = refusal_of(make())
    assert refusal.code == NOT_TAKEN_FOR_A_GLB.get(name, code)
    assert refusal.message_ja.endswith("。")


def test_a_reader_without_enough_memory_is_a_refusal():
    assert refusal_of(heavy(), replace(LIMITS, memory_mb=400)).code == "reader_out_of_memory"


def test_a_reader_that_takes_too_long_is_a_refusal():
    started = time.monotonic()
    assert refusal_of(heavy(), replace(LIMITS, wall_s=0.2)).code == "reader_too_slow"
    assert time.monotonic() - started < 5


def test_a_reader_that_burns_its_processor_time_is_a_refusal():
    assert refusal_of(heavy(), replace(LIMITS, cpu_s=1)).code == "reader_too_slow"


def test_a_reader_that_may_not_write_its_answer_died():
    assert refusal_of(box().pack(), replace(LIMITS, written_bytes=10)).code == "reader_died"


def test_limits_reach_the_reader():
    assert refusal_of(box().pack(), replace(LIMITS, triangles=11)).code == "too_many_triangles"
    assert refusal_of(box().pack(), replace(LIMITS, file_bytes=100)).code == "file_too_large"


def test_many_threads_share_it():
    files = [box((0, 0, 0), (1 + i, 1, 1)).pack() for i in range(12)]
    with ThreadPoolExecutor(6) as pool:
        widths = [model.facts.bounds_m[0] for model in pool.map(through_the_gate, files)]
    assert widths == [1.0 + i for i in range(12)]


def ask(gatekeeper, folder, data, limits=LIMITS):
    folder.mkdir()
    write_job(folder, data, "model.glb", METRES, limits)
    return gatekeeper.ask(folder, limits.wall_s)


@pytest.fixture
def gatekeeper():
    keeper = Gatekeeper()
    yield keeper
    keeper.close()


def test_it_starts_again_when_it_was_killed_between_two_jobs(gatekeeper, tmp_path):
    assert ask(gatekeeper, tmp_path / "a", box().pack()) == "answered"
    first = gatekeeper.pid
    os.kill(first, signal.SIGKILL)
    assert ask(gatekeeper, tmp_path / "b", box().pack()) == "answered"
    assert gatekeeper.pid != first


def test_a_job_whose_gatekeeper_was_killed_is_tried_once_more(gatekeeper, tmp_path):
    assert ask(gatekeeper, tmp_path / "a", box().pack()) == "answered"
    killer = threading.Timer(0.1, os.kill, (gatekeeper.pid, signal.SIGKILL))
    killer.start()
    assert ask(gatekeeper, tmp_path / "b", heavy(4)) == "answered"
    killer.join()


def test_one_process_serves_many_models(gatekeeper, tmp_path):
    pids = set()
    for i in range(3):
        ask(gatekeeper, tmp_path / str(i), box().pack())
        pids.add(gatekeeper.pid)
    assert len(pids) == 1


def test_it_knows_nothing_of_our_environment(gatekeeper, tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_SECRET_KEY", "not for readers")
    ask(gatekeeper, tmp_path / "a", box().pack())
    status = subprocess.run(
        ["ps", "eww", "-o", "command=", "-p", str(gatekeeper.pid)], capture_output=True, text=True, check=True
    )
    assert "not for readers" not in status.stdout


def test_it_ends_when_its_parent_does():
    script = (
        "import os, signal\n"
        "from civic.proposals.gate import Gatekeeper\n"
        "from pathlib import Path\n"
        "keeper = Gatekeeper()\n"
        "keeper.ask(Path('/nowhere'), 5.0)\n"
        "print(keeper.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    pid, until = int(run.stdout), time.monotonic() + 10
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
