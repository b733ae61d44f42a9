"""Receipts under measurement: a small run that makes every one of them."""

from civic.bench.measuring import Bench
from civic.bench.sections import receipts


def test_a_small_run_makes_a_receipt_for_every_vote(tmp_path):
    report = receipts.run(Bench(rounds=1, scale=0.02, folder=tmp_path))
    assert {goal.limit for goal in report.goals} == {receipts.GOAL}
    assert all(min(line.series.values) > 0 for line in report.lines)
    assert len(report.checked) == 1
