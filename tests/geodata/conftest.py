"""Lets the tests of this folder share their GLB writer under one name, without packages in tests/."""

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("glb_builder", Path(__file__).with_name("glb_builder.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
sys.modules["glb_builder"] = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(sys.modules["glb_builder"])
