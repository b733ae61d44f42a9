from datetime import UTC, datetime, timedelta

import pytest

from civic.kernel.errors import InvalidInput
from civic.staff.rules import LONGEST_NAME, known_role, may, normal_name, session_lives
from civic.staff.tokens import fingerprint, new_token

START = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("佐藤 花", "佐藤 花"),
        ("  佐藤\u3000 花\n", "佐藤 花"),
        ("か\u3099き", "がき"),
        ("<script>", "<script>"),
        ("=1+1", "=1+1"),
        ("נועה", "נועה"),
    ],
)
def test_a_name_is_kept_in_one_form(typed, kept):
    assert normal_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "x" * (LONGEST_NAME + 1), "a\x00b", "a\u202eb", "a\u200bb", "a\x07b", "\ud800", "a\ue000"],
)
def test_a_name_that_nobody_could_read_is_refused(typed):
    with pytest.raises(InvalidInput):
        normal_name(typed)


@pytest.mark.parametrize("typed", ["", "admin", "Owner", "owner "])
def test_an_unknown_role_is_refused(typed):
    with pytest.raises(InvalidInput):
        known_role(typed)


def test_an_owner_may_everything_and_others_what_they_are_for():
    assert may("owner", ())
    assert may("planner", ("planner", "facilitator"))
    assert not may("planner", ())
    assert not may("facilitator", ("planner",))


@pytest.mark.parametrize(
    ("age_h", "idle_h", "lives"),
    [(0, 0, True), (7.99, 7.99, True), (8, 8, False), (11.99, 1, True), (12, 1, False), (12, 0, False)],
)
def test_a_session_ends_when_idle_and_after_a_working_day(age_h, idle_h, lives):
    now = START + timedelta(hours=age_h)
    assert session_lives(START, now - timedelta(hours=idle_h), now) is lives


def test_tokens_are_long_different_and_fit_everywhere():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 43 and token.replace("-", "a").replace("_", "a").isalnum() for token in tokens)


@pytest.mark.parametrize("text", ["", "\ud800", "x" * 100_000, "é\x00"])
def test_any_text_has_a_fingerprint(text):
    assert len(fingerprint(text)) == 32
