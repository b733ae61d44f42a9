"""How robust a result is: from merged votes to a ``Study``.

As a program (``python -m civic.tallies.study``) it reads the material and writes the study: a process of its own,
so that a large study holds up nobody.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from civic.tallies.methods.explanations import (
    Explanation,
    Support,
    explain,
    overlap,
    supports,
    voters_with_a_winner,
)
from civic.tallies.methods.purses import electorate_of
from civic.tallies.methods.registry import METHODS, compute
from civic.tallies.methods.types import TallyInput
from civic.tallies.robustness.counted import BY_APPROVALS, by_approvals, counts_quickly
from civic.tallies.robustness.decimals import fixed, share
from civic.tallies.robustness.margins import Race
from civic.tallies.robustness.material import Material
from civic.tallies.robustness.pairs import pairs_of
from civic.tallies.robustness.parts import hours, relation_parts, relation_table, voters_parts
from civic.tallies.robustness.positions import positions
from civic.tallies.robustness.shares import wilson
from civic.tallies.robustness.stability import stability
from civic.tallies.robustness.types import Fate, Positions, RuleResult, Share, Study
from civic.votes.channels import PAPER

VERSION = 2
"""Rises whenever the same material could give another study; older studies are then made again."""

NO_SUPPORT = Support(None, None)


def study_of(material: Material) -> Study:
    """All that is known about how robust a result is. Some seconds for a million voters and fifty proposals."""
    tally_input, outcome = material.tally_input, material.outcome
    electorate = electorate_of(tally_input)
    quick = _as_counted(material)
    fates = explain(
        material.method,
        quick,
        material.last_tie,
        material.method_options,
        count_missing=counts_quickly(material.method, quick),
    )
    race = Race(material.method, quick, electorate, material.last_tie, material.method_options)
    return Study(
        version=VERSION,
        inputs_sha256=material.inputs_sha256,
        method=material.method,
        voters=tally_input.voters,
        seed=material.manifest_sha256,
        explanations=_fates(material, fates),
        shares=tuple(_share(proposal, n, tally_input.voters) for proposal, n in outcome.approvals.items()),
        compared=_compared(material),
        margin=race.margin(outcome, fates),
        pairs=pairs_of(material.method, tally_input, outcome, electorate),
        stability=stability(material.method, tally_input, material.manifest_sha256, material.method_options),
        positions=_positions(material),
        parts=voters_parts(material),
        hours=hours(material.hours),
        relations=relation_parts(material),
        relation_table=relation_table(material),
    )


def _as_counted(material: Material) -> TallyInput:
    """The election as the binding rule needs it to count again: only the approvals where it sees nothing else."""
    if material.method in BY_APPROVALS:
        return by_approvals(material.tally_input, material.approvals_of(material.ballots))
    return material.tally_input


def _fates(material: Material, explanations: Sequence[Explanation]) -> tuple[Fate, ...]:
    shares: Mapping[str, Support] = {}
    if material.method == "mes" and material.tally_input.voters:
        shares = supports(material.tally_input, material.last_tie, material.method_options)
    return tuple(_fate(one, shares.get(one.proposal, NO_SUPPORT)) for one in explanations)


def _fate(one: Explanation, support: Support) -> Fate:
    return Fate(
        proposal=one.proposal,
        approvals=one.approvals,
        reason=one.reason,
        votes_missing=one.missing.votes if one.missing else None,
        exact=one.missing.exact if one.missing else False,
        effective_votes=_text(support.effective_votes, 2),
        covered=_text(support.covered, 3),
    )


def _text(number: Fraction | None, places: int) -> str | None:
    return None if number is None else fixed(number, places)


def _share(proposal: str, approvals: int, voters: int) -> Share:
    low, high = wilson(approvals, voters)
    return Share(proposal, share(approvals, voters), f"{low:.3f}", f"{high:.3f}")


def _compared(material: Material) -> tuple[RuleResult, ...]:
    """The binding rule as it was frozen, the others as they come, each beside the binding one."""
    return tuple(_rule_result(material, name) for name in METHODS)


def _rule_result(material: Material, name: str) -> RuleResult:
    is_binding = name == material.method
    votes = material.tally_input
    outcome = material.outcome if is_binding else compute(name, votes, material.last_tie)
    won = outcome.selected_proposals
    agreed = overlap(won, material.outcome.selected_proposals)
    return RuleResult(
        method=name,
        status=outcome.status,
        selected=tuple(won),
        voters_with_a_winner=voters_with_a_winner(votes, won),
        mean_winners=share(sum(outcome.approvals[proposal] for proposal in won), votes.voters, 2),
        both=agreed.both,
        either=agreed.either,
    )


def _positions(material: Material) -> Positions | None:
    """The effect of the cards' order; paper has one order for all."""
    if not material.turned:
        return None
    starts: Counter[int] = Counter()
    for ballot in material.ballots:
        if ballot.channel != PAPER:
            starts[sum(material.orders[place] for place in ballot.places)] += ballot.voters
    return positions(material.turned, starts)


def main() -> None:
    """Read the material as JSON, write the study as JSON."""
    material = msgspec.json.decode(sys.stdin.buffer.read(), type=Material)
    sys.stdout.buffer.write(msgspec.json.encode(study_of(material)))


if __name__ == "__main__":
    main()
