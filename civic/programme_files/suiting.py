"""Warnings about a programme file that holds together: ballots whose method does not suit them."""

from collections.abc import Iterator

from civic.programme_files.format import BallotPart, ProgrammeFile
from civic.tallies.methods.suitability import Unsuitable, unsuitable
from civic.tallies.methods.types import Option


def unsuitable_methods(content: ProgrammeFile) -> Iterator[tuple[str, Unsuitable]]:
    """The slug of each ballot whose method does not suit it, and why not, once for each reason."""
    for ballot in content.ballots:
        codes = unsuitable(
            ballot.method,
            max_approvals=ballot.max_approvals,
            options=_options(content, ballot),
            budget_yen=ballot.budget_yen,
        )
        for code in codes:
            yield ballot.slug, code


def _options(content: ProgrammeFile, ballot: BallotPart) -> list[Option]:
    return [
        Option(proposal.slug, placement.site, placement.cost_yen)
        for proposal in content.proposals
        if proposal.slug in ballot.options
        for placement in proposal.placements
    ]
