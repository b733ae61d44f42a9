"""Templates: clean."""

import subprocess
import sys
from pathlib import Path

from civic.kernel.i18n import frontend_dir


def test_templates_are_clean():
    djlint = Path(sys.executable).with_name("djlint")
    command = [djlint, "--quiet", "--check", "--lint", frontend_dir() / "templates"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
