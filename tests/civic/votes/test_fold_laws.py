"""The fold against a model written apart, and its laws: order, duplicates and splitting change nothing."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from civic.votes.channels import by_assurance
from civic.votes.rules import Counting, count, fold
from tests.civic.votes.histories import CLOSES, GRACE, OPENS, deliveries, logs, terms
from tests.civic.votes.model import tally_of, vote_of


def approvals_of(counted):
    held = Counter()
    for choices, number in counted.ballots.items():
        held.update(dict.fromkeys(choices, number))
    return held


@given(logs(voters=1), terms())
def test_one_vote_agrees_with_the_model(log, law):
    taps = [tap for _, tap in log]
    vote = fold(taps, law)
    assert (None if vote is None else (vote.choices, vote.blank)) == vote_of(taps, law)


@given(logs(), terms())
def test_a_whole_log_agrees_with_the_model(log, law):
    counted = count(log, law)
    assert (counted.voters, counted.blank, counted.late, approvals_of(counted)) == tally_of(log, law)


@given(st.data(), terms())
def test_disorder_and_duplicates_change_nothing(data, law):
    log = data.draw(logs())
    arrived = data.draw(deliveries(log))
    assert count(arrived, law) == count(log, law)


@given(st.data(), terms())
def test_it_does_not_matter_where_a_voters_operations_are_split(data, law):
    """Whatever arrives first, the fold over everything is the same as over one delivery."""
    taps = [tap for _, tap in data.draw(logs(voters=1))]
    cut = data.draw(st.integers(0, len(taps)))
    parts = [taps[cut:], taps[:cut], taps[cut:]]
    assert fold([tap for part in parts for tap in part], law) == fold(taps, law)


@given(logs(), terms())
def test_every_voter_is_counted_once_at_most(log, law):
    counted = count(log, law)
    assert counted.voters == sum(counted.ballots.values()) <= len({voter for voter, _ in log})
    assert counted.blank == counted.ballots.get(frozenset(), 0)


@given(st.data(), terms())
def test_channels_and_levels_of_assurance_add_up_to_the_voters(data, law):
    """One account in chat, LIFF and by a link, one card in two browsers: each is one voter in one channel."""
    log = data.draw(logs())
    counted = count(data.draw(deliveries(log)), law)
    assert sum(counted.channels.values()) == sum(by_assurance(counted.channels).values()) == counted.voters
    used = {tap.channel for _, tap in log}
    assert {channel for channel, voters in counted.channels.items() if voters} <= used
    assert counted.channels == count(log, law).channels


@given(logs(), terms())
def test_no_vote_holds_too_many_unknown_or_withdrawn_options(log, law):
    standing = law.options - law.withdrawn.keys()
    for choices in count(log, law).ballots:
        assert len(choices) <= law.max_approvals
        assert choices <= standing


@given(logs(), terms())
def test_what_is_late_or_invalid_could_as_well_be_missing(log, law):
    def counts(tap):
        inside = OPENS <= tap.at_ms < CLOSES and tap.received_ms < CLOSES + GRACE
        return inside and law.options.issuperset(tap.choices)

    whole, kept = count(log, law), count([entry for entry in log if counts(entry[1])], law)
    assert (whole.ballots, whole.voters, whole.blank) == (kept.ballots, kept.voters, kept.blank)


@given(st.data(), terms())
def test_counting_voter_by_voter_is_counting_the_log(data, law):
    log = data.draw(logs())
    counting = Counting(law)
    for voter in {voter for voter, _ in log}:
        counting.add([tap for v, tap in log if v == voter])
    assert counting.result() == count(log, law)
