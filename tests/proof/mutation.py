"""Mutation of the rules that decide a vote: mutmut changes them in small ways, and the tests must notice.

What is mutated, and by which tests it is judged, stands in pyproject.toml. mutmut writes its mutants into a folder
of its own, over links to the checkout, so that nothing is left behind here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.source import PACKAGES, ROOT

METHODS = ("approvals", "assignment", "greedy", "site_winner", "types")
SAMPLED = (
    "civic.votes.rules",
    "webhooks.line.signature",
    "civic.ballots.rules",
    *(f"civic.tallies.methods.{name}" for name in METHODS),
)
SAMPLE = tuple(f"{module}.{number}" for module in SAMPLED for number in ("*_7", "*[2468]7"))
"""Every twentieth mutant of each function of these modules, by its number; FULL=1 takes all of all modules."""

METHOD_TESTS = ("brute_force", "edge_cases", "files", "golden", "greedy", "laws", "site_winner")
NARROW = {
    '"civic/tallies/methods/*.py"': ", ".join(f'"civic/tallies/methods/{name}.py"' for name in METHODS),
    '"civic/tallies/robustness/*.py",': "",
    '"tests/civic/tallies/methods"': ", ".join(f'"tests/civic/tallies/methods/test_{n}.py"' for n in METHOD_TESTS),
    '"tests/civic/tallies/robustness",': "",
}
"""What the small run has otherwise than pyproject.toml: making all mutants takes longer than judging a sample."""

GROUPS: Mapping[str, str] = {
    "fold": "civic.votes.rules.",
    "tally methods": "civic.tallies.methods.",
    "robustness": "civic.tallies.robustness.",
    "signature": "webhooks.line.signature.",
    "window and state rules": "civic.ballots.rules.",
}

EQUIVALENT: Mapping[str, str] = {
    '"SHA256"': "the name of the hash is taken in any case",
    '"UTF-8-SIG"': "so is the name of the encoding",
    '"sha256"), ) %': "big-endian is what from_bytes does anyway",
    'LastTie = "XXpendingXX"': "only id_order is asked for, and mypy holds the two values",
    'LastTie = "PENDING"': "the same",
    "blank = None": "only asked whether it is true",
    "firsts[1].site": "all firsts of a site stand on it",
    "file.read(None)": "how much is read of a file above the limit only saves memory",
    "MAX_BYTES + 2": "the same",
    "MAX_INTEGER + 2": "one too many is as refused as two",
    "len(digits) <= 21": "with 21 characters a number is too large too",
    "(path)), None,": "no path and an empty one both mean the whole file",
    "round(tally_seconds, 7)": "a digit below the microsecond, in a time",
    "the caller kept only": "the words of an assertion that never fails",
    "THE CALLER KEPT ONLY": "the same",
    "strict=None": "what is zipped is of one length",
    "strict=False": "the same",
    "dtype=None": "numpy takes the same type by itself",
    "DEARER_THAN_BUDGET": "it would count again for what never wins",
    "XXdearer_than_budgetXX": "the same",
    "NOT_COMPUTED": "it would count again for what is never computed",
    "XXnot_computedXX": "the same",
    "low, high = 1, 1": "another way to search; it ends at the same number",
    "low, high = 0, 2": "the same",
    "min(3 * high, most)": "the same",
    "101 * tally_input.voters": "more than enough either way",
    "2 + 100 * tally_input.voters": "the same",
    "return 2 + sum(outcome.approvals": "the same",
    "weights + before": "raking goes on when it stands still: only slower",
    "[[2] * len(row)": "twice a row tells as much as the row",
    "small[:2]": "so does the same row twice",
}
"""Part of a mutated line, and why no test need tell it from ours."""

_KILLED = frozenset({1, 3})
_ENDLESS = frozenset({-24, 24, 36, 152, 255})


@dataclass(frozen=True)
class Score:
    """How many mutants there were, how many the tests noticed (some by never ending), the lines of the others."""

    group: str
    mutants: int
    killed: int
    endless: int
    survivors: Sequence[str]

    @property
    def share(self) -> float:
        """Killed mutants of all, those that cannot be noticed among them."""
        return self.killed / self.mutants if self.mutants else 1.0

    @property
    def unexplained(self) -> list[str]:
        """Survivors that should have been noticed."""
        return [line for line in self.survivors if not any(part in line for part in EQUIVALENT)]

    def __str__(self) -> str:
        equivalent = len(self.survivors) - len(self.unexplained)
        killed = f"{self.group} {self.killed:,} of {self.mutants:,} killed"
        return f"{killed} ({self.share:.1%}, {self.endless} endless, {equivalent} equivalent)"


def mutate(folder: Path, full: bool) -> list[Score]:
    """Run mutmut for all mutants, or for the sample; gives the score of each group that has any."""
    _link(folder, {} if full else NARROW)
    ended = _mutmut(folder, "run", "--max-children", "2", *(() if full else SAMPLE))
    assert ended.returncode == 0, ended.stdout[-3_000:] + ended.stderr[-3_000:]
    results = _results(folder)
    scores = [_score(folder, group, prefix, results) for group, prefix in GROUPS.items()]
    return [score for score in scores if score.mutants]


def _link(folder: Path, changes: Mapping[str, str]) -> None:
    """What mutmut copies its mutants from, what the tests read beside the code, and its settings."""
    mutants = folder / "mutants"
    mutants.mkdir()
    for name in (*PACKAGES, "tests"):
        (folder / name).symlink_to(ROOT / name)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for ours, theirs in changes.items():
        assert settings.count(ours) == 1, f"{ours} is not in pyproject.toml as the small run expects it"
        settings = settings.replace(ours, theirs)
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    for name in ("docs", "frontend"):
        (mutants / name).symlink_to(ROOT / name)


def _mutmut(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("mutmut")), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _results(folder: Path) -> dict[str, int]:
    """The exit code of the tests by mutant; those that were not run are left out."""
    codes: dict[str, int | None] = {}
    for file in folder.glob("mutants/**/*.meta"):
        codes |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name: code for name, code in codes.items() if code is not None}


def _score(folder: Path, group: str, prefix: str, results: Mapping[str, int]) -> Score:
    codes = {name: code for name, code in results.items() if name.startswith(prefix)}
    endless = sum(code in _ENDLESS for code in codes.values())
    survivors = [name for name, code in codes.items() if code not in _KILLED | _ENDLESS]
    lines = [_mutated_line(folder, name) for name in survivors]
    return Score(group, len(codes), len(codes) - len(survivors), endless, lines)


def _mutated_line(folder: Path, name: str) -> str:
    """What a mutant has in the place of our line."""
    shown = _mutmut(folder, "show", name).stdout.splitlines()
    return " ".join(line[1:].strip() for line in shown if line.startswith("+") and not line.startswith("+++"))
