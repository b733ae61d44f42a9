"""The tests notice when a rule that decides a vote is changed (docs/proof.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.proof.mutation import Score, mutate

LEAST = 0.9


def test_the_tests_notice_changed_rules(tmp_path: Path, full: bool, found: Callable[[str], None]) -> None:
    scores = mutate(tmp_path, full)
    whole = Score(
        "all rules",
        sum(score.mutants for score in scores),
        sum(score.killed for score in scores),
        sum(score.endless for score in scores),
        [line for score in scores for line in score.survivors],
    )
    found(f"Mutation: {'; '.join(map(str, [*scores, whole]))}")
    for line in whole.unexplained:
        found(f"Mutation: survived: {line}")
    for score in scores if full else [whole]:
        assert score.share >= LEAST, score
