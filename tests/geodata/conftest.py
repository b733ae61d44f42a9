"""Lets the tests of this folder import their helpers, which stand beside this file, by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
