"""The fold once more, written apart from the product and in another way: ranks in place of lists."""

from collections import Counter

NAMED = {"add": 1, "remove": 1, "none": 0, "withdraw": 0}


def in_window(tap, terms):
    return terms.opens_ms <= tap.at_ms < terms.closes_ms and tap.received_ms < terms.closes_ms + terms.grace_ms


def vote_of(taps, terms):
    """(choices oldest first, blank) of one voter, or None."""
    rank, blank = {}, False
    in_order = {(tap.at_ms, tap.event_id): tap for tap in taps if in_window(tap, terms)}
    for moment in sorted(in_order):
        op, choices = in_order[moment].op, in_order[moment].choices
        named, gone = set(choices), {p for p, notice_ms in terms.withdrawn.items() if notice_ms <= moment[0]}
        if named - terms.options or len(choices) != NAMED.get(op, len(choices)):
            continue
        if op in ("add", "set") and (named & gone or len(named) > terms.max_approvals):
            continue
        if op == "remove":
            rank.pop(choices[0], None)
        elif op == "add":
            rank = {p: r for p, r in rank.items() if p not in gone} | {choices[0]: (moment, 0)}
            if len(rank) > terms.max_approvals:
                del rank[min(rank, key=rank.get)]
            blank = False
        else:
            rank = {p: (moment, choices.index(p)) for p in named}
            blank = op != "withdraw" and not named
    if not rank and not blank:
        return None
    left = tuple(p for p in sorted(rank, key=rank.get) if p not in terms.withdrawn)
    return left, not left


def tally_of(log, terms):
    """(voters, blank, late, approvals by proposal) of a log of (voter, tap)."""
    log = {tap.event_id: (voter, tap) for voter, tap in log}.values()
    votes = [vote_of([tap for v, tap in log if v == voter], terms) for voter in {voter for voter, _ in log}]
    held = [vote for vote in votes if vote is not None]
    late = sum(not in_window(tap, terms) for _, tap in log)
    return len(held), sum(blank for _, blank in held), late, Counter(p for choices, _ in held for p in choices)
