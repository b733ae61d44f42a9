"""Postback data: short, the same for everyone, and nothing else is taken for ours."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks.line.postback import Command, CommandName, VoteTap, encode, parse

SLUGS = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,63}\Z")
VALUES = st.from_regex(r"\A[a-z][a-z0-9_-]{0,63}\Z")
LANGS = st.sampled_from(["ja", "ja@easy", "en", "fil"])
CHOICES = st.builds(VoteTap, SLUGS, st.sampled_from(["add", "remove"]), SLUGS, LANGS)
BARE = st.builds(VoteTap, SLUGS, st.sampled_from(["none", "withdraw"]), st.just(""), LANGS)
NAMES = st.sampled_from(get_args(CommandName))
COMMANDS = st.builds(Command, NAMES, st.just("") | SLUGS, st.integers(0, 99), LANGS, st.just("") | VALUES)


@given(CHOICES | BARE | COMMANDS)
def test_what_is_encoded_is_parsed_again(tap):
    data = encode(tap)
    assert parse(data) == tap
    assert len(data.encode()) <= 300


@pytest.mark.parametrize(
    ("tap", "data"),
    [
        (VoteTap("attara-2026", "add", "shade-bench", "ja"), "v=add&b=attara-2026&p=shade-bench&l=ja"),
        (VoteTap("attara-2026", "remove", "shade-bench", "en"), "v=remove&b=attara-2026&p=shade-bench&l=en"),
        (VoteTap("attara-2026", "none", "", "ja"), "v=none&b=attara-2026&l=ja"),
        (Command("ballot", "attara-2026", 1, "ja"), "c=ballot&b=attara-2026&n=1&l=ja"),
        (Command("language", "", 0, "en"), "c=language&l=en"),
        (Command("language", "", 0, "ja@easy"), "c=language&l=ja@easy"),
        (Command("relation", "", 0, "ja", "live"), "c=relation&p=live&l=ja"),
        (Command("opt_out", "", 0, "en", "last_chance"), "c=opt_out&p=last_chance&l=en"),
        (Command("delete_yes", "", 0, "ja"), "c=delete_yes&l=ja"),
    ],
)
def test_the_data_on_sent_buttons_stays_readable(tap, data):
    """Buttons live on in people's chats: what they say may never change its meaning."""
    assert encode(tap) == data
    assert parse(data) == tap


@pytest.mark.parametrize(
    "data",
    [
        "",
        "hello",
        "v=add&b=a&p=b",
        "v=add&b=a&l=ja",
        "v=add&b=&p=b&l=ja",
        "v=add&b=a&p=&l=ja",
        "v=add&b=-a&p=b&l=ja",
        "v=add&b=A&p=b&l=ja",
        "v=add&b=a&p=b_c&l=ja",
        "v=toggle&b=a&p=b&l=ja",
        "v=none&b=a&p=b&l=ja",
        "v=add&b=a&p=b&l=ja&l=en",
        "v=add&b=a&p=b&l=ja\n",
        "v=add&b=a&p=b&l=JA",
        "v=add&b=a&p=" + "b" * 65 + "&l=ja",
        "v=add&b=a&p=ｂ&l=ja",
        "c=shutdown&l=ja",
        "c=ballot&n=0&l=ja",
        "c=ballot&n=100&l=ja",
        "c=ballot&n=-1&l=ja",
        "c=ballot&n=１&l=ja",
        "c=ballot&l=",
        "c=relation&p=&l=ja",
        "c=relation&p=住む&l=ja",
        "c=relation&p=live&b=a&l=ja",
        "c=delete_yes_all&l=ja",
        "c=settings&l=ja@hard",
        "c=settings&l=@easy",
        "v=none&b=a&l=ja@easy@easy",
        "v=add&b=a&p=b&l=ja" + " " * 300,
    ],
)
def test_anything_else_is_not_ours(data):
    assert parse(data) is None


@given(st.text(max_size=400))
def test_any_text_is_parsed_without_an_error_and_only_to_itself(data):
    tap = parse(data)
    assert tap is None or encode(tap) == data


@given(st.text(alphabet="vcbpnl=&addremove-0jen", max_size=60))
def test_near_misses_are_parsed_only_to_themselves(data):
    tap = parse(data)
    assert tap is None or encode(tap) == data


@pytest.mark.parametrize(
    "tap",
    [
        VoteTap("a", "add", "", "ja"),
        VoteTap("a", "none", "b", "ja"),
        VoteTap("", "none", "", "ja"),
        VoteTap("a b", "none", "", "ja"),
        VoteTap("a", "none", "", "japanese"),
        Command("ballot", "a&l=en", 0, "ja"),
        Command("ballot", "a", 100, "ja"),
        Command("ballot", "a", -1, "ja"),
        Command("relation", "", 0, "ja", "Live"),
        Command("relation", "", 0, "ja", "live&l=en"),
    ],
)
def test_no_button_is_made_that_could_not_be_read(tap):
    with pytest.raises(ValueError, match="no button can carry"):
        encode(tap)
