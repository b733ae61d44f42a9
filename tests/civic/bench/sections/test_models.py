"""The biggest model of the bench is one that the gate takes."""

import pytest

from civic.bench.sections.models import landscape
from geodata.ingest.glb import read_glb
from geodata.ingest.limits import Limits


@pytest.mark.parametrize("wanted", [20_000, Limits().triangles])
def test_a_landscape_has_nearly_as_many_triangles_as_wanted(wanted):
    data = landscape(wanted)
    model = read_glb(data)
    assert wanted * 0.99 <= len(model.triangles) <= wanted
    assert len(data) <= Limits().file_bytes
    assert model.code == "ok"
