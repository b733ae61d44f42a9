"""The personal link: opens one form for an hour, and nothing can be read from it or made of it."""

import base64
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.installation import START

from civic.kernel.errors import CivicError, Gone, NotFound
from civic.kernel.security import Vault
from civic.votes.links import VALID_FOR, PersonalLink, link_path, read_link

VAULT = Vault("only-for-tests")
VOTER = bytes(range(16))
MS = timedelta(milliseconds=1)


def token_of(ballot="park", voter=VOTER, now=START):
    head, token = link_path(VAULT, ballot, PersonalLink.from_now(voter, now)).rsplit("/", 1)
    assert head == f"/b/{ballot}/vote"
    return token


@given(voter=st.binary(min_size=16, max_size=16), pause_ms=st.integers(0, 3_599_999))
def test_a_link_opens_its_voter_s_form_for_an_hour(voter, pause_ms):
    link = read_link(VAULT, "park", token_of(voter=voter), START + pause_ms * MS)
    assert link == PersonalLink(voter, START + VALID_FOR)
    assert timedelta(hours=1) == VALID_FOR


def test_after_its_hour_it_is_gone():
    with pytest.raises(Gone):
        read_link(VAULT, "park", token_of(), START + VALID_FOR)


@pytest.mark.parametrize(
    ("vault", "ballot"), [(VAULT, "park-2"), (Vault("another secret"), "park")], ids=["ballot", "installation"]
)
def test_it_is_carried_over_nowhere(vault, ballot):
    with pytest.raises(NotFound):
        read_link(vault, ballot, token_of("park"), START)


@given(text=st.text(max_size=120) | st.binary(max_size=90).map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_nothing_else_is_a_link(text):
    with pytest.raises(CivicError):
        read_link(VAULT, "park", text, START)


@given(place=st.integers(0, 69), char=st.sampled_from("ABab01-_"))
def test_a_changed_character_makes_it_none(place, char):
    token = token_of()
    changed = token[:place] + char + token[place + 1 :]
    if base64.urlsafe_b64decode(changed + "==") != base64.urlsafe_b64decode(token + "=="):
        with pytest.raises(NotFound):
            read_link(VAULT, "park", changed, START)


def test_it_shows_neither_voter_nor_time_and_never_comes_twice():
    tokens = {token_of() for _ in range(50)}
    assert len(tokens) == 50
    for token in tokens:
        raw = base64.urlsafe_b64decode(token + "==")
        assert VOTER not in raw
        assert VOTER.hex() not in token
