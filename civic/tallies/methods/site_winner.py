"""場所ごとの1位: every site is decided alone. The rule in words: docs/methods.md, ``site_winner``."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from civic.tallies.methods.approvals import count_approvals
from civic.tallies.methods.lots import LastTie, in_order
from civic.tallies.methods.types import Option, Outcome, TallyInput, Tie, conclude

# The level firsts of one site: same votes and same cost, so the site claims one known sum, whoever wins.
Firsts = tuple[Option, ...]


def site_winner(tally_input: TallyInput, last_tie: LastTie = "pending") -> Outcome:
    """The first of each site by approvals, then lower cost; a budget pays them in that order."""
    approvals = count_approvals(tally_input)
    firsts = firsts_by_site(tally_input, approvals)
    if last_tie != "pending":
        firsts = [drawn_first(site_firsts, last_tie) for site_firsts in firsts]
    selected: list[Option] = []
    ties: list[Tie] = []
    left = tally_input.budget_yen
    for level in levels(firsts, approvals, last_tie):
        places = places_in_budget(level, left)
        if 0 < places < len(level):
            ties.append(budget_tie(level))
        elif places:
            selected += [site_firsts[0] for site_firsts in level if len(site_firsts) == 1]
            ties += [site_tie(site_firsts) for site_firsts in level if len(site_firsts) > 1]
        if left is not None:
            # Level sites cost the same, so what remains is known although the tie is open.
            left -= places * cost_of(level)
    return conclude(approvals, selected, ties)


def firsts_by_site(tally_input: TallyInput, approvals: Mapping[str, int]) -> list[Firsts]:
    """For each site that anything can win: its first, or all of them if level, by proposal id.

    Without a vote nothing wins, and an option dearer than the whole budget is left out.
    """
    by_site: dict[str, list[Option]] = {}
    for option in tally_input.options:
        if approvals[option.proposal] > 0 and affordable(option.cost_yen, tally_input.budget_yen):
            by_site.setdefault(option.site, []).append(option)
    return [level_firsts(options, approvals) for options in by_site.values()]


def level_firsts(options: Sequence[Option], approvals: Mapping[str, int]) -> Firsts:
    """The options of one site that nobody beats, by proposal id in code-point order."""
    best = min(rank(option, approvals) for option in options)
    return tuple(sorted((o for o in options if rank(o, approvals) == best), key=lambda o: o.proposal))


def drawn_first(firsts: Firsts, last_tie: LastTie) -> Firsts:
    """The one of a site's firsts that the last resort puts first."""
    winner = in_order((option.proposal for option in firsts), last_tie)[0]
    return tuple(option for option in firsts if option.proposal == winner)


def rank(option: Option, approvals: Mapping[str, int]) -> tuple[int, int]:
    """Sort key: more approvals first, then lower cost."""
    return -approvals[option.proposal], option.cost_yen


def levels(firsts: Sequence[Firsts], approvals: Mapping[str, int], last_tie: LastTie) -> Iterator[list[Firsts]]:
    """The sites in the order in which the budget pays them; level ones together, or one by one by last resort."""
    ordered = sorted(firsts, key=lambda f: (*rank(f[0], approvals), f[0].proposal, f[0].site))
    for _, group in groupby(ordered, key=lambda f: rank(f[0], approvals)):
        level = list(group)
        if last_tie == "pending":
            yield level
        else:
            drawn = in_order({f[0].proposal for f in level}, last_tie)
            yield from ([f] for f in sorted(level, key=lambda f: (drawn.index(f[0].proposal), f[0].site)))


def affordable(cost_yen: int, left: int | None) -> bool:
    """Whether the cost fits what is left; None is no limit."""
    return left is None or cost_yen <= left


def cost_of(level: Sequence[Firsts]) -> int:
    """What one site of a level costs: the same for all of them."""
    return level[0][0].cost_yen


def places_in_budget(level: Sequence[Firsts], left: int | None) -> int:
    """How many of the level sites the rest of the budget pays."""
    cost = cost_of(level)
    if left is None or cost == 0:
        return len(level)
    return min(len(level), left // cost)


def site_tie(firsts: Firsts) -> Tie:
    """Several firsts on one site."""
    return Tie(tuple(option.proposal for option in firsts), (firsts[0].site,), "equal_at_site")


def budget_tie(level: Sequence[Firsts]) -> Tie:
    """Several level sites, and money for some of them."""
    options = [option for firsts in level for option in firsts]
    proposals = sorted({option.proposal for option in options})
    sites = sorted({option.site for option in options})
    return Tie(tuple(proposals), tuple(sites), "not_all_fit")
