"""An exported election counted again from its file: by every method the same winners."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.exports.elections import ballots_pb
from civic.exports.types import OptionRecord, ResultRecord, SiteCost
from civic.tallies.methods.pabulib import parse_pb
from civic.tallies.methods.registry import METHODS, compute
from civic.tallies.methods.types import BallotGroup, Option, TallyInput
from civic.tallies.publishing import ballots_may_be_published

NOON = datetime(2026, 10, 15, 3, tzinfo=UTC)
PROPOSALS, SITES = ("bench", "mist", "tree"), ("deck", "plaza")

costs = st.integers(0, 9)
placed = st.dictionaries(st.sampled_from(SITES), costs, min_size=1)
elections = st.builds(
    lambda places, votes, budget: TallyInput(
        budget,
        tuple(Option(p, site, cost) for p in sorted(places) for site, cost in sorted(places[p].items())),
        tuple(BallotGroup(c.intersection(places), n) for c, n in votes.items()),
    ),
    st.dictionaries(st.sampled_from(PROPOSALS), placed, min_size=1),
    st.dictionaries(st.frozensets(st.sampled_from(PROPOSALS)), st.integers(1, 4)),
    st.none() | st.integers(0, 20),
)


def record_of(election: TallyInput, method: str, title: str = 'ベンチ; 青 "=1"\n2') -> ResultRecord:
    outcome = compute(method, election, "id_order")
    selected = [{"proposal": o.proposal, "site": o.site, "cost_yen": o.cost_yen} for o in outcome.selected]
    return ResultRecord(
        programme="small",
        ballot="small-ballot",
        title={"ja": title},
        opens_at=NOON,
        closes_at=NOON,
        max_approvals=3,
        budget_yen=election.budget_yen,
        method_options={},
        report={
            "method": method,
            "method_version": 1,
            "status": outcome.status,
            "approvals": outcome.approvals,
            "selected": selected,
        },
        computed_at=NOON,
        manifest_sha256="0" * 64,
        inputs_sha256="1" * 64,
        options=tuple(
            OptionRecord(
                proposal,
                {"ja": title},
                1,
                "2" * 64,
                tuple(SiteCost(o.site, {}, o.cost_yen) for o in election.options if o.proposal == proposal),
                None,
            )
            for proposal in dict.fromkeys(o.proposal for o in election.options)
        ),
        decisions=(),
        polls=(),
    )


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40, deadline=None)
@given(election=elections)
def test_the_file_counts_to_the_same_winners_on_the_same_sites(method, election):
    """Equal shares need a budget; where there is none, the file's budget limits nothing."""
    if method == "mes" and election.budget_yen is None:
        return
    file = parse_pb(b"".join(ballots_pb(record_of(election, method), election.ballots)).decode())
    assert file.warnings() == []
    again = file.tally_input()
    assert compute(method, again, "id_order") == compute(method, election, "id_order")
    assert set(file.official()) == set(compute(method, election, "id_order").selected_proposals)


def test_voters_are_numbered_by_their_choices():
    groups = [
        BallotGroup(frozenset({"tree"}), 1),
        BallotGroup(frozenset(), 1),
        BallotGroup(frozenset({"bench"}), 2),
    ]
    election = TallyInput(None, (Option("bench", "plaza", 5), Option("tree", "plaza", 4)), tuple(groups))
    text = b"".join(ballots_pb(record_of(election, "site_winner"), groups)).decode()
    assert text.endswith("VOTES\nvoter_id;vote\n1;\n2;bench\n3;bench\n4;tree\n")
    assert "bench;5;2;ベンチ； 青 ”=1” 2;1;1;plaza=5\n" in text


def test_ballots_that_are_as_good_as_a_name_are_not_published():
    """Ten proposals always; of eleven when fewer than 30 of 100 ballots are different."""
    alike = [BallotGroup(frozenset({str(n)}), 1) for n in range(29)] + [BallotGroup(frozenset(), 71)]
    assert ballots_may_be_published([BallotGroup(frozenset({"a"}), 1)], 10)
    assert not ballots_may_be_published([BallotGroup(frozenset({"a"}), 1)], 11)
    assert not ballots_may_be_published(alike, 11)  # 30 different ballots of 100
    assert ballots_may_be_published([*alike[1:-1], BallotGroup(frozenset(), 72)], 11)  # 29 of 100
