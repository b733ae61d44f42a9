"""The garbage collector of a test process leaves alone what collecting thousands of tests has made.

All of it stays until the end: to look through half a million objects again and again takes every tenth second.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests without any search for garbage; what is no garbage at the end is not looked at again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
