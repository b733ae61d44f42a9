"""Results as they were once counted: elections written down, and what each version of a method made of them.

``golden_results/elections.json`` holds the elections, ``{method}.{version}.json`` their outcomes. A file is never
written twice: a method that counts otherwise has another version, and so another file beside it
(``python -m tests.civic.tallies.methods.results_of_before``).
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson

from civic.kernel.canonical import canonical_json, sha256_hex
from civic.tallies.methods.lots import Beacon, LastTie
from civic.tallies.methods.registry import METHODS, compute
from civic.tallies.methods.types import BallotGroup, Option, Outcome, TallyInput

FOLDER = Path(__file__).parent / "golden_results"
BEACON = Beacon("1f" * 32, "e8" * 32, "38,208.03")
LAST_TIES: dict[str, LastTie] = {"pending": "pending", "id_order": "id_order", "beacon": BEACON}
VARIANTS: dict[str, list[dict[str, object]]] = {
    "mes": [
        {},
        {"utility": "cardinality", "stop": "overspend"},
        {"increment": 0, "completion": "none"},
        {"increment": 10**13, "utility": "cardinality"},
    ]
}
LARGE = {"a few hundred": (1, 12, 4, 300), "thousands": (2, 20, 8, 1_500), "a city": (3, 30, 12, 6_000)}
"""Made elections: the seed, and how many proposals, sites and voters."""


def small_elections() -> dict[str, TallyInput]:
    """The elections of the file by name."""
    written = orjson.loads((FOLDER / "elections.json").read_bytes())
    return {name: _election(**election) for name, election in written.items()}


def large_election(seed: int, proposals: int, sites: int, voters: int) -> TallyInput:
    """An election from a seed. Of ``Random`` only ``random()`` is used: it never changes between versions."""
    random = Random(seed)

    def below(n: int) -> int:
        return int(random.random() * n)

    names = [f"p{i:02}" for i in range(proposals)]
    places = {(name, f"s{below(sites):02}"): 50 * below(200) for name in names for _ in range(2)}
    options = tuple(Option(proposal, site, cost) for (proposal, site), cost in places.items())
    liked = [random.random() / 3 for _ in names]
    votes: dict[frozenset[str], int] = {}
    for _ in range(voters):
        choices = frozenset(name for name, share in zip(names, liked, strict=True) if random.random() < share)
        votes[choices] = votes.get(choices, 0) + 1
    return TallyInput(40_000, options, tuple(BallotGroup(*group) for group in votes.items()))


def results(method: str) -> Iterator[dict[str, Any]]:
    """What a method makes of every election, with every variant of its options and every last resort of a tie.

    Of the large ones only the hash of the outcome is told.
    """
    for name, election in small_elections().items():
        for options in VARIANTS.get(method, [{}]):
            for last_tie, resort in LAST_TIES.items():
                outcome = document(compute(method, election, resort, options))
                yield {"election": name, "options": options, "last_tie": last_tie, "outcome": outcome}
    for name, numbers in LARGE.items():
        election = large_election(*numbers)
        for options in VARIANTS.get(method, [{}])[:2]:
            outcome = document(compute(method, election, "id_order", options))
            sha256 = sha256_hex(canonical_json(outcome))
            yield {"election": name, "options": options, "last_tie": "id_order", "sha256": sha256}


def document(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain JSON values."""
    return {
        "status": outcome.status,
        "approvals": outcome.approvals,
        "selected": [[option.proposal, option.site, option.cost_yen] for option in outcome.selected],
        "ties": [[list(tie.between), list(tie.sites), tie.reason] for tie in outcome.ties],
    }


def file_of(method: str, version: int) -> Path:
    """Where the results of a version of a method stand."""
    return FOLDER / f"{method}.{version}.json"


def written(method: str) -> bytes:
    """The results of a method as its file holds them: one to a line."""
    lines = [orjson.dumps(result, option=orjson.OPT_SORT_KEYS) for result in results(method)]
    return b"[\n" + b",\n".join(lines) + b"\n]\n"


def _election(budget_yen: int | None, options: list[list[Any]], ballots: list[list[Any]]) -> TallyInput:
    groups = tuple(BallotGroup(frozenset(choices.split()), count) for choices, count in ballots)
    return TallyInput(budget_yen, tuple(Option(*option) for option in options), groups)


def record() -> None:
    """Write the files that are not there yet."""
    for name, method in METHODS.items():
        if not file_of(name, method.version).exists():
            file_of(name, method.version).write_bytes(written(name))


if __name__ == "__main__":
    record()
