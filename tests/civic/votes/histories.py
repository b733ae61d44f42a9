"""Random histories for the fold, small enough that every case meets every other."""

from hypothesis import strategies as st

from civic.votes.channels import CHANNELS
from civic.votes.rules import Tap, Terms

OPENS, CLOSES, GRACE = 1_000, 2_000, 100
OPTIONS = ("a", "b", "c", "d")
EVENT_IDS = [f"E{number:02}" for number in range(40)]

_EDGES = [0, 999, 1_000, 1_001, 1_400, 1_500, 1_600, 1_999, 2_000, 2_500]
_moments = st.sampled_from(_EDGES) | st.integers(900, 2_100)
_delays = st.sampled_from([0, 1, 100, 1_099, 1_100, 5_000])
_proposals = st.sampled_from([*OPTIONS, "x"])  # x is on no ballot


@st.composite
def _acts(draw):
    """An operation and what it names, now and then in a shape that no button of ours sends."""
    op = draw(st.sampled_from(["add", "add", "add", "remove", "none", "withdraw", "set"]))
    most = 4 if op == "set" or draw(st.integers(0, 9)) == 0 else 1
    least = 0 if most == 4 else 1
    if op in {"none", "withdraw"} and most == 1:
        return op, ()
    return op, tuple(draw(st.lists(_proposals, min_size=least, max_size=most)))


@st.composite
def terms(draw):
    withdrawn = draw(st.dictionaries(st.sampled_from(OPTIONS), st.integers(OPENS, CLOSES), max_size=2))
    return Terms(OPENS, CLOSES, GRACE, draw(st.integers(1, 3)), frozenset(OPTIONS), withdrawn)


@st.composite
def logs(draw, voters=3, most=25):
    """A log of (voter, tap): distinct event ids, moments that often coincide."""
    ids = draw(st.lists(st.sampled_from(EVENT_IDS), unique=True, max_size=most))
    log = []
    for event_id in ids:
        op, choices = draw(_acts())
        at_ms = draw(_moments)
        voter = bytes([draw(st.integers(1, voters))])
        channel = draw(st.sampled_from(CHANNELS))
        log.append((voter, Tap(at_ms, event_id, op, choices, at_ms + draw(_delays), channel)))
    return log


@st.composite
def deliveries(draw, log):
    """The log as it may arrive: some events twice, in any order."""
    again = draw(st.lists(st.sampled_from(log), max_size=10)) if log else []
    return draw(st.permutations([*log, *again]))
