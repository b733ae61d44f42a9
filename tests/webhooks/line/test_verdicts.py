"""What an answer means for a request to so many people, and how long the pause after it is."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from webhooks.line.client import NO_ANSWER, Answer
from webhooks.line.verdicts import LONGEST_PAUSE, Verdict, named_people, pause_after, verdict_on

SILENCE = Answer(NO_ANSWER)


@given(st.integers(min_value=0, max_value=10**9))
def test_however_often_it_was_tried_a_pause_is_at_most_ten_minutes(attempts):
    assert timedelta(0) < pause_after(attempts, SILENCE) <= LONGEST_PAUSE


def test_a_day_of_outage_ends_in_pauses_of_five_to_ten_minutes():
    assert timedelta(minutes=5) <= pause_after(300, SILENCE)


def naming(*places):
    return Answer(400, body={"message": "errors", "details": [{"property": f"to[{place}]"} for place in places]})


def test_people_are_left_out_only_where_there_are_some():
    assert named_people(naming(0, 2, 3), 3) == {0, 2}
    assert verdict_on(naming(2), 3) is Verdict.WITHOUT_SOME
    assert verdict_on(naming(3), 3) is Verdict.REFUSED  # else the same request would go out again and again
