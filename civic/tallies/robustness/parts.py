"""The voters in parts: by channel and assurance, by hour, by relation; whatever is small stays hidden."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from civic.kernel.clock import from_ms, iso
from civic.tallies.methods.types import Outcome
from civic.tallies.robustness.cells import FEWEST, shown_alone, shown_groups
from civic.tallies.robustness.material import Material, Said
from civic.tallies.robustness.types import Hour, RelationCell, RelationPart, RelationTable, VotersPart
from civic.votes.channels import ASSURANCE, CHANNELS

HOUR_MS = 3_600_000

SURGE = 5
"""An hour is a surge with more than so many times the voters of the median hour …"""

FEWEST_OF_SURGE = 30
"""… and at least so many."""

UNSAID = "unsaid"
Name = tuple[str, str]


def voters_parts(material: Material) -> tuple[VotersPart, ...]:
    """The channels in their order, then the levels of assurance; those that nobody used have 0 voters."""
    sizes = Counter(dict.fromkeys(CHANNELS, 0))
    for ballot in material.ballots:
        sizes[ballot.channel] += ballot.voters
    groups: dict[Name, list[str]] = {("channel", channel): [channel] for channel in CHANNELS}
    for level in dict.fromkeys(ASSURANCE.values()):
        groups["assurance", level] = [channel for channel in CHANNELS if ASSURANCE[channel] == level]
    shown = shown_groups(sizes, groups)
    return tuple(
        _voters_part(material, name, channels, sum(sizes[channel] for channel in channels), name in shown)
        for name, channels in groups.items()
    )


def _voters_part(
    material: Material, name: Name, channels: Sequence[str], voters: int, is_shown: bool
) -> VotersPart:
    if not is_shown:
        return VotersPart(*name, voters, None, None, None, None, None)
    inside = [ballot for ballot in material.ballots if ballot.channel in channels]
    outside = [ballot for ballot in material.ballots if ballot.channel not in channels]
    only, without = material.count(inside), material.count(outside)
    return VotersPart(
        *name,
        voters=voters,
        approvals=material.approvals_of(inside),
        selected=tuple(only.selected_proposals),
        same=_agree(only, material.outcome),
        without_selected=tuple(without.selected_proposals),
        without_same=_agree(without, material.outcome),
    )


def _agree(one: Outcome, other: Outcome) -> bool:
    """Whether two outcomes have the same winners on the same sites, and leave the same open."""
    return one.status == other.status and set(one.selected) == set(other.selected) and one.ties == other.ties


def hours(counted: Sequence[tuple[int, int]]) -> tuple[Hour, ...]:
    """Voters by the hour of their last operation, given as (hours since 1970, voters), in the order of time."""
    sizes = dict(sorted(counted))
    shown = shown_alone(sizes)
    usual = median(sizes.values()) if sizes else 0
    return tuple(
        Hour(
            begin=iso(from_ms(hour * HOUR_MS)),
            voters=voters if hour in shown else None,
            surge=hour in shown and voters >= FEWEST_OF_SURGE and voters > SURGE * usual,
        )
        for hour, voters in sizes.items()
    )


def relation_parts(material: Material) -> tuple[RelationPart, ...]:
    """The voters who said each relation, then those who said none; empty when nobody said any."""
    sizes = {said.relations: said.voters for said in material.said}
    groups = {name: [said.relations for said in material.said if _is_in(said, name)] for name in _names(material)}
    shown = shown_groups(sizes, groups)
    return tuple(_relation_part(material, name, name in shown) for name in groups)


def _relation_part(material: Material, name: str, is_shown: bool) -> RelationPart:
    if not is_shown:
        return RelationPart(name, None, None)
    mine = [said for said in material.said if _is_in(said, name)]
    columns = zip(*(said.approvals for said in mine), strict=True)
    approvals = dict(zip(material.proposals, (sum(column) for column in columns), strict=True)) if mine else {}
    return RelationPart(name, sum(said.voters for said in mine), approvals)


def _names(material: Material) -> Iterator[str]:
    """The relations that anybody said, in code-point order, and last the silence."""
    if any(said.relations for said in material.said):
        yield from sorted({name for said in material.said for name in said.relations})
        yield UNSAID


def _is_in(said: Said, name: str) -> bool:
    return name in said.relations if said.relations else name == UNSAID


def relation_table(material: Material) -> RelationTable:
    """The voters by all that they said, if every set of relations that somebody said has ten people."""
    if not any(said.relations for said in material.said):
        return RelationTable(None, "nobody_said")
    if any(said.voters < FEWEST for said in material.said):
        return RelationTable(None, "small_cell")
    cells = (
        RelationCell(said.relations, said.voters, dict(zip(material.proposals, said.approvals, strict=True)))
        for said in material.said
    )
    return RelationTable(tuple(cells), None)
