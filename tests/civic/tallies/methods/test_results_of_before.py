"""What was once counted is counted so again, byte for byte, or by a method with another version."""

import pytest

from civic.tallies.methods.registry import METHODS
from tests.civic.tallies.methods.results_of_before import FOLDER, file_of, written


@pytest.mark.parametrize("method", METHODS)
def test_a_version_counts_what_it_counted_before(method):
    """If this fails, raise the method's version and record its results beside the old ones, which stay."""
    assert written(method) == file_of(method, METHODS[method].version).read_bytes()


def test_the_results_of_every_version_are_kept():
    versions = {(name, version) for name, method in METHODS.items() for version in range(1, method.version + 1)}
    assert {file.name for file in FOLDER.iterdir()} == {
        "elections.json",
        *(file_of(*version).name for version in versions),
    }
