"""Who stands where: one site for each proposal, at the lowest total cost, in exact integers.

Minimum-cost bipartite matching by successive shortest paths: each newcomer either takes a free site or
pushes an earlier proposal to another of its own sites, along the cheapest chain of such moves.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from civic.tallies.methods.types import Option

Costs = Mapping[str, Mapping[str, int]]  # proposal -> site -> cost there
Assignment = Mapping[str, str]  # proposal -> its site


def costs_of(options: Iterable[Option]) -> dict[str, dict[str, int]]:
    """The cost in yen of every proposal on each of its sites."""
    costs: dict[str, dict[str, int]] = {}
    for option in options:
        costs.setdefault(option.proposal, {})[option.site] = option.cost_yen
    return costs


def total_cost(assignment: Assignment, costs: Costs) -> int:
    """What all assigned proposals cost together on their sites."""
    return sum(costs[proposal][site] for proposal, site in assignment.items())


def seat(assignment: Assignment, newcomer: str, costs: Costs) -> Assignment | None:
    """The cheapest assignment of everyone seated and one more; None when no chain reaches a free site.

    ``assignment`` must be a cheapest one of its proposals, as this function returns it: then no cycle of
    moves saves money, and the search ends.
    """
    tenants = {site: proposal for proposal, site in assignment.items()}
    price, moves_in = _cheapest_moves(tenants, newcomer, costs)
    free = [site for site in price if site not in tenants]
    if not free:
        return None
    return _move(assignment, newcomer, moves_in, min(free, key=price.__getitem__))


def cheapest_assignment(proposals: Sequence[str], costs: Costs) -> Assignment:
    """The one cheapest assignment of these proposals, which must have one.

    Among equally cheap ones the earlier proposal takes its site with the smaller id (code-point order).
    That wish is added to the costs as digits below one yen, so that one search decides both exactly.
    """
    wishes = _costs_with_wishes(proposals, costs)
    assignment: Assignment = {}
    for proposal in proposals:
        seated = seat(assignment, proposal, wishes)
        assert seated is not None, "the caller kept only proposals that have sites together"
        assignment = seated
    return assignment


def stand(order: Sequence[str], costs: Costs) -> list[Option]:
    """Winners in this order, which must have sites together, each with its final site and its cost there."""
    sites = cheapest_assignment(order, costs)
    return [Option(proposal, sites[proposal], costs[proposal][sites[proposal]]) for proposal in order]


def _cheapest_moves(
    tenants: Mapping[str, str], newcomer: str, costs: Costs
) -> tuple[dict[str, int], dict[str, str]]:
    """For every site within reach: the lowest extra cost of filling it, and who moves in last."""
    price = dict(costs[newcomer])
    moves_in = dict.fromkeys(price, newcomer)
    queue = deque(price)
    while queue:
        site = queue.popleft()
        tenant = tenants.get(site)
        if tenant is None:
            continue
        after_leaving = price[site] - costs[tenant][site]
        for other, cost in costs[tenant].items():
            if other not in price or after_leaving + cost < price[other]:
                price[other] = after_leaving + cost
                moves_in[other] = tenant
                queue.append(other)
    return price, moves_in


def _move(assignment: Assignment, newcomer: str, moves_in: Mapping[str, str], free: str) -> Assignment:
    """Carry out the chain of moves that ends on a free site, from its end back to the newcomer."""
    moved = dict(assignment)
    site = free
    while (mover := moves_in[site]) != newcomer:
        moved[mover] = site
        site = assignment[mover]
    moved[newcomer] = site
    return moved


def _costs_with_wishes(proposals: Sequence[str], costs: Costs) -> dict[str, dict[str, int]]:
    """Costs whose lower digits, in base ``number of sites``, hold each proposal's preference."""
    sites = sorted({site for proposal in proposals for site in costs[proposal]})
    place = {site: i for i, site in enumerate(sites)}
    base, digits = len(sites), len(proposals)
    return {
        proposal: {
            site: cost * base**digits + place[site] * base ** (digits - 1 - position)
            for site, cost in costs[proposal].items()
        }
        for position, proposal in enumerate(proposals)
    }
