"""The islands' own tests (frontend/src/**/*.test.ts), run by vitest and counted here."""

from __future__ import annotations

import json

import pytest
from support.frontend import run_frontend
from support.requirements import require


@pytest.mark.node
@pytest.mark.timeout(300)
def test_the_islands_hold(tmp_path, record_property):
    report = tmp_path / "vitest.json"
    done = run_frontend("test", "--reporter=default", "--reporter=json", f"--outputFile.json={report}")
    if not report.is_file():
        require("node", f"vitest did not run: {done.stderr[-500:]}")
    counted = json.loads(report.read_bytes())
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert counted["numPassedTests"] == counted["numTotalTests"] > 0
    record_property("holds", f"{counted['numPassedTests']} vitest tests")
