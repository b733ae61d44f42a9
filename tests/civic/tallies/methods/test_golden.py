"""Results that a later version must give again byte for byte, or carry a new version of its rule.

``golden/`` has one file a method and version, with the outcomes of the same elections. To add those of a new
version: ``python tests/civic/tallies/methods/test_golden.py``; what is there is never written again.
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from civic.tallies.methods.registry import METHODS, Options, compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput

GOLDEN = Path(__file__).parent / "golden"
MES_OPTIONS = [
    {},
    {"increment": 0, "completion": "none"},
    {"utility": "cardinality", "increment": 3},
    {"increment": 1, "stop": "overspend", "completion": "none"},
]


def elections() -> Iterator[TallyInput]:
    """Sixty elections with ties, shared sites, and budgets from nothing to no limit."""
    random = Random(19700101)
    for _ in range(60):
        pairs = random.sample(list(product("abcdef", "stuv")), random.randint(2, 14))
        options = tuple(Option(p, s, random.choice([0, 100, 250, 250, 400, 999])) for p, s in pairs)
        named = sorted({option.proposal for option in options})
        groups = (frozenset(p for p in named if random.random() < 0.4) for _ in range(random.randint(0, 8)))
        ballots = tuple(BallotGroup(choices, random.randint(0, 12)) for choices in groups)
        yield TallyInput(random.choice([None, 0, 300, 700, 1_000, 1_500, 2_000]), options, ballots)


def outcomes(method: str) -> str:
    """All outcomes of a method, one JSON line each."""
    variants: list[Options] = list(MES_OPTIONS) if method == "mes" else [{}]
    return "".join(
        json.dumps(outcome_of(method, election, options)) + "\n"
        for election in elections()
        for options in variants
    )


def outcome_of(method: str, election: TallyInput, options: Options) -> dict[str, Any]:
    pending, by_id = compute(method, election, options=options), compute(method, election, "id_order", options)
    return {
        "status": pending.status,
        "decided": [[option.proposal, option.site, option.cost_yen] for option in pending.selected],
        "ties": [[list(tie.between), list(tie.sites), tie.reason] for tie in pending.ties],
        "by_id": [[option.proposal, option.site, option.cost_yen] for option in by_id.selected],
    }


def file_of(method: str) -> Path:
    return GOLDEN / f"{method}.{METHODS[method].version}.jsonl"


@pytest.mark.parametrize("method", METHODS)
def test_a_version_gives_its_results_again(method):
    assert outcomes(method) == file_of(method).read_text()


if __name__ == "__main__":
    for name in METHODS:
        if not file_of(name).exists():
            file_of(name).write_text(outcomes(name))
