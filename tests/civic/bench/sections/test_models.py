"""The biggest model of the bench is one that the gate takes."""

from civic.bench.sections.models import landscape
from geodata.ingest.glb import read_glb
from geodata.ingest.limits import Limits


def test_a_landscape_has_nearly_as_many_triangles_as_wanted():
    wanted = Limits().triangles
    data = landscape(wanted)
    model = read_glb(data)
    assert wanted * 0.99 <= len(model.triangles) <= wanted
    assert len(data) <= Limits().file_bytes
    assert model.code == "ok"
